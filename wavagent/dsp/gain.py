"""Levels: between decibels and linear factors."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def linear(db: float) -> float:
    """The factor for a gain in dB: 20 dB is 10.0, -inf dB is 0.0."""
    return math.exp(db * math.log(10.0) / 20.0)


def decibels(factor: float) -> float:
    """The gain in dB of a factor, by its size: 0.0 is -inf dB, never an error."""
    return 20.0 * math.log10(abs(factor)) if factor else -math.inf


def power_decibels(power: float) -> float:
    """The level in dB of a power (a mean square): 0.0 is -inf dB."""
    return 10.0 * math.log10(power) if power > 0.0 else -math.inf


def peak(samples: NDArray[np.floating[Any]]) -> float:
    """The largest sample, by size; 0.0 when there is none."""
    if not samples.size:
        return 0.0
    # two reductions without a temporary are twice as fast as abs().max()
    return max(float(samples.max()), -float(samples.min()))
