"""A project on disk: a folder with the script, what people read of it, what was made, and what made it."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from wavagent import __version__
from wavagent.chart.measured import measured, timings_in
from wavagent.errors import OutputError, ScriptError
from wavagent.explain import Records, recorded, records_in
from wavagent.history import Entry, History
from wavagent.lease import drafting
from wavagent.script import Script
from wavagent.script.carry import Carried, carried
from wavagent.script.file import dumps, read
from wavagent.script.patch import Patch, changes, readable_diff, revision
from wavagent.script.readable import UNSURE, readable
from wavagent.speeds import Timing
from wavagent.studio import Delivery, Rendering, Studio
from wavagent.tool import Toolbox

SCRIPT, REPORT, LOCK = "script.json", "report.json", "wavagent.lock"

OUTPUTS = (".mp3", ".srt", ".vtt", ".credits.md", ".credits.json")
"""What is written of a story into its project's `out` folder."""


def script_in(place: Path) -> tuple[Script, Path]:
    """The script at `place`, a project's folder or a script's file, and the project's folder. Raises ScriptError."""
    file = place / SCRIPT if place.is_dir() else place
    return read(file), file.parent


def save(script: Script, folder: Path) -> None:
    """Write the script of a project, with its readable view and the cast. Raises OutputError."""
    _write(folder / SCRIPT, dumps(script))
    _write(folder / "script.md", readable(script))
    cast = [character.model_dump(mode="json", exclude_defaults=True) for character in script.cast]
    _write(folder / "cast.json", _json(cast))


def with_locks(script: Script, folder: Path) -> Carried:
    """`script`, planned anew, with what is locked in the project in `folder`, if there is one."""
    try:
        return carried(read(folder / SCRIPT), script)
    except ScriptError:
        return Carried(script)  # there is no project yet, or nothing in it that could be kept


@dataclass(frozen=True)
class Compared:
    """Two revisions of a script: what parts them in sentences, and as a diff of what people read."""

    before: Script
    after: Script

    @cached_property
    def changes(self) -> tuple[str, ...]:
        return changes(self.before, self.after)

    @cached_property
    def text(self) -> str:
        return readable_diff(self.before, self.after)


class Project:
    """A folder with a script and its history. Whatever is done to the script here can be undone, also later.

    Whoever changes it does so alone: another process waits. What a text editor changed is kept as a revision before
    anything else is done. Raises ScriptError when there is no script, or one that is none.
    """

    def __init__(self, place: Path) -> None:
        file = place if place.suffix == ".json" and not place.is_dir() else place / SCRIPT
        if file.name != SCRIPT:
            raise ScriptError(f"'{place}' is no project; a project is a folder with a {SCRIPT}")
        self.folder = file.parent
        self.history = History(file, lambda script: save(script, self.folder))

    @classmethod
    def open(cls, place: Path) -> Self:
        """The project in a folder, or of a script.json. Raises ScriptError when there is no script."""
        project = cls(place)
        if not (project.folder / SCRIPT).exists():
            read(project.folder / SCRIPT)
        return project

    @classmethod
    def create(cls, folder: Path, script: Script, note: str = "", who: str = "") -> Self:
        """A project of `script`; where there is one already, its next revision. Raises ScriptError, OutputError."""
        project = cls(folder)
        project.history.start(script, note, who)
        return project

    @property
    def script(self) -> Script:
        """The script as it is now. Raises ScriptError."""
        return self.history.script

    @property
    def revision(self) -> str:
        """The name of what the script is now. Raises ScriptError."""
        return revision(self.script)

    def commit(
        self, change: Patch | Script, note: str = "", who: str = "", *, base: str = "", moved: bool = False
    ) -> Entry:
        """Make a change the next revision: a patch, or a whole script that came of the revision `base` (that of now).

        With `moved`, a patch for an earlier revision is done as well, if nothing that it touches was changed since; a
        whole script always is. Raises Stale, what `apply` raises, OutputError and InputError.
        """
        if isinstance(change, Script):
            return self.history.replace(change, base or self.revision, note, who)
        return self.history.commit(change.model_copy(update={"note": note or change.note}), who, moved=moved)

    def undo(self, who: str = "") -> Entry:
        """Take the last edit back. Raises ScriptError when there is none."""
        return self.history.undo(who)

    def redo(self, who: str = "") -> Entry:
        """Do again what was last undone. Raises ScriptError when there is nothing."""
        return self.history.redo(who)

    def restore(self, name: str, who: str = "") -> Entry:
        """Go back to a revision; that is an edit like any other. Raises ScriptError."""
        return self.history.restore(name, who)

    def log(self) -> tuple[Entry, ...]:
        """Every revision, the first one first."""
        self.history.refresh()
        return self.history.entries

    def at(self, name: str) -> Script:
        """The script at a revision: a number, -1, last, first, now, or the start of a hash. Raises ScriptError."""
        return self.history.at(name)

    def diff(self, before: str = "-1", after: str = "now") -> Compared:
        """Compare two revisions. Raises ScriptError."""
        return Compared(self.at(before), self.at(after))


def release(
    studio: Studio, rendering: Rendering, script: Script, folder: Path, suffixes: Sequence[str] = OUTPUTS
) -> list[Delivery]:
    """Keep `script` as the next revision of the project in `folder`; write what was made of it, and the report.

    Raises what `Project.create` and `Studio.export` raise.
    """
    made_of = f"made of {script.source.name}" if script.source else "made"
    Project.create(folder, script, made_of, "wavagent")
    deliveries = [studio.export(rendering, folder / "out" / f"story{suffix}") for suffix in suffixes]
    save_report(rendering, deliveries, studio.toolbox, folder)
    return deliveries


def save_report(rendering: Rendering, deliveries: list[Delivery], toolbox: Toolbox, folder: Path) -> None:
    """Write what a run did (report.json) and what it did it with (wavagent.lock). Raises OutputError."""
    made = rendering.made
    report = {
        "seconds": round(rendering.seconds, 3),
        "calls": len(rendering.compiled.graph),
        "ran": len(made.ran),
        "cached": len(made.cached),
        "segments": len(rendering.premaster.segments),
        "mixed": len(rendering.premaster.mixed),
        "findings": [
            {"element": finding.element, "message": finding.message} for finding in rendering.compiled.findings
        ],
        "takes": [one.to_json() for one in rendering.takes],
        "unsure": [
            {"line": line.id, "who": line.who, "confidence": line.confidence, "evidence": line.evidence}
            for line in rendering.script.lines
            if line.confidence < UNSURE
        ],
        "files": [
            {"file": str(one.path), "certificate": one.certificate.to_json() if one.certificate else None}
            for one in deliveries
        ],
        "timings": [asdict(one) for one in measured(*rendering.timings, *(one.timing for one in deliveries))],
    }
    _write(folder / REPORT, _json(report))
    used = sorted({call.tool for call in rendering.compiled.graph})
    lock = {
        "wavagent": __version__,
        "python": ".".join(map(str, sys.version_info[:2])),
        "seed": rendering.script.seed,
        "tools": {name: toolbox[name].card.version for name in used},
        "seeds": {call.id: call.seed for call in rendering.compiled.graph if call.seed is not None},
        "calls": {id: one.model_dump() for id, one in recorded(rendering.compiled, toolbox, made).items()},
    }
    _write(folder / LOCK, _json(lock))


def records_of(folder: Path) -> Records | None:
    """What every call of the last run of a project was made of; None when no run is recorded."""
    return records_in(_kept(folder / LOCK, "calls"))


def takes_of(folder: Path) -> int:
    """The most takes that there were of anything in the last run of a project; 1 when no run is recorded."""
    kept = _kept(folder / REPORT, "takes")
    lists = [one.get("takes") for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
    return min(99, max((len(takes) for takes in lists if isinstance(takes, list)), default=1) or 1)


def timings_of(folder: Path) -> list[Timing]:
    """How long everything took in the last run of a project; empty when no run is recorded."""
    return timings_in(_kept(folder / REPORT, "timings"))


def _kept(file: Path, name: str) -> object:
    """What a file of the project keeps under `name`; None where that cannot be read."""
    try:
        return dict(json.loads(file.read_text(encoding="utf-8"))).get(name)
    except (OSError, ValueError, TypeError):
        return None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with drafting(path.parent) as fresh:
            fresh.write_text(text, encoding="utf-8")
            os.replace(fresh, path)
    except (OSError, UnicodeEncodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"'{path}' cannot be written ({reason}); choose another folder with -o") from error
