"""A take as the checks see it, and a fault as they tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from wavagent.audio import Audio, Samples
from wavagent.check.pace import spoken_seconds
from wavagent.tool import Task, Tool

FRAME = 0.01
"""Seconds of a frame whose level is measured."""

FLOOR = -120.0
"""dB of what has no level."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a take: the check's `name`, a `message` that follows "the take", and whether it is `broken`.

    A broken take is never heard: it is made again, or the call fails. Any other fault is a doubt, kept with the clip.
    """

    name: str
    message: str
    broken: bool = False

    def to_json(self) -> dict[str, JsonValue]:
        return {"name": self.name, "message": self.message, "broken": self.broken}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Fault":
        return cls(str(values["name"]), str(values["message"]), bool(values["broken"]))


@dataclass(frozen=True)
class Take:
    """A clip, and what was asked of its tool: the `text` it should say, the `seconds` it should last.

    `guess` are the seconds that the tool itself expected; None where it has no rate of its own to guess by.
    """

    audio: Audio
    task: Task
    text: str = ""
    language: str = "en"
    pace: float = 1.0
    seconds: float | None = None
    guess: float | None = None

    made: ClassVar[frozenset[Task]] = frozenset({"speech", "sing", "sound", "music"})
    """The tasks whose clip is new: any other works on one, and what that sounds like is not the tool's fault."""

    @classmethod
    def of(cls, audio: Audio, tool: Tool, params: Any) -> "Take":
        """The clip that `tool` made for `params`."""
        task = tool.card.task
        spoken = task in ("speech", "sing")
        own = spoken and type(tool).seconds is not Tool.seconds
        return cls(
            audio,
            task,
            getattr(params, "text", "") if spoken else "",
            getattr(params, "language", "en"),
            getattr(params, "pace", 1.0),
            getattr(params, "seconds", None) if task in ("sound", "music") else None,
            tool.seconds(params) if own else None,
        )

    @property
    def spoken(self) -> bool:
        return self.task == "speech"

    @cached_property
    def expected(self) -> tuple[float, float]:
        """The least and the most seconds that saying the text should take: as people speak, and as the tool guesses."""
        guesses = [spoken_seconds(self.text, self.pace), *([self.guess] if self.guess else [])]
        return min(guesses), max(guesses)

    @cached_property
    def heard(self) -> Samples:
        """The channels as one, shape (frames,)."""
        return np.asarray(self.audio.samples.mean(axis=1, dtype=np.float32))

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """dB of every whole frame of 10 ms; of the whole clip when it is shorter."""
        size = min(max(1, round(FRAME * self.audio.rate)), max(1, self.audio.frames))
        whole = self.heard[: self.audio.frames // size * size].reshape(-1, size)
        power = np.einsum("ij,ij->i", whole, whole, dtype=np.float64) / size
        return np.asarray(10.0 * np.log10(np.maximum(power, 10.0 ** (FLOOR / 10.0))))

    @cached_property
    def top(self) -> float:
        """dB of its loud frames: only one frame in twenty is louder."""
        return float(np.percentile(self.levels, 95)) if self.levels.size else FLOOR

    @cached_property
    def active(self) -> NDArray[np.bool_]:
        """The frames in which something sounds: within 40 dB of the loud ones."""
        return self.levels > max(self.top - 40.0, -70.0)
