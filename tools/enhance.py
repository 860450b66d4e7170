"""enhance: steady noise out of a clip, by spectral gating: no model, no weights.

The noise in each band is read off the clip itself, at its quietest moments (minimum statistics: Martin, 2001), and
each band is turned down by how little it stands out of it: the decision-directed Wiener gain (Ephraim and Malah,
1984), which leaves no musical noise. Made for hiss, hum and fans under speech; what comes and goes (traffic, other
voices) is beyond it.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool

Floats = NDArray[np.float64]

FRAME = 0.032
"""Seconds of one spectrum: a compromise for speech, between its pitch and its plosives."""

OVERLAP = 4
"""Spectra over any moment."""

MEMORY = 0.97
"""How much of a band's signal-to-noise ratio is that of the moment before."""

QUIETEST = 0.15
"""Share of a clip's moments, in each band, that is taken for noise alone."""

BLOCK = 60.0
"""Seconds whose noise is read off together, and that lie in memory together."""

EDGE = 1.0
"""Seconds of the block before that a block hears, and over which the one becomes the other."""


class EnhanceParams(Params):
    """`amount` is by how many dB noise goes down at the most: more is quieter, and harms the speech more."""

    amount: float = Field(default=18.0, ge=0.0, le=60.0)


class Enhance(Tool):
    """Works on any rate and any number of channels, each by itself."""

    card: ClassVar[Card] = Card(
        name="enhance",
        version="1",
        task="enhance",
        summary="Steady noise (hiss, hum, fans) out of a recording, by spectral gating; no weights",
        rate=0,
        channels=2,
        speed=80.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params: ClassVar[type[Params]] = EnhanceParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(_enhanced(request)) for request in requests]


def _enhanced(request: Request) -> Audio:
    if "audio" not in request.inputs:
        raise Refused("tool 'enhance' works on the clip 'audio', and was given none")
    audio = request.inputs["audio"]
    size = max(16, 1 << round(np.log2(FRAME * audio.rate)))
    if audio.frames < size * OVERLAP or not request.params.amount:
        return audio  # too short to tell noise from sound
    floor = 10.0 ** (-request.params.amount / 20.0)
    tracks = [_track(audio.samples[:, channel], audio.rate, size, floor) for channel in range(audio.channels)]
    return Audio(np.stack(tracks, axis=1), audio.rate)


def _track(wave: NDArray[np.float32], rate: int, size: int, floor: float) -> NDArray[np.float32]:
    """One channel, block by block: each begins with the last of the one before, and takes over from it."""
    block, edge = round(BLOCK * rate), round(EDGE * rate)
    made = np.zeros(len(wave), np.float32)
    for start in range(0, len(wave), block):
        first = max(0, start - edge)
        if len(wave) - start < edge and start:  # a rest too short for statistics of its own
            first = max(0, start - block)
        clean = _gated(wave[first : start + block].astype(np.float64), size, floor)
        shared = start - first if first else 0
        rising = np.ones(len(clean))
        rising[:shared] = np.linspace(0.0, 1.0, shared)
        made[first : first + len(clean)] *= (1.0 - rising).astype(np.float32)
        made[first : first + len(clean)] += (clean * rising).astype(np.float32)
    return made


def _gated(wave: Floats, size: int, floor: float) -> Floats:
    hop, window = size // OVERLAP, np.hanning(size + 1)[:-1]
    padded = np.pad(wave, (size, size + -len(wave) % hop))
    starts = np.arange(0, len(padded) - size + 1, hop)
    spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * window, axis=1)
    spectra *= _gains(np.abs(spectra) ** 2, floor)
    frames = np.fft.irfft(spectra, size, axis=1) * window
    made = np.zeros(len(padded))
    for offset in range(OVERLAP):  # frames that do not overlap lie side by side
        rows = frames[offset::OVERLAP]
        at = starts[offset]
        made[at : at + rows.size] += rows.reshape(-1)
    heard: Floats = made[size : size + len(wave)] / (window**2).reshape(OVERLAP, hop).sum(axis=0).mean()
    return heard


def _gains(power: Floats, floor: float) -> Floats:
    """The factor for each band at each moment, from `floor` to 1; `power` has shape (moments, bands)."""
    noise = np.maximum(_noise(power), 1e-20)
    gains = np.empty_like(power)
    before = np.ones(power.shape[1])
    for moment, ratio in enumerate(power / noise):
        prior = MEMORY * before + (1.0 - MEMORY) * np.maximum(ratio - 1.0, 0.0)
        gain = prior / (1.0 + prior)
        before = gain**2 * ratio
        gains[moment] = np.maximum(gain, floor)
    return gains


def _noise(power: Floats) -> Floats:
    """The noise's mean power in each band, (bands,): that of the quietest moments, corrected for being the quietest.

    Among exponentially distributed powers, as noise has them, the share q that is least has a quantile of -ln(1 - q)
    times the mean. Moments of digital silence hold no noise, and are passed over.
    """
    heard = power[power.sum(axis=1) > 1e-12 * power.sum(axis=1).max()]
    if not len(heard):
        return np.zeros(power.shape[1])
    found: Floats = np.quantile(heard, QUIETEST, axis=0) / -np.log(1.0 - QUIETEST)
    return found


TOOL = Enhance()
