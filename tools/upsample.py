"""upsample: treble for a recording whose rate, line or codec took it: no model, no weights.

Blind bandwidth extension as in spectral band replication (Dietz et al., 2002), without a sender who says how the treble
was: the octave below the cut-off is copied above it again and again, moment by moment falling as the two octaves below
do. It sounds fuller, and brings nothing back: an "s" that was lost with the treble stays lost. A trained model
(AudioSR) does better.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import RATE, Audio, Samples
from wavagent.dsp.resample import resampled
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool

from ._spectra import OVERLAP, Floats, Spectra, spectra, wave_of

SIZE = 1024
"""Frames of one spectrum: 21 ms, for speech."""

HOP = SIZE // OVERLAP
HERTZ = RATE / SIZE

LOWEST, HIGHEST = 2_000.0, 14_000.0
"""Hertz between which a recording can end: below there is too little to go by, above nothing is missed."""

TOP = 20_000.0
"""Hertz up to which there is treble afterwards."""

CLIFF = 25.0
"""Decibels by which everything above a cut-off lies lower than what is just below it."""

WIDTH = 600.0
"""Hertz within which it does so."""

GENTLEST, STEEPEST = -6.0, -24.0
"""Decibels an octave between which the treble falls."""

STEADY = 5
"""Moments over which the fall is taken."""

BLOCK = 20.0
"""Seconds that lie in memory together."""


class Upsample(Tool):
    """Comes out at 48 kHz, in as many channels as it came in; what has treble already only changes its rate."""

    card: ClassVar[Card] = Card(
        name="upsample",
        version="1",
        task="upsample",
        summary="A fuller sound for muffled recordings: treble made from the octave below; no weights, nothing is "
        "brought back that was lost",
        rate=RATE,
        channels=2,
        speed=50.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params: ClassVar[type[Params]] = Params

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [_raised(request) for request in requests]


def _raised(request: Request) -> Result:
    """The clip with treble, and where it ended before, in hertz; null where it had treble."""
    if "audio" not in request.inputs:
        raise Refused("tool 'upsample' works on the clip 'audio', and was given none")
    audio = request.inputs["audio"]
    samples = resampled(audio.samples, audio.rate, RATE)
    end = cut_off(samples)
    if end is not None:
        samples = np.stack([_extended(channel, end) for channel in samples.T], axis=1)
    return Result(Audio(samples, RATE), data={"cut_off": end})


def cut_off(samples: Samples) -> float | None:
    """Where the spectrum of `samples`, (frames, channels) at 48 kHz, ends, in hertz; None where it just fades away."""
    power = np.zeros(SIZE // 2 + 1)
    for channel in samples.T:
        for start in range(0, len(channel), round(BLOCK * RATE)):
            found = spectra(channel[start : start + round(BLOCK * RATE)], SIZE)
            whole = found[OVERLAP : -OVERLAP - 1]  # the others hear a block begin and end, which is a click
            power += (np.abs(whole) ** 2).sum(axis=0)
    if not power.any():
        return None
    levels = 10.0 * np.log10(power / power.max() + 1e-14)
    return _cliff(levels, round(WIDTH / HERTZ))


def _cliff(levels: Floats, width: int) -> float | None:
    """The last frequency before the steepest fall of `levels`, in dB, to what stays below for good."""
    candidates = np.arange(round(LOWEST / HERTZ), round(HIGHEST / HERTZ))
    highest_above = np.maximum.accumulate(levels[::-1])[::-1]
    before = np.array([levels[at - width : at].mean() for at in candidates])
    falls = before - highest_above[candidates + width]
    if falls.max() < CLIFF:
        return None
    best = int(np.argmax(falls >= falls.max() - 3.0))
    at = candidates[best] - width
    end = at + np.flatnonzero(levels[at : at + 2 * width] > before[best] - 6.0)[-1]
    return float(end * HERTZ)


def _extended(wave: NDArray[np.float32], end: float) -> NDArray[np.float32]:
    """One channel, block by block; the blocks hear each other's edges, so that nothing is heard of them."""
    block, edge = round(BLOCK * RATE) // HOP * HOP, (OVERLAP + STEADY) * HOP
    made = wave.copy()
    for start in range(0, len(wave), block):
        first = max(0, start - edge)
        heard = wave[first : start + block + edge].astype(np.float64)
        treble = wave_of(_treble(spectra(heard, SIZE), end, first // HOP), SIZE, len(heard))
        made[start : start + block] += treble[start - first :][:block].astype(np.float32)
    return made


def _treble(found: Spectra, end: float, moment: int) -> Spectra:
    """What goes above `end`, for spectra of which the first is the `moment`-th of its channel."""
    edge, top = round(end / HERTZ), round(TOP / HERTZ)
    octave = edge - edge // 2
    targets = np.arange(edge, top)
    steps = (targets - edge) // octave + 1
    sources = targets - steps * octave
    falls = _falls(np.abs(found) ** 2, edge)
    gains = 10.0 ** (falls[:, np.newaxis] * np.log2(targets / sources) / 20.0)
    # shifted by so many bins, a wave turns by so much more from one moment to the next
    turns = np.exp(2j * np.pi / OVERLAP * np.outer(moment + np.arange(len(found)), steps * octave))
    made = np.zeros_like(found)
    made[:, edge:top] = found[:, sources] * gains * turns
    return made


def _falls(power: Floats, edge: int) -> Floats:
    """How the two octaves below `edge` fall at each moment, in dB an octave, (moments,): a line through their bands."""
    borders = np.unique(np.round(edge * 2.0 ** np.linspace(-2.0, 0.0, 9)).astype(int))
    bands = np.add.reduceat(power[:, :edge], borders[:-1], axis=1) / np.diff(borders)
    steady = _averaged(bands, STEADY)
    levels = 10.0 * np.log10(steady + 1e-12 * steady.max() + 1e-30)
    octaves = np.log2((borders[:-1] + borders[1:]) / 2.0)
    octaves -= octaves.mean()
    falls: Floats = np.clip(levels @ octaves / (octaves @ octaves), STEEPEST, GENTLEST)
    return falls


def _averaged(bands: Floats, moments: int) -> Floats:
    """Each band's mean over so many moments around each."""
    padded = np.pad(bands, ((moments // 2, moments // 2), (0, 0)))
    whole: Floats = np.lib.stride_tricks.sliding_window_view(padded, moments, axis=0).mean(axis=-1)
    return whole


TOOL: Tool = Upsample()
