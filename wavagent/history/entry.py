"""An entry of a history: one revision, what it came of, when, by what, and why."""

from typing import Literal

from pydantic import Field, JsonValue

from wavagent.script.part import Part
from wavagent.script.patch import Patch

Kind = Literal["start", "edit", "hand", "undo", "redo", "restore", "mend"]

TOLD = 5
"""Sentences that an entry keeps of what changed."""


class Entry(Part):
    """One revision. Entries are numbered from 1 and never changed; an undo is an entry, too.

    `revision` and `parent` are sha256 of the canonical script after and before. `of` is the number of the entry that
    an undo takes back, or a redo does again. `patch` makes the revision of its parent and `inverse` the other way
    round; both are None where the whole script was kept instead.
    """

    number: int = Field(ge=1)
    kind: Kind
    revision: str
    parent: str | None = None
    when: str = ""
    who: str = ""
    note: str = ""
    changes: tuple[str, ...] = ()
    more: int = 0
    of: int | None = None
    patch: JsonValue = None
    inverse: JsonValue = None

    @property
    def undoable(self) -> bool:
        """Whether an undo takes it back: what was done, not what undoes or starts."""
        return self.kind in ("edit", "hand", "restore")

    def to_json(self) -> dict[str, JsonValue]:
        """The entry as `wavagent log --json` prints it."""
        return self.model_dump(mode="json", exclude={"inverse"})


def patches(entry: Entry) -> tuple[tuple[str, str, Patch], ...]:
    """(from, to, patch) for each way that the entry tells between two revisions. Raises ValidationError."""
    if entry.parent is None or entry.patch is None or entry.inverse is None:
        return ()
    there, back = Patch.model_validate(entry.patch), Patch.model_validate(entry.inverse)
    return (entry.parent, entry.revision, there), (entry.revision, entry.parent, back)
