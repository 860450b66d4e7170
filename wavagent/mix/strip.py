"""A channel strip: one cue's clip made ready to be summed, at the mix's rate, level, place and space."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import RATE, Audio, Samples
from wavagent.dsp.fade import declicked, edges
from wavagent.dsp.gain import linear
from wavagent.dsp.loop import seamless, tile
from wavagent.dsp.loudness import clip_loudness
from wavagent.dsp.pan import panned, to_mono
from wavagent.dsp.resample import resampled
from wavagent.dsp.reverb import place
from wavagent.mix.level import LEVELS, LOUDEST
from wavagent.programme import Placed
from wavagent.timeline import BEDS, Cue

SOFTEST = round(0.02 * RATE)
"""Frames over which a bed rises and falls at the least, whatever its fades say."""

Source = Callable[[str], Audio]
"""The clip that a call made."""


@dataclass(frozen=True)
class Strip:
    """A placed cue and its stereo samples. Those of a loop are repeated; any other may ring on after its end."""

    placed: Placed
    samples: Samples

    @property
    def last(self) -> int:
        """The frame (exclusive) of the programme at which it has died away."""
        return self.placed.end if self._cut else self.placed.start + len(self.samples)

    @property
    def _cut(self) -> bool:
        return self.placed.cue.role in BEDS

    def window(self, start: int, stop: int) -> Samples:
        """Its sound from frame `start` to `stop` of the programme, which must lie inside it."""
        offset = start - self.placed.start
        if not self._cut:
            return self.samples[offset : offset + stop - start]
        sound = tile(self.samples, stop - start, offset) if self.placed.cue.loop else self._padded(offset, stop - start)
        fade = self._fade(offset, stop - start)
        return sound if fade is None else sound * fade[:, np.newaxis]

    def _padded(self, offset: int, frames: int) -> Samples:
        there = self.samples[offset : offset + frames]
        return there if len(there) == frames else np.pad(there, ((0, frames - len(there)), (0, 0)))

    def _fade(self, offset: int, frames: int) -> NDArray[np.float32] | None:
        """A bed's fades, seen from `offset` frames into it."""
        cue, whole = self.placed.cue, self.placed.end - self.placed.start
        rise = min(max(SOFTEST, round(cue.fade_in * RATE)), whole // 2)
        fall = min(max(SOFTEST, round(cue.fade_out * RATE)), whole - rise)
        return edges(offset, frames, whole, rise, fall)


def strip(placed: Placed, source: Source) -> Strip:
    """Load the clip of `placed` and make it ready."""
    cue = placed.cue
    assert cue.clip is not None
    audio = source(cue.clip)
    samples = resampled(_two_channels_at_most(audio.samples), audio.rate, RATE)
    samples = (samples - samples.mean(axis=0)) * np.float32(linear(entering_gain(audio, cue)))  # no DC: it would add up
    if cue.role in BEDS:
        if cue.loop and cue.seam:
            samples = seamless(samples, min(round(cue.seam * RATE), len(samples) // 2))
        return Strip(placed, panned(samples, cue.pan))
    samples = declicked(samples[: placed.end - placed.start], RATE)
    return Strip(placed, place(panned(samples, cue.pan), RATE, cue.space))


def entering_gain(audio: Audio, cue: Cue) -> float:
    """dB that bring the clip of `cue` to the level of its role, and to where the cue wants it from there."""
    level = clip_loudness(audio.samples, audio.rate)
    return cue.gain + (min(LEVELS[cue.role] - level, LOUDEST) if np.isfinite(level) else 0.0)


def _two_channels_at_most(samples: Samples) -> Samples:
    return samples if samples.shape[1] <= 2 else to_mono(samples)
