"""A clip as a model hears it: one channel, at the rate that the model was trained with."""

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Audio

Wave = NDArray[np.float32]
"""float32, shape (frames,)."""


def heard(audio: Audio, rate: int) -> Wave:
    """The channels of `audio` together, at `rate` hertz."""
    import soxr

    wave: Wave = audio.samples.mean(axis=1, dtype=np.float32)
    if audio.rate != rate and len(wave):
        wave = soxr.resample(wave, audio.rate, rate)
    return np.ascontiguousarray(wave, np.float32)


def windows(wave: Wave, rate: int, longest: float, search: float) -> list[tuple[int, Wave]]:
    """`wave` in pieces of at most `longest` seconds, each with its first frame, cut where it is quietest.

    The cut is looked for in the last `search` seconds of each piece, so that it falls between two words.
    """
    size, pieces, start = round(longest * rate), [], 0
    while len(wave) - start > size:
        cut = start + _quietest(wave[start : start + size], rate, search)
        pieces.append((start, wave[start:cut]))
        start = cut
    return [*pieces, (start, wave[start:])]


def chunks(wave: Wave, rate: int, seconds: float, least: float) -> list[tuple[float, Wave]]:
    """All of `wave` in pieces of `seconds`, each with when it begins.

    A last one shorter than `least` begins that much earlier, within the one before; what is shorter than that
    altogether is lengthened with silence: there is always one piece.
    """
    size, shortest = round(seconds * rate), round(least * rate)
    if len(wave) < shortest:
        return [(0.0, np.pad(wave, (0, shortest - len(wave))))]
    starts = [min(start, len(wave) - shortest) for start in range(0, len(wave), size)]
    return [(start / rate, wave[start : start + size]) for start in starts]


def _quietest(wave: Wave, rate: int, search: float) -> int:
    """The middle of the quietest tenth of a second among the last `search` seconds."""
    first, width = len(wave) - round(search * rate), max(1, rate // 10)
    power = np.concatenate([[0.0], np.cumsum(np.square(wave[first:], dtype=np.float64))])
    return first + int(np.argmin(power[width:] - power[:-width])) + width // 2
