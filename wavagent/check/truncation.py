"""Truncation: a line is over before all of it was said."""

import numpy as np

from wavagent.check.take import FLOOR, Fault, Take

EDGE = 0.003
"""Seconds at the very end whose level is looked at: a tool that ends a line lets it die away, or fades it."""

ABRUPT = 12.0
"""dB below a line's usual level: a last moment that is louder was cut. Whole lines of eSpeak end below 32, recorded
speech below 15."""

LEAST = 0.45
"""Of the time that a line should take: whatever is over earlier has lost words."""


def truncation(take: Take) -> Fault | None:
    if not take.spoken or not take.active.any():
        return None
    least = take.expected[0]
    if take.audio.seconds < LEAST * least - 0.1:
        return Fault("truncation", f"lasts {take.audio.seconds:.2g} s, and its text takes about {least:.2g} s to say")
    if _end(take) > float(np.median(take.levels[take.active])) - ABRUPT:
        return Fault("truncation", "ends in the middle of a sound")
    return None


def _end(take: Take) -> float:
    """dB of the last moment."""
    last = take.heard[-max(1, round(EDGE * take.audio.rate)) :]
    return 10.0 * float(np.log10(max(float(np.mean(last.astype(np.float64) ** 2)), 10.0 ** (FLOOR / 10.0))))
