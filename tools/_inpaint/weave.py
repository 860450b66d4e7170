"""A long gap: the background of the place, woven from quiet moments around it."""

import numpy as np

from wavagent.audio import Samples

AROUND = 4.0
"""Seconds on each side that moments are taken from."""

THREAD = 0.25
"""Seconds of one moment; the next begins when half of it is over."""

SEAM = 0.02
"""Seconds over which the clip becomes the filling, on each side."""

QUIET = 0.25
"""Share of the moments, the quietest, that count as background."""


def woven(samples: Samples, first: int, last: int, rate: int, seed: int) -> Samples:
    """`samples`, (frames, channels), with the frames from `first` to `last` woven anew."""
    seam = min(round(SEAM * rate), first, len(samples) - last)
    start, length = first - seam, last - first + 2 * seam
    texture = _texture(_threads(samples, first, last, rate), length, np.random.default_rng(seed))
    share = np.ones((length, 1), np.float32)
    if seam:
        rise = np.sin(np.linspace(0.0, np.pi / 2, seam, dtype=np.float32))[:, np.newaxis]
        share[:seam], share[-seam:] = rise, rise[::-1]
    made = samples.copy()
    made[start : start + length] = samples[start : start + length] * _rest(share, seam) + texture * share
    return made


def _rest(share: Samples, seam: int) -> Samples:
    """How much of the clip is left where `share` of the filling is: of equal power at the seams, else nothing."""
    rest: Samples = np.sqrt(np.maximum(0.0, 1.0 - share**2)).astype(np.float32)
    rest[seam : len(rest) - seam] = 0.0
    return rest


def _threads(samples: Samples, first: int, last: int, rate: int) -> list[Samples]:
    """The quietest moments on both sides, each as long as a thread; what there is, where that is less."""
    around = round(AROUND * rate)
    sides = [samples[max(0, first - around) : first], samples[last : last + around]]
    size = max(2, min(round(THREAD * rate), max(map(len, sides))) // 2 * 2)
    moments = [side[at : at + size] for side in sides for at in range(0, len(side) - size + 1, max(1, size // 4))]
    if not moments:  # a single sample is all there is beside the gap
        return [np.zeros((size, samples.shape[1]), np.float32)]
    moments.sort(key=lambda moment: float(np.square(moment, dtype=np.float64).mean()))
    return moments[: max(1, round(len(moments) * QUIET))]


def _texture(threads: list[Samples], length: int, random: np.random.Generator) -> Samples:
    """`length` frames of threads in random order, each faded into the next at equal power."""
    size, channels = threads[0].shape
    half = size // 2
    window = np.sin((np.arange(size, dtype=np.float32) + 0.5) * np.float32(np.pi / size))[:, np.newaxis]
    made = np.zeros((length + 2 * size, channels), np.float32)
    for at in range(0, length + size, half):
        made[at : at + size] += threads[int(random.integers(len(threads)))] * window
    return made[half : half + length]
