"""Where a clip stands between two loudspeakers.

Positions run from -1.0 (left) over 0.0 (middle) to 1.0 (right). Panning keeps the power, and so the loudness of
ITU-R BS.1770: a mono clip in the middle is 3 dB down in each channel. Copying mono to two channels, which is
what players do, is 3 LU louder; `to_stereo` does that, and `to_mono` undoes it.
"""

import math

import numpy as np

from wavagent.audio import Samples


def gains(position: float) -> tuple[float, float]:
    """The factors (left, right) for a position; their squares sum to 1. Positions past the ends are the ends."""
    angle = (min(max(position, -1.0), 1.0) + 1.0) * (math.pi / 4)
    return math.cos(angle), math.sin(angle)


def panned(samples: Samples, position: float) -> Samples:
    """Stereo from a mono clip, shape (frames, 2), by constant power; a stereo clip is balanced instead.

    Raises ValueError for more than two channels.
    """
    if samples.shape[1] == 1:
        sides: Samples = (samples.T * np.array(gains(position), np.float32)[:, np.newaxis]).T
        return sides
    return balanced(samples, position)


def balanced(samples: Samples, position: float) -> Samples:
    """A stereo clip leaned to one side: the other side fades out, the near one keeps its level.

    In the middle the samples are returned as they are. Raises ValueError unless there are two channels.
    """
    if samples.shape[1] != 2:
        raise ValueError(f"only mono and stereo can be panned, not {samples.shape[1]} channels; mix them down first")
    if position == 0.0:
        return samples
    left, right = gains(position)
    return samples * (np.array((left, right), np.float32) / np.float32(max(left, right)))


def to_stereo(samples: Samples) -> Samples:
    """Two channels: mono is copied to both, stereo is kept, of more than two the first two are the front pair."""
    if samples.shape[1] == 1:
        return np.repeat(samples, 2, axis=1)
    return samples[:, :2]


def to_mono(samples: Samples) -> Samples:
    """One channel, shape (frames, 1): the mean of all, so that nothing can clip that did not."""
    if samples.shape[1] == 1:
        return samples
    mixed: Samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return mixed
