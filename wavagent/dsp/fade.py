"""Fades: how a clip's edges rise and fall, and how one clip becomes another.

`linear` ramps keep the sum of two correlated signals level (a clip and itself), `power` ramps (a quarter of a
sine) keep the power of two unrelated ones level; declicking is too short for the difference to be heard.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples

Curve = Literal["linear", "power"]

DECLICK = 0.005
"""Seconds of fade that make any edge silent: a step at full scale becomes a ramp without an audible click."""


def ramp(start: int, frames: int, length: int, curve: Curve = "power") -> NDArray[np.float32]:
    """`frames` values of a rise from 0 (at frame 0) to 1 (from frame `length` on), read from frame `start`.

    Frames below 0 give 0; a rise of no length is a step. Each value depends on its own frame only, so any cut
    into windows gives the same bits.
    """
    shape = np.ones(frames, np.float32)
    silent = max(0, -start)
    shape[:silent] = 0.0
    position = np.arange(min(max(0, start), length), min(start + frames, length), dtype=np.float64) / max(1, length)
    shape[silent : silent + len(position)] = np.sin(position * (np.pi / 2)) if curve == "power" else position
    return shape


def edges(
    start: int, frames: int, total: int, rise: int, fall: int, curve: Curve = "power"
) -> NDArray[np.float32] | None:
    """The gain of frames `start` to `start + frames` of a clip of `total` frames that rises and falls at its edges.

    Shape (frames,); None when all of it is 1.0, which is most blocks of a long clip. Both edges reach 0.0 on the
    clip's own first and last frame; where they overlap they multiply.
    """
    if start >= rise and start + frames <= total - fall:
        return None
    rising = ramp(start, frames, rise, curve)
    return rising * ramp(total - start - frames, frames, fall, curve)[::-1]


def faded(samples: Samples, rise: int, fall: int, curve: Curve = "power") -> Samples:
    """A copy of `samples` that rises over its first `rise` frames and falls over its last `fall`."""
    made, frames = samples.copy(order="K"), len(samples)
    rise, fall = min(rise, frames), min(fall, frames)
    made[:rise] *= ramp(0, rise, rise, curve)[:, np.newaxis]
    made[frames - fall :] *= ramp(0, fall, fall, curve)[::-1, np.newaxis]
    return made


def declicked(samples: Samples, rate: int) -> Samples:
    """A copy of `samples` whose edges start and end at 0.0 without a click; a clip of 10 ms is all edge."""
    length = min(round(DECLICK * rate), len(samples) // 2)
    return faded(samples, length, length, "linear")
