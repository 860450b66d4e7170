"""Sound in memory.

Conventions, everywhere in wavagent: samples are float32 of shape (frames, channels), full scale is 1.0,
rates are in hertz, times in seconds, levels in dB (dBFS, LUFS, dBTP as named).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

RATE = 48_000
"""The rate of every mix, in hertz."""

CHANNELS = 2
"""The channels of every mix."""

Samples = NDArray[np.float32]
"""float32, shape (frames, channels)."""


class NotFinite(ValueError):
    """Samples that are not numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A clip in memory: `samples` of shape (frames, channels), float32 and finite, at `rate` hertz.

    Raises ValueError when the samples are anything else (NotFinite when some are no numbers), so that what holds an
    Audio need not look again.
    """

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        if self.samples.dtype != np.float32 or self.samples.ndim != 2 or self.samples.shape[1] < 1:
            found = f"{self.samples.dtype} of shape {self.samples.shape}"
            raise ValueError(f"audio is float32 of shape (frames, channels), not {found}")
        if self.rate < 1:
            raise ValueError(f"a rate is a positive number of hertz, not {self.rate}")
        if not np.isfinite(self.samples).all():
            raise NotFinite("audio holds a sample that is not a number; every sample must be finite")

    @classmethod
    def of(cls, samples: ArrayLike, rate: int) -> "Audio":
        """Audio from anything array-like: (frames,) is mono, (frames, channels) is kept."""
        array = np.asarray(samples, dtype=np.float32)
        return cls(array[:, np.newaxis] if array.ndim == 1 else array, rate)

    @classmethod
    def silence(cls, seconds: float, rate: int = RATE, channels: int = 1) -> "Audio":
        return cls(np.zeros((round(seconds * rate), channels), np.float32), rate)

    @property
    def frames(self) -> int:
        return int(self.samples.shape[0])

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class Word:
    """When a word sounds: `start` and `end` in seconds of its clip, `first` to `last` its characters in the text."""

    start: float
    end: float
    first: int
    last: int

    def to_json(self) -> list[float | int]:
        return [float(self.start), float(self.end), int(self.first), int(self.last)]

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> "Word":
        start, end, first, last = values
        return cls(float(start), float(end), int(first), int(last))
