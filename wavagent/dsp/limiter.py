"""A look-ahead true-peak limiter.

For each frame the gain is found that brings its true peak to the ceiling. The smallest of those over the next
5 ms is what the gain must have come down to; it comes back exponentially; and two running means as long as the
look-ahead round the corners without ever leaving the gain too high at the peak itself (the reduction is held
until every mean has seen it). All channels get the same gain, so nothing moves in the stereo picture.

What is returned has the length and timing of what was fed: the look-ahead is taken from the frames not returned
yet. Where nothing is above the ceiling for about a second the output is the input, bit for bit, and costs little.
"""

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.dsp.gain import linear
from wavagent.dsp.truepeak import SPAN, TAPS, below, largest, span_peaks

Floats = NDArray[np.float64]

LOOK_AHEAD = 0.005
"""Seconds over which the gain comes down."""

RELEASE = 0.080
"""Seconds in which a reduction comes back to 1/e of itself."""

MARGIN = 0.02
"""dB that are aimed below the ceiling, for what the moving gain itself adds between samples."""

_NEGLIGIBLE = 1e-6  # of reduction: 0.00001 dB, taken as none

_QUANTUM = 4096
"""Frames that are worked on together, counted from the first one fed: the output cannot depend on the blocks."""

_HOLD = TAPS // 2  # frames around a peak that make the points next to it, so they need its gain too
_PAST = _HOLD + TAPS // 2


class Limiter:
    """A limiter that is fed blocks of any size and gives back what is ready; `rest` gives the remainder."""

    def __init__(
        self,
        rate: int,
        channels: int,
        ceiling_db: float = -1.0,
        look_ahead: float = LOOK_AHEAD,
        release: float = RELEASE,
    ) -> None:
        """`ceiling_db` in dBTP; `look_ahead` and `release` in seconds."""
        self._ceiling = linear(ceiling_db - MARGIN)
        self._ahead = max(2, round(look_ahead * rate))
        self._decay = np.exp(-np.arange(1, _QUANTUM + 1) / (release * rate))
        self._window = self._ahead + 2 * _HOLD + 1
        future = self._ahead + _HOLD + TAPS // 2
        self._future = future + -(future + 1) % SPAN  # whole spans: see _wanted
        # the past of the next frame, then what is to come; at first a silence in which the gain can come down
        self._lead = self._ahead + _HOLD
        self._waiting = np.zeros((_PAST + self._lead, channels), np.float32)
        self._reduction = np.zeros(self._ahead)  # 1 - gain before the means, of the frames just done

    def feed(self, samples: Samples) -> Samples:
        """Take what comes next, shape (frames, channels), and give the frames that are ready, perhaps none."""
        waiting = np.concatenate([self._waiting, samples])
        reach = _PAST + self._future
        whole = max(0, len(waiting) - reach) // _QUANTUM * _QUANTUM
        self._waiting = waiting[whole:]
        if not whole:
            return samples[:0]
        ready = self._limited(waiting[: whole + reach])
        self._lead, lead = 0, self._lead
        return ready[lead:]  # without the silence at the very beginning

    def rest(self) -> Samples:
        """The frames not given yet, as if silence followed. Nothing may be fed after that."""
        left = len(self._waiting) - _PAST - self._lead
        silence = np.zeros((_QUANTUM + self._future, self._waiting.shape[1]), np.float32)
        return self.feed(silence)[:left]

    def _limited(self, around: Samples) -> Samples:
        """Whole quanta of output from their frames and those around them."""
        reach = _PAST + self._future
        now = around[_PAST : len(around) - self._future]
        if not self._reduction.any() and below(around, self._ceiling):
            return now
        limited = now.copy(order="K")
        for start in range(0, len(now), _QUANTUM):
            gain = self._gain(around[start : start + _QUANTUM + reach])
            if gain is not None:
                limited[start : start + _QUANTUM] *= gain[:, np.newaxis]
        return limited

    def _gain(self, around: Samples) -> NDArray[np.float32] | None:
        """The gain of a quantum, shape (_QUANTUM,); None where it is 1.0."""
        calm = below(around, self._ceiling)
        if calm and not self._reduction.any():
            return None
        smooth = self._smoothed(self._released(None if calm else self._wanted(around)))
        return (1.0 - smooth).astype(np.float32)

    def _wanted(self, around: Samples) -> Floats:
        """The reduction each frame must have reached, shape (_QUANTUM,): the largest wanted by any frame in reach."""
        first = TAPS // 2 - 1  # of `around` that has a point after it
        frames = len(around) - TAPS + 1
        size = largest(np.abs(around[first : first + frames]).T)
        spans, points = span_peaks(around, self._ceiling)
        after = np.zeros(frames)
        after.reshape(-1, SPAN)[spans] = points
        # a point between two frames belongs to both
        height = np.maximum(size[1:], np.maximum(after[1:], after[:-1]))
        over = 1.0 - self._ceiling / np.maximum(height, self._ceiling)
        return sliding_max(over, self._window)[:_QUANTUM]

    def _released(self, wanted: Floats | None) -> Floats:
        """The reductions of the look-ahead's length before this quantum and of it, coming back exponentially.

        r[n] = max(wanted[n], r[n - 1] * a) is max over k <= n of wanted[k] * a^(n - k): a running maximum.
        """
        last = self._reduction[-1]
        if wanted is None:
            held = self._decay * last
        else:
            held = np.maximum.accumulate(np.maximum(wanted / self._decay, last)) * self._decay
        held[held < _NEGLIGIBLE] = 0.0
        reductions = np.concatenate([self._reduction, held])
        self._reduction = reductions[-self._ahead :].copy()
        return reductions

    def _smoothed(self, reductions: Floats) -> Floats:
        """Two running means that together reach back over the look-ahead: shape (_QUANTUM,)."""
        short = self._ahead // 2
        return running_mean(running_mean(reductions, short + 1), self._ahead - short + 1)


def sliding_max(values: Floats, width: int) -> Floats:
    """The largest of each `width` values in a row, shape (len(values) - width + 1,), by doubling windows."""
    span = 1
    while span * 2 <= width:
        values = np.maximum(values[:-span], values[span:])
        span *= 2
    return np.maximum(values[: len(values) - (width - span)], values[width - span :])


def running_mean(values: Floats, width: int) -> Floats:
    """The mean of each `width` values in a row, shape (len(values) - width + 1,)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means: Floats = (sums[width:] - sums[:-width]) / width
    return means
