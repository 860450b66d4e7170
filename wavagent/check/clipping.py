"""Clipping: the sound was too loud for its own format, and its peaks are cut flat."""

import numpy as np

from wavagent.check.take import Fault, Take

FULL = 0.985
"""Full scale, less what a codec or a resampler takes off a peak that was cut."""

FLAT = 2e-5
"""Two neighbours nearer than this are on one level: less than a step of 16 bits."""

RUN = 3
"""Neighbours after one another that are on one level: even the top of a sub-bass wave is rounder."""

SHARE = 0.0005
"""Of all samples: fewer cut peaks than this nobody hears."""


def clipping(take: Take) -> Fault | None:
    if take.task not in take.made:
        return None
    peaks = np.abs(take.audio.samples)
    if not peaks.size or peaks.max() < FULL:
        return None
    signal = take.audio.samples
    flat = (peaks[1:] >= FULL) & (np.abs(np.diff(signal, axis=0)) < FLAT)
    if len(flat) < RUN:
        return None
    share = float(np.lib.stride_tricks.sliding_window_view(flat, RUN, axis=0).all(axis=-1).mean())
    if share < SHARE:
        return None
    return Fault("clipping", f"is clipped: {100 * share:.2g} % of it is cut flat at full scale")
