"""Another rate for the same sound, by libsoxr (the SoX resampler)."""

import numpy as np
from numpy.typing import NDArray


def resampled_frames(frames: int, old: int, new: int) -> int:
    """How many frames `frames` at rate `old` are at rate `new`: the nearest whole number, halves up."""
    return (2 * frames * new + old) // (2 * old)


def resampled(samples: NDArray[np.float32], old: int, new: int, quality: str = "HQ") -> NDArray[np.float32]:
    """`samples`, (frames,) or (frames, channels), from rate `old` to rate `new`.

    The length is exactly `resampled_frames(frames, old, new)`; the delay of the filter is already taken out. At
    the same rate the samples are returned as they are, not copied. `quality` is soxr's: HQ is flat to 0.91 of
    Nyquist and 120 dB down beyond. Raises ValueError for a rate below 1.
    """
    import soxr

    if min(old, new) < 1:
        raise ValueError(f"a rate is a positive number of hertz, not {min(old, new)}")
    if old == new:
        return samples
    wanted = resampled_frames(len(samples), old, new)
    if not wanted:
        return np.zeros((0, *samples.shape[1:]), np.float32)
    made: NDArray[np.float32] = soxr.resample(samples, old, new, quality=quality)
    return _cut(made, wanted)


def _cut(samples: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """`samples`, trimmed or padded with zeros to `frames`: soxr's own rounding is off by a frame at times."""
    missing = frames - len(samples)
    if missing <= 0:
        return samples[:frames]
    return np.concatenate([samples, np.zeros((missing, *samples.shape[1:]), np.float32)])
