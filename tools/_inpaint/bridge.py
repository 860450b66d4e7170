"""A short gap: the sound before it carried on, the sound after it carried back, and the one faded into the other."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONTEXT = 0.15
"""Seconds on each side that the prediction is made from."""

ORDER = 0.02
"""Seconds that a prediction looks back: a low voice has two periods in it."""


def bridged(wave: NDArray[np.float32], first: int, last: int, rate: int) -> NDArray[np.float32]:
    """`wave`, (frames,), with the frames from `first` to `last` predicted from both sides."""
    around = round(CONTEXT * rate)
    before = wave[max(0, first - around) : first].astype(np.float64)
    after = wave[last : last + around].astype(np.float64)[::-1]
    missing = last - first
    on, back = (_carried(side, missing, round(ORDER * rate)) for side in (before, after))
    fall = np.cos(np.linspace(0.0, np.pi / 2, missing + 2)[1:-1]) ** 2
    if not len(before) or not len(after):  # at an edge of the clip there is one side only
        fall = np.ones(missing) if len(before) else np.zeros(missing)
    made = wave.copy()
    made[first:last] = on * fall + back[::-1] * (1.0 - fall)
    return made


def _carried(heard: Floats, frames: int, order: int) -> Floats:
    """What comes after `heard`, by linear prediction."""
    order = min(order, len(heard) // 3)
    if order < 1:
        return np.zeros(frames)
    weights = burg(heard, order)[::-1]
    made = np.concatenate([heard[-order:], np.zeros(frames)])
    for at in range(order, order + frames):
        made[at] = weights @ made[at - order : at]
    return made[order:]


def burg(wave: Floats, order: int) -> Floats:
    """The weights of the last `order` samples, newest first, that predict the next one best (Burg, 1975).

    The predictor is always stable: what it carries on never grows without end.
    """
    forward, backward = wave[1:].copy(), wave[:-1].copy()
    weights = np.zeros(0)
    for _ in range(order):
        energy = forward @ forward + backward @ backward
        if energy <= 1e-18:
            break
        mirror = 2.0 * (forward @ backward) / energy
        weights = np.append(weights - mirror * weights[::-1], mirror)
        forward, backward = (forward - mirror * backward)[1:], (backward - mirror * forward)[:-1]
    return np.pad(weights, (0, order - len(weights)))
