"""Room tone: the sound of a quiet room under a whole file, where a specification takes digital silence for a fault."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.dsp.gain import linear
from wavagent.dsp.loop import tile
from wavagent.programme import Programme

SECONDS = 20
"""Of noise, repeated: at this level no ear finds the period."""

LOWEST, CORNER, HIGHEST = 40.0, 250.0, 9_000.0
"""Hertz: the noise is level up to the corner and falls by 4.5 dB an octave above, as air and walls leave it."""

_SEED = 20  # the noise is the same in every file


def toned(programme: Programme, level: float) -> Programme:
    """`programme` over room tone of `level` dBFS (RMS in each channel)."""
    noise = room_tone(programme.rate, programme.channels) * np.float32(linear(level))

    def blocks() -> Iterator[Samples]:
        at = 0
        for block in programme.blocks():
            yield block + tile(noise, len(block), at)
            at += len(block)

    return replace(programme, blocks=blocks, since=None)


def room_tone(rate: int, channels: int) -> Samples:
    """A loop of SECONDS, shape (frames, channels), of RMS 1.0. Made from its spectrum, it has no seam."""
    frames = SECONDS * rate
    frequencies = np.linspace(0.0, rate / 2, frames // 2 + 1)
    shape = _spectrum(frequencies)
    phases = np.random.default_rng(_SEED).uniform(0.0, 2.0 * np.pi, (channels, len(frequencies)))
    noise = np.fft.irfft(shape * np.exp(1j * phases), frames, axis=1).T
    noise /= np.sqrt(np.mean(noise**2))
    return noise.astype(np.float32)


def _spectrum(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    falling = np.minimum(1.0, (np.maximum(frequencies, 1.0) / CORNER) ** -0.75)
    return np.where((frequencies >= LOWEST) & (frequencies <= HIGHEST), falling, 0.0)
