"""Ducking: how far a bed goes down while someone speaks, from the known times of the speech.

No detector: the envelope is down before the first word and comes up after the last, at the same slope everywhere,
and it stays down over pauses too short to be worth coming up for. Ramps are straight in dB.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEEPEST = 60.0
"""dB per second; a steeper ramp is heard as an event of its own, so shorter ones are stretched to this slope."""

ATTACK, RELEASE, HOLD = 0.25, 0.5, 0.7
"""Seconds: how long before speech the level goes down, how long after it comes up, which pauses are held over."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Breakpoints of a gain: `frames` ascending (they may be negative), `levels` in dB, straight lines between.

    Before the first and after the last point the level is that of the point; with no points it is 0 dB.
    """

    frames: NDArray[np.float64]
    levels: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        speech: Iterable[tuple[int, int]],
        rate: int,
        depth_db: float = 12.0,
        attack: float = ATTACK,
        release: float = RELEASE,
        hold: float = HOLD,
    ) -> "Envelope":
        """`depth_db` (a positive number) down during each interval of `speech`, (start, end) in frames, any order.

        `attack`, `release` and `hold` are seconds. Raises ValueError for a negative depth.
        """
        if depth_db < 0.0:
            raise ValueError(f"a bed ducks by a depth of 0 dB or more, not {depth_db}; give it without the sign")
        slowest = depth_db / STEEPEST
        down, up = (max(seconds, slowest) * rate for seconds in (attack, release))
        frames: list[float] = []
        for start, end in merged(speech, max(hold * rate, down + up)):
            frames += [start - down, start, end, end + up]
        levels = np.tile([0.0, -depth_db, -depth_db, 0.0], len(frames) // 4)
        return cls(np.array(frames), levels)


def merged(intervals: Iterable[tuple[int, int]], gap: float) -> list[tuple[int, int]]:
    """`intervals` in order, those closer than `gap` frames (or overlapping) made one; empty ones are dropped."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(interval for interval in intervals if interval[1] > interval[0]):
        if found and start - found[-1][1] < gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def gain(envelope: Envelope, start: int, frames: int) -> NDArray[np.float32]:
    """The linear gain of `frames` frames from `start` on, shape (frames,).

    Each value depends on its own frame only: windows rendered apart equal the whole, bit for bit.
    """
    first = int(np.searchsorted(envelope.frames, start, side="right"))
    last = int(np.searchsorted(envelope.frames, start + frames - 1, side="left"))
    shape = np.empty(frames, np.float32)
    edges = np.ceil(envelope.frames[first:last]).astype(np.intp)
    begin = start
    for piece, end in enumerate([*edges.tolist(), start + frames], start=first):
        shape[begin - start : end - start] = _piece(envelope, piece, begin, end)
        begin = end
    return shape


def _piece(envelope: Envelope, piece: int, begin: int, end: int) -> NDArray[np.float32]:
    """The gain on the line that ends in breakpoint `piece`; a single value where it is level."""
    count = len(envelope.frames)
    if not count:
        return np.ones(1, np.float32)
    before, after = max(piece - 1, 0), min(piece, count - 1)
    low, high = envelope.levels[before], envelope.levels[after]
    if low == high:
        return _factor(np.array([low]))
    left, right = envelope.frames[before], envelope.frames[after]
    return _factor(low + (high - low) * ((np.arange(begin, end) - left) / (right - left)))


def _factor(levels: NDArray[np.float64]) -> NDArray[np.float32]:
    factors: NDArray[np.float64] = np.exp(levels * (np.log(10.0) / 20.0))
    return factors.astype(np.float32)
