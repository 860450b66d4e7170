"""What happens while a story is made. Everything that reports (a bar, a web stream, a log) listens to this one type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stage = Literal["read", "plan", "compile", "run", "mix", "export", "certify"]
Kind = Literal["start", "progress", "end", "warning"]


@dataclass(frozen=True, slots=True)
class Event:
    """In `stage`, `done` of `total` is ready (seconds of sound, or steps); `message` is for a person."""

    stage: Stage
    kind: Kind
    done: float = 0.0
    total: float = 0.0
    message: str = ""
    subject: str = ""  # the id of the call, element or file it is about


Listener = Callable[[Event], None]


def silent(event: Event) -> None:
    """The listener that listens to nothing."""
