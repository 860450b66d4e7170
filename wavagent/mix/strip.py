"""A channel strip: one cue's clip made ready to be summed, at the mix's rate, level, place and space."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import RATE, Audio, Samples
from wavagent.dsp.fade import declicked, edges
from wavagent.dsp.gain import linear
from wavagent.dsp.loop import seamless, tile
from wavagent.dsp.pan import panned, to_mono
from wavagent.dsp.resample import resampled
from wavagent.dsp.reverb import place
from wavagent.mix.level import LEVELS, LOUDEST
from wavagent.programme import Placed
from wavagent.timeline import BEDS, Cue

SOFTEST = round(0.02 * RATE)
"""Frames over which a bed rises and falls at the least, whatever its fades say."""


@dataclass(frozen=True, slots=True)
class Metered:
    """A clip, and the loudness of its active part in LUFS: -inf near silence."""

    audio: Audio
    loudness: float


Source = Callable[[str], Metered]
"""What a call made, in memory that belongs to whoever asked."""


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
    samples = _levelled(source(cue.clip), cue)
    if cue.role in BEDS:
        if cue.loop and cue.seam:
            samples = seamless(samples, min(round(cue.seam * RATE), len(samples) // 2))
        return Strip(placed, panned(samples, cue.pan))
    samples = declicked(samples[: placed.end - placed.start], RATE)
    return Strip(placed, place(panned(samples, cue.pan), RATE, cue.space))


def _levelled(clip: Metered, cue: Cue) -> Samples:
    """A clip at the rate of the mix and the level of its cue."""
    samples = resampled(_two_channels_at_most(clip.audio.samples), clip.audio.rate, RATE)
    samples -= samples.mean(axis=0)  # no DC: it would add up
    samples *= np.float32(linear(entering_gain(clip.loudness, cue)))
    return samples


def entering_gain(loudness: float, cue: Cue) -> float:
    """dB that bring a clip of `loudness` LUFS to the level of its role, and to where its cue wants it from there."""
    return cue.gain + (min(LEVELS[cue.role] - loudness, LOUDEST) if np.isfinite(loudness) else 0.0)


def _two_channels_at_most(samples: Samples) -> Samples:
    return samples if samples.shape[1] <= 2 else to_mono(samples)
