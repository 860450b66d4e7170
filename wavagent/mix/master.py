"""Mastering: one gain for the whole programme and a true-peak limiter after it.

How much gain a limited programme needs to reach a target is found by measuring, not by guessing: the limiter takes
loudness away, and only where it works.
"""

from collections.abc import Iterator

import numpy as np

from wavagent.audio import CHANNELS, RATE, Samples
from wavagent.dsp.gain import decibels, linear
from wavagent.dsp.limiter import Limiter
from wavagent.dsp.loudness import Meter
from wavagent.mix.premaster import Premaster

CLOSE = 0.1
"""LU; a master this near to its target is left alone."""


def mastered(premaster: Premaster, gain: float, ceiling: float) -> Iterator[Samples]:
    """The programme raised by `gain` dB, its true peak at `ceiling` dBTP at most, in blocks."""
    factor = np.float32(linear(gain))
    limiter = Limiter(RATE, CHANNELS, ceiling)
    for block in premaster.blocks():
        if len(ready := limiter.feed(block * factor)):
            yield ready
    if len(rest := limiter.rest()):
        yield rest


def gain_for(premaster: Premaster, target: float, ceiling: float) -> float:
    """The gain in dB with which the limited programme has `target` LUFS; 0.0 for silence.

    Rounded to 0.01 dB: finer differences are not heard, and would tie the result to the last bit of a sum.
    """
    integrated = premaster.loudness.integrated
    if not np.isfinite(integrated):
        return 0.0
    gain = target - integrated
    for _ in range(3):
        if decibels(premaster.peak) + gain < ceiling - HEADROOM:
            break  # the limiter will not work, so nothing is taken away
        missing = target - _measured(premaster, gain, ceiling)
        if abs(missing) <= CLOSE:
            break
        gain += missing
    return round(float(gain), 2)


HEADROOM = 3.0
"""dB by which a true peak may pass the highest sample in all but contrived signals."""


def _measured(premaster: Premaster, gain: float, ceiling: float) -> float:
    meter = Meter(RATE, CHANNELS)
    for block in mastered(premaster, gain, ceiling):
        meter.feed(block)
    return meter.loudness().integrated
