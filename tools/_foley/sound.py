"""What a procedural sound is: its name, the words it answers to, how it is made and how it repeats."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .synth import Signal


@dataclass(frozen=True, slots=True)
class Take:
    """One asking: `rng` for all chance, `frames` a texture must fill, `weight` from -1 (light) to 1 (heavy),

    `pace` times the usual speed, and `index`, which stroke of a series this is.
    """

    rng: np.random.Generator
    frames: int = 0
    weight: float = 0.0
    pace: float = 1.0
    index: int = 0

    @property
    def size(self) -> float:
        """The weight as a factor: 1/2 when light, 1 as usual, 2 when heavy."""
        return float(2.0**self.weight)

    def near(self, value: float, part: float = 0.1) -> float:
        """`value`, up to `part` of it higher or lower."""
        return float(value * (1 + part * self.rng.uniform(-1, 1)))


Make = Callable[[Take], Signal]
"""A texture gives a circular signal of `take.frames`; an event gives one stroke, as long as it is."""


@dataclass(frozen=True, slots=True)
class Series:
    """How strokes follow each other: groups of `count`, `beat` seconds from start to start (least, most).

    `rest` lies between groups when a length is to be filled; None: the sound comes once, then silence.
    """

    count: int = 1
    beat: tuple[float, float] = (1.0, 1.0)
    rest: tuple[float, float] | None = None

    @classmethod
    def steady(cls, count: int, least: float, most: float) -> "Series":
        """Strokes that go on for as long as is asked, `count` of them when nothing is."""
        return cls(count, (least, most), (least, most))


@dataclass(frozen=True, slots=True)
class Sound:
    """A class of sounds.

    `words` are patterns parted by commas, read by `wavagent.tools._foley.language`. `lasts` is the usual length in
    seconds of a texture, or of one stroke of an event with its tail. `peak` is the level it is made at.
    """

    name: str
    words: str
    make: Make
    lasts: float
    texture: bool = False
    series: Series = Series()
    peak: float = 0.7
