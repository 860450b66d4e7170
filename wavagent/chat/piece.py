"""What a conversation tells whoever shows it, piece by piece, while it happens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wavagent.operations import Answer, Proposal


@dataclass(frozen=True, slots=True)
class Said:
    """Some more words of the model's answer. They may hold anything, and are shown as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of ours: a question back, a note, what was not understood."""

    text: str


@dataclass(frozen=True, slots=True)
class Using:
    """An operation is about to be looked at or done."""

    operation: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something waits for a yes."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Did:
    """An operation was done."""

    operation: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """An operation was refused, or a turn ended early; nothing of it was done."""

    reason: str
    operation: str = ""


Piece = Said | Told | Using | Asked | Did | Failed
Tell = Callable[[Piece], None]
