"""A form: a way to ask for something, the patterns it is asked in, and what it means."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wavagent.grammar.reference import Reference
from wavagent.grammar.request import Request
from wavagent.grammar.understood import Call
from wavagent.script import Script
from wavagent.script.patch import Edit
from wavagent.tool import Toolbox

_INDENT = re.compile(r"^ +| {16}")
"""What the source of a pattern is indented by, and what stands before the rest of a long one."""

Meaning = Sequence[Edit] | Call
"""Operations of a patch, or a call."""


@dataclass(frozen=True)
class Reading:
    """A request that fits a pattern: the words in its slots, and the means to find what they point at."""

    slots: Mapping[str, str]
    request: Request
    refer: Reference
    toolbox: Toolbox | None = None

    @property
    def script(self) -> Script:
        return self.refer.script

    def __contains__(self, slot: str) -> bool:
        return bool(self.slots.get(slot))

    def __getitem__(self, slot: str) -> str:
        """The words in a slot, without the blanks around them; "" where the slot is empty."""
        return (self.slots.get(slot) or "").strip()

    def text(self, slot: str) -> str:
        """The words in a slot with their quotations in them, or the quotation alone where it is one."""
        given = self[slot]
        tokens = [token for token in given.split() if token]
        if len(tokens) == 1 and tokens[0].startswith("\ue000") and tokens[0].endswith("\ue001"):
            return self.request.quote(tokens[0])
        return self.request.restored(given)


Read = Callable[[Reading], Meaning]
"""What a reading means. Raises Unfit, Open, Missing, and ValueError for an amount that is none."""


@dataclass(frozen=True)
class Form:
    """A form: its name, what it does in a sentence, requests that show it, its patterns, and its reader."""

    name: str
    family: str
    says: str
    examples: tuple[str, ...]
    patterns: tuple[str, ...]
    read: Read


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty: how patterns are written. A long one goes on after a backslash."""
    return tuple(_INDENT.sub("", line) for line in text.splitlines() if line.strip())
