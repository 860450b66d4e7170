"""Placing a clip in a space: direct sound, reflections, reverberation and band, as one short convolution.

The impulse responses are synthetic: noise that dies away faster in the treble, a few early reflections, and
filters of minimum phase, so that nothing sounds before its time. They are made from the space's name alone and
scaled so that speech in the middle keeps its loudness (a speech-like spectrum, K-weighted); walls and distance
then take off what their table says.
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.dsp.gain import linear
from wavagent.dsp.kweight import PUBLISHED_RATE, coefficients
from wavagent.dsp.pan import panned
from wavagent.dsp.space import Distance, Space, distance, space

Floats = NDArray[np.float64]

_BAND_SECONDS = 0.032
"""Length of the band filters: enough for their lowest corner."""

_SLOPE = 4  # order of the band's Butterworth edges


def place(samples: Samples, rate: int, where: str = "room", far: str = "normal") -> Samples:
    """`samples`, mono or stereo, as they sound in a space: stereo, with the tail that rings after their end.

    The direct sound stays where it was panned and starts at frame 0; `tail_frames` more frames come out than went
    in. A mono clip is put in the middle (3 dB down in each channel, the same loudness). Raises InputError for an
    unknown space or distance, ValueError for more than two channels or a rate below 4000 Hz.
    """
    stereo = panned(samples, 0.0)
    direct, wet = responses(where, far, rate)
    heard = _times(stereo, direct[0]) if len(direct) == 1 else convolved(stereo, direct[:, np.newaxis])
    if not len(wet):
        return heard
    placed = np.zeros((2, len(samples) + tail_frames(where, far, rate)), np.float32).T
    placed[: len(heard)] += heard
    # the walls hear both channels: what rings is the middle
    middle = (stereo[:, :1] + stereo[:, 1:]) * np.float32(0.5**0.5)
    ringing = convolved(middle, wet)
    placed[: len(ringing)] += ringing
    return placed


def _times(samples: Samples, factor: np.float32) -> Samples:
    return samples if factor == 1.0 else samples * factor


def tail_frames(where: str, far: str, rate: int) -> int:
    """How many frames longer `place` makes a clip."""
    direct, wet = responses(where, far, rate)
    return max(len(direct), len(wet)) - 1


def convolved(samples: Samples, response: NDArray[np.float32]) -> Samples:
    """The convolution with (taps, channels) by overlap-add: len(samples) + taps - 1 frames; channels broadcast."""
    taps = len(response)
    total = len(samples) + taps - 1
    size = 1 << (min(total, max(2 * taps, 1 << 15)) - 1).bit_length()  # larger transforms leave the cache
    tracks = np.ascontiguousarray(samples.T)
    spectrum = np.fft.rfft(np.ascontiguousarray(response.T), size)
    out = np.zeros((max(len(tracks), len(spectrum)), total), np.float32)
    for start in range(0, len(samples), size - taps + 1):
        block = np.fft.rfft(tracks[:, start : start + size - taps + 1], size) * spectrum
        part = np.fft.irfft(block, size)[:, : total - start]
        out[:, start : start + part.shape[1]] += part
    return out.T


@lru_cache(maxsize=64)
def responses(where: str, far: str, rate: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the direct sound (taps,) and the middle (taps, 2) are convolved with; no taps where nothing rings."""
    place, away = space(where), distance(far)
    direct = _band(place, away, rate)
    wet = _wet(place, away, direct, _seed(where), rate)
    level = linear(place.level_db + away.level_db)
    if len(direct) > 1 or len(wet):
        level /= _loudness(direct, wet, rate) ** 0.5
    return (direct * level).astype(np.float32), (wet * level).astype(np.float32)


def _seed(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def _band(place: Space, away: Distance, rate: int) -> Floats:
    """The band of the space and of the air, (taps,); one tap of 1.0 when all passes."""
    highs = [high for high in (place.high, away.high) if high is not None]
    if place.low is None and not highs:
        return np.ones(1)
    size = 1 << (round(_BAND_SECONDS * rate) - 1).bit_length()
    hertz = np.fft.rfftfreq(8 * size, 1 / rate)
    power = np.ones(len(hertz))
    if place.low is not None:
        power /= 1.0 + (place.low / np.maximum(hertz, 1.0)) ** (2 * _SLOPE)
    for high in highs:
        power /= 1.0 + (hertz / high) ** (2 * _SLOPE if high == place.high else 2)
    return _minimum_phase(np.sqrt(power))[:size]


def _minimum_phase(magnitude: Floats) -> Floats:
    """The impulse response of that magnitude (rfft bins) that is over soonest (folded cepstrum)."""
    cepstrum = np.fft.irfft(np.log(np.maximum(magnitude, 1e-6)))
    half = len(cepstrum) // 2
    cepstrum[1:half] *= 2.0
    cepstrum[half + 1 :] = 0.0
    response: Floats = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))
    return response


def _wet(place: Space, away: Distance, direct: Floats, random: np.random.Generator, rate: int) -> Floats:
    """Reflections and reverberation for the middle, (taps, 2), `wet_db` under the direct sound; or (0, 2)."""
    if place.wet_db is None:
        return np.zeros((0, 2))
    ringing = _tail(place, random, rate)
    _add_echoes(ringing, place, random, rate)
    if place.narrow:
        ringing[:, 1] = ringing[:, 0]
    if len(direct) > 1:
        size = len(ringing) + len(direct) - 1
        spectrum = np.fft.rfft(ringing, size, axis=0) * np.fft.rfft(direct, size)[:, np.newaxis]
        ringing = np.fft.irfft(spectrum, size, axis=0)
    # both are weighed by ear: by what is heard of a voice
    alone = _loudness(direct, np.zeros((0, 2)), rate) / _loudness(np.zeros(1), ringing, rate)
    level: float = alone**0.5 * linear(place.wet_db + away.wet_db)
    return ringing * np.float64(level)


def _tail(place: Space, random: np.random.Generator, rate: int) -> Floats:
    """Noise in two channels that falls by 60 dB in `seconds`, in the treble in `dull` times that."""
    start = round(place.delay * rate)
    frames = max(round(place.seconds * rate), 2)
    time = np.arange(frames)[:, np.newaxis] / rate
    spectrum = np.fft.rfft(random.random((frames, 2)) - 0.5, axis=0)
    hertz = np.fft.rfftfreq(frames, 1 / rate)[:, np.newaxis]
    tail = np.zeros((start + frames, 2))
    for low, high, share in ((80, 700, 1.0), (700, 2800, (1.0 + place.dull) / 2), (2800, 11200, place.dull)):
        # neighbouring bands sum to one, halfway at their common corner
        shape = 1.0 / (1.0 + (low / np.maximum(hertz, 1.0)) ** 4) - 1.0 / (1.0 + (high / np.maximum(hertz, 1.0)) ** 4)
        tail[start:] += np.fft.irfft(spectrum * shape, frames, axis=0) * 10.0 ** (-3.0 * time / (place.seconds * share))
    rise = min(round(place.spread * rate), frames)
    tail[start : start + rise] *= np.sin(np.linspace(0.0, np.pi / 2, rise))[:, np.newaxis]
    return tail


def _add_echoes(tail: Floats, place: Space, random: np.random.Generator, rate: int) -> None:
    """Early reflections, each to its own side, together as strong as the reverberation."""
    at = place.delay + (place.spread - place.delay) * np.sort(random.random(place.echoes))
    frames = np.minimum((at * rate).astype(np.intp), len(tail) - 1)
    sides = random.random(place.echoes) * (np.pi / 2)
    sizes = np.where(random.random(place.echoes) < 0.5, -1.0, 1.0) * place.delay / np.maximum(at, 1e-4)
    echoes = np.stack([np.cos(sides), np.sin(sides)], axis=1) * sizes[:, np.newaxis]
    echoes *= np.sqrt((tail**2).sum() / max(float((echoes**2).sum()), 1e-12))
    np.add.at(tail, frames, echoes)


def _loudness(direct: Floats, wet: Floats, rate: int) -> float:
    """The K-weighted energy of a voice in the middle after both responses, against that before them."""
    size = 1 << (max(len(direct), len(wet), 4096) - 1).bit_length()
    weight = _voice(np.fft.rfftfreq(size, 1 / rate).astype(np.float64))
    heard = np.fft.rfft(direct, size)[:, np.newaxis] * 0.5**0.5 + np.fft.rfft(wet, size, axis=0)
    return float((weight @ (np.abs(heard) ** 2)).sum() / weight.sum())


def _voice(hertz: Floats) -> Floats:
    """The long-term power spectrum of speech, K-weighted: level from 100 to 500 Hz, then 9 dB an octave down.

    Roughly that of Byrne et al., "An international comparison of long-term average speech spectra" (1994).
    """
    speech = 1.0 / ((1.0 + (100.0 / np.maximum(hertz, 1.0)) ** 6) * (1.0 + (hertz / 500.0) ** 3))
    turn = np.exp(-2j * np.pi * hertz / PUBLISHED_RATE)
    heard = np.ones(len(hertz))
    for b0, b1, b2, _, a1, a2 in coefficients(PUBLISHED_RATE):
        heard = heard * np.abs((b0 + b1 * turn + b2 * turn**2) / (1.0 + a1 * turn + a2 * turn**2)) ** 2
    spectrum: Floats = speech * heard
    return spectrum
