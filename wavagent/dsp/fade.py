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
    position = np.arange(start, start + frames, dtype=np.float64)
    if length < 1:
        return (position >= 0.0).astype(np.float32)
    position = np.clip(position / length, 0.0, 1.0)
    shape = np.sin(position * (np.pi / 2)) if curve == "power" else position
    return shape.astype(np.float32)


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
    frames = len(samples)
    shape = edges(0, frames, frames, min(rise, frames), min(fall, frames), curve)
    return samples.copy() if shape is None else samples * shape[:, np.newaxis]


def declicked(samples: Samples, rate: int) -> Samples:
    """A copy of `samples` whose edges start and end at 0.0 without a click; a clip of 10 ms is all edge."""
    length = min(round(DECLICK * rate), len(samples) // 2)
    return faded(samples, length, length, "linear")


def crossfaded(first: Samples, second: Samples, overlap: int, curve: Curve = "power") -> Samples:
    """`first`, then `second`, laid over each other for `overlap` frames: len(first) + len(second) - overlap frames.

    Raises ValueError when either is shorter than the overlap.
    """
    if not 0 <= overlap <= min(len(first), len(second)):
        raise ValueError(
            f"clips of {len(first)} and {len(second)} frames cannot overlap by {overlap}; shorten the overlap"
        )
    seam = len(first) - overlap
    shape = ramp(0, overlap, overlap, curve)[:, np.newaxis]
    mirror = ramp(1, overlap, overlap, curve)[::-1, np.newaxis]
    return np.concatenate([first[:seam], first[seam:] * mirror + second[:overlap] * shape, second[overlap:]])
