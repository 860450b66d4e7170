"""Plain edits of a clip: pure functions of samples, with their parameters."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from wavagent.audio import Audio, Samples
from wavagent.dsp.fade import declicked, faded
from wavagent.dsp.gain import linear
from wavagent.dsp.resample import resampled
from wavagent.dsp.reverb import place
from wavagent.dsp.space import DISTANCES, SPACES
from wavagent.errors import Refused
from wavagent.tool import Frozen

from .phrases import fitted
from .stretch import FASTEST, SLOWEST, stretched

SLOPE = 4
"""Order of a band's edges: 24 dB for each octave."""


class Step(Frozen):
    """One edit; `takes` names the clips it works on, in the order of the arguments of `done`."""

    takes: ClassVar[tuple[str, ...]] = ("audio",)


class Trim(Step):
    """Seconds `start` to `end` (None: to its end), to the sample; the cuts do not click."""

    do: Literal["trim"]
    start: float = Field(default=0.0, ge=0.0)
    end: float | None = Field(default=None, gt=0.0)

    def done(self, audio: Audio) -> Audio:
        last = None if self.end is None else round(self.end * audio.rate)
        kept = audio.samples[round(self.start * audio.rate) : last]
        if not len(kept):
            raise Refused(f"the clip ends at {audio.seconds:g} s, and has nothing from {self.start:g} s on")
        return Audio(kept if len(kept) == audio.frames else declicked(kept, audio.rate), audio.rate)


class Gain(Step):
    """Louder or quieter by `db`. What passes full scale is not cut: the mix sees to that."""

    do: Literal["gain"]
    db: float = Field(ge=-60.0, le=24.0)

    def done(self, audio: Audio) -> Audio:
        return Audio(audio.samples * np.float32(linear(self.db)), audio.rate)


class Fade(Step):
    """Rises over its first `rise` seconds, falls over its last `fall`."""

    do: Literal["fade"]
    rise: float = Field(default=0.0, ge=0.0)
    fall: float = Field(default=0.0, ge=0.0)

    def done(self, audio: Audio) -> Audio:
        return Audio(faded(audio.samples, round(self.rise * audio.rate), round(self.fall * audio.rate)), audio.rate)


class Speed(Step):
    """`times` as fast, at the same pitch."""

    do: Literal["speed"]
    times: float = Field(ge=SLOWEST, le=FASTEST)

    def done(self, audio: Audio) -> Audio:
        return Audio(stretched(audio.samples, audio.rate, self.times), audio.rate)


class Band(Step):
    """What lies above `low` and below `high` hertz, without delay: Butterworth edges, of no phase."""

    do: Literal["band"]
    low: float | None = Field(default=None, ge=10.0)
    high: float | None = Field(default=None, ge=10.0)

    def done(self, audio: Audio) -> Audio:
        if not audio.frames:
            return audio
        size = audio.frames + audio.rate // 4  # the edges ring into the padding, not around into the beginning
        hertz = np.fft.rfftfreq(size, 1 / audio.rate)[:, np.newaxis]
        power = np.ones_like(hertz)
        if self.low is not None:
            power /= 1.0 + (self.low / np.maximum(hertz, 1e-3)) ** (2 * SLOPE)
        if self.high is not None:
            power /= 1.0 + (hertz / self.high) ** (2 * SLOPE)
        spectrum = np.fft.rfft(audio.samples, size, axis=0) * np.sqrt(power)
        return Audio(np.fft.irfft(spectrum, size, axis=0)[: audio.frames].astype(np.float32), audio.rate)


class Room(Step):
    """As it sounds in a space, stereo, with the tail that rings after its end."""

    do: Literal["room"]
    space: str = "room"
    distance: str = "normal"

    @field_validator("space")
    @classmethod
    def _is_a_space(cls, name: str) -> str:
        if name not in SPACES:
            raise ValueError(f"no space is called '{name}'; there are: {', '.join(SPACES)}")
        return name

    @field_validator("distance")
    @classmethod
    def _is_a_distance(cls, name: str) -> str:
        if name not in DISTANCES:
            raise ValueError(f"no distance is called '{name}'; there are: {', '.join(DISTANCES)}")
        return name

    def done(self, audio: Audio) -> Audio:
        return Audio(place(_at_most_two(audio.samples), audio.rate, self.space, self.distance), audio.rate)


class Overlay(Step):
    """The clip `other` over `audio`, from second `at` on, at most `longest` seconds of it."""

    takes: ClassVar[tuple[str, ...]] = ("audio", "other")
    do: Literal["overlay"]
    at: float = Field(default=0.0, ge=0.0)
    longest: float | None = Field(default=None, gt=0.0)

    def done(self, audio: Audio, other: Audio) -> Audio:
        over = resampled(_at_most_two(other.samples), other.rate, audio.rate)
        if self.longest is not None:
            over = over[: round(self.longest * audio.rate)]
        over = declicked(over, audio.rate)
        under, start = _at_most_two(audio.samples), round(self.at * audio.rate)
        channels = max(under.shape[1], over.shape[1])
        made = np.zeros((max(len(under), start + len(over)), channels), np.float32)
        made[: len(under)] += under
        made[start : start + len(over)] += over
        return Audio(made, audio.rate)


class Fit(Step):
    """`audio` in the time of `like`: phrase by phrase where both have as many, else as a whole."""

    takes: ClassVar[tuple[str, ...]] = ("audio", "like")
    do: Literal["fit"]
    fastest: float = Field(default=1.6, ge=1.0, le=FASTEST)
    slowest: float = Field(default=0.8, ge=SLOWEST, le=1.0)

    def done(self, audio: Audio, like: Audio) -> Audio:
        return fitted(audio, like, self.slowest, self.fastest)


def _at_most_two(samples: Samples) -> Samples:
    """Mono and stereo as they are; of more channels, what they have in common."""
    return samples if samples.shape[1] <= 2 else samples.mean(axis=1, keepdims=True, dtype=np.float32)
