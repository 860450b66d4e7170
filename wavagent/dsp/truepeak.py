"""True peak: how high the signal goes between its samples (ITU-R BS.1770-4, Annex 2).

Four times oversampling by a polyphase FIR filter of 80 taps (the annex asks for 48): a sinc under a Kaiser window,
so that one phase is the samples themselves and the other three are flat within 0.02 dB to 20 kHz at 48 kHz.

A point between samples is at most `BOUND` times the largest sample near it, and at most `STEEPNESS` times the largest
step from sample to sample above it. Where one of those stays below the level one asks about, nothing needs to be
computed; of ordinary programme next to nothing is left. The answer is that of the full computation.
"""

from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.dsp.gain import peak
from wavagent.dsp.product import product

Floats = NDArray[np.float64]

OVERSAMPLING = 4
TAPS = 20
"""Samples that a point between two samples is made of: ten on either side."""

SPAN = 16
"""Frames that are looked at together. Whole spans are skipped or computed."""

_BEFORE, _AFTER = TAPS // 2 - 1, TAPS // 2


def _phases() -> Floats:
    """The filters for the points 1/4, 1/2 and 3/4 of the way to the next frame, shape (3, TAPS); each sums to 1."""
    fractions = np.arange(1, OVERSAMPLING)[:, np.newaxis] / OVERSAMPLING
    distance = np.arange(-_BEFORE, _AFTER + 1) - fractions
    window: Floats = np.i0(5.0 * np.sqrt(1.0 - (distance / _AFTER) ** 2))
    filters = np.sinc(distance) * window
    sums: Floats = filters.sum(axis=1, keepdims=True)
    return filters / sums


def _steepness() -> float:
    """The filters less a straight line sum to nothing, so that only steps are left of what they add to it."""
    fractions = np.arange(1, OVERSAMPLING) / OVERSAMPLING
    bends = PHASES.copy()
    bends[:, _BEFORE] -= 1.0 - fractions
    bends[:, _BEFORE + 1] -= fractions
    return float(np.abs(np.cumsum(bends, axis=1)).sum(axis=1).max())


def _interpolator() -> Floats:
    """The matrix from SPAN + TAPS - 1 frames to (3, SPAN) points: for each phase, one after each frame."""
    matrix = np.zeros((SPAN + TAPS - 1, OVERSAMPLING - 1, SPAN))
    for frame in range(SPAN):
        matrix[frame : frame + TAPS, :, frame] = PHASES.T
    return matrix.reshape(len(matrix), -1)


PHASES = _phases()
BOUND = float(np.abs(PHASES).sum(axis=1).max())
"""No point between samples is higher than this times the largest of the TAPS samples around it (7 dB)."""

STEEPNESS = _steepness()
"""No point between samples is further above both of them than this times the largest of the steps around it."""

_INTERPOLATOR = _interpolator()


def span_peaks(samples: Samples, above: float = 0.0) -> tuple[NDArray[np.intp], Floats]:
    """The points between samples that may be higher than `above` (linear).

    `samples` are 9 frames of past, whole spans, and 10 frames of future: (9 + SPAN * n + 10, channels). Returns the
    numbers of the spans that matter, and for each, shape (spans, SPAN), the largest of the three points that
    follow each of its frames, over all channels. A span that is not named stays at or below `above`.
    """
    spans, points = _points(samples, above)
    highest = largest(np.abs(points)).reshape(-1, OVERSAMPLING - 1, SPAN)
    return spans, largest(highest.swapaxes(0, 1))


def below(samples: Samples, level: float) -> bool:
    """Whether no sample of `samples`, and no point between two of them, can be above `level` (linear)."""
    highest = peak(samples)
    return highest * BOUND <= level or highest + STEEPNESS * peak(samples[1:] - samples[:-1]) <= level


def largest(values: Floats) -> Floats:
    """The maximum along the first axis, which is short: there numpy's own `max` is ten times slower than this."""
    return reduce(np.maximum, values)


def _points(samples: Samples, above: float) -> tuple[NDArray[np.intp], Floats]:
    """The numbers of the spans that matter, and their points, shape (channels, spans, 3 * SPAN)."""
    spans = np.zeros(0, np.intp) if below(samples, above) else _spans_above(samples, above / BOUND)
    if not len(spans):
        return spans, np.zeros((samples.shape[1], 0, _INTERPOLATOR.shape[1]))
    # in float64, so that a span's points are the same whatever other spans are computed with it
    tracks = np.ascontiguousarray(samples.T, dtype=np.float64)
    around = sliding_window_view(tracks, SPAN + TAPS - 1, axis=1)[:, ::SPAN]
    return spans, product(around[:, spans], _INTERPOLATOR)


def _spans_above(samples: Samples, level: float) -> NDArray[np.intp]:
    """The spans that have a sample above `level` among theirs or in the reach of their filters."""
    count = (len(samples) - TAPS + 1) // SPAN
    # cells of SPAN frames, of which each span and its reach touch three
    cells = np.zeros(((count + 2) * SPAN, samples.shape[1]), np.float32)
    cells[SPAN - _BEFORE : SPAN - _BEFORE + len(samples)] = samples
    high = np.abs(cells).reshape(count + 2, -1).max(axis=1) > level
    return np.flatnonzero(high[:-2] | high[1:-1] | high[2:])


class TruePeak:
    """A true-peak meter over all channels that is fed blocks of any size."""

    def __init__(self, channels: int, floor: float = 0.0) -> None:
        """`floor`: a linear level below which peaks are of no interest; `peak` may then be too low below it."""
        self._floor = floor
        self._highest = 0.0
        self._rest = np.zeros((TAPS - 1, channels), np.float32)

    def feed(self, samples: Samples) -> None:
        """Meter what comes next, shape (frames, channels)."""
        self._highest = max(self._highest, peak(samples))
        self._rest = np.concatenate([self._rest, samples])
        whole = (len(self._rest) - TAPS + 1) // SPAN * SPAN
        if whole:
            self._highest = max(self._highest, self._between(self._rest[: whole + TAPS - 1]))
            self._rest = self._rest[whole:].copy()

    @property
    def peak(self) -> float:
        """The highest point so far, linear, as if silence followed; 0.0 for silence."""
        silence = np.zeros((-len(self._rest) % SPAN + SPAN + TAPS - 1, self._rest.shape[1]), np.float32)
        ending = np.concatenate([self._rest, silence])
        whole = (len(ending) - TAPS + 1) // SPAN * SPAN
        return max(self._highest, self._between(ending[: whole + TAPS - 1]))

    def _between(self, samples: Samples) -> float:
        points = _points(samples, max(self._highest, self._floor))[1]
        return float(np.float32(peak(points)))


def true_peak(samples: Samples) -> float:
    """The true peak of a whole clip, linear: 1.0 is 0 dBTP."""
    meter = TruePeak(samples.shape[1])
    meter.feed(samples)
    return meter.peak
