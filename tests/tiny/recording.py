"""A recording to clone a voice from, and whether two clips are not the same."""

from typing import Any

import numpy as np

from wavagent.audio import Audio


def sung(hertz: float, seconds: float = 1.2, rate: int = 24_000, channels: int = 1) -> Audio:
    """A tone that swells three times a second: a voice, as far as a tiny model goes."""
    times = np.arange(round(seconds * rate)) / rate
    wave = 0.3 * np.sin(2 * np.pi * hertz * times) * (1 + np.sin(2 * np.pi * 3 * times))
    return Audio.of(np.repeat(wave[:, None], channels, 1), rate)


def differ(one: Any, other: Any) -> bool:
    """Whether two results differ by more than rounding."""
    first, second = one.audio.samples, other.audio.samples
    return first.shape != second.shape or float(np.abs(first - second).max()) > 1e-4
