"""What a plan with a language model gives: a script, and what the user should know of it."""

from dataclasses import dataclass

from wavagent.script import Script


@dataclass(frozen=True, slots=True)
class Note:
    """Something the user should know of a line, a character or a scene; `degraded` when the model failed it."""

    subject: str
    message: str
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A script, and the notes on it in the order of the story."""

    script: Script
    notes: tuple[Note, ...] = ()

    @property
    def degraded(self) -> bool:
        return any(note.degraded for note in self.notes)
