"""Loops: clips whose end runs into their own beginning."""

import numpy as np

from wavagent.audio import Samples
from wavagent.dsp.fade import ramp


def seamless(samples: Samples, overlap: int) -> Samples:
    """A loop of len(samples) - overlap frames: the clip's end is laid, equal-power, over its own beginning.

    The loop's last frame is followed by its first as in the clip itself. Raises ValueError when the overlap is
    more than half of the clip, for then nothing of it would be heard alone.
    """
    length = len(samples) - overlap
    if overlap < 0 or length < overlap:
        raise ValueError(f"a clip of {len(samples)} frames cannot loop over {overlap}; the overlap is half at most")
    rising = ramp(0, overlap, overlap)[:, np.newaxis]
    falling = ramp(1, overlap, overlap)[::-1, np.newaxis]
    seam = samples[:overlap] * rising + samples[length:] * falling
    return np.concatenate([seam, samples[overlap:length]])


def tile(samples: Samples, frames: int, offset: int = 0) -> Samples:
    """`frames` frames of an endless repetition of `samples`, beginning at its frame `offset` (any integer).

    A window inside one repetition is a view, not a copy. Raises ValueError when there is nothing to repeat.
    """
    length = len(samples)
    if not length:
        raise ValueError("an empty clip cannot loop; there must be at least one frame")
    first = offset % length
    if first + frames <= length:
        return samples[first : first + frames]
    whole, rest = divmod(frames - (length - first), length)
    return np.concatenate([samples[first:], *[samples] * whole, samples[:rest]])
