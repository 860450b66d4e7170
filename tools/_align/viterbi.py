"""The likeliest way through a text: the Viterbi algorithm over the states of CTC (Graves et al., 2006)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Stretch = tuple[int, int]
"""The first and the last frame (exclusive) in which a symbol sounds."""


def viterbi(
    logs: NDArray[np.float32], symbols: Sequence[int], blank: int
) -> tuple[list[Stretch], NDArray[np.float64]] | None:
    """Where each of `symbols` sounds on the likeliest way, and the log likelihood of each frame on it.

    `logs` are log likelihoods of shape (frames, classes). None when the text has more symbols than the frames can hold
    (between two that are the same there must be a blank).
    """
    states = np.full(2 * len(symbols) + 1, blank)
    states[1::2] = symbols
    if len(logs) < len(symbols) + sum(a == b for a, b in zip(symbols, symbols[1:], strict=False)) or not len(logs):
        return None
    # from the state before last one may come only to another symbol: across a blank, and not to the same again
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    best = np.full(len(states), -np.inf)
    best[:2] = logs[0, states[:2]]
    steps = np.zeros((len(logs), len(states)), np.int8)
    for frame in range(1, len(logs)):
        one, two = np.full(len(states), -np.inf), np.full(len(states), -np.inf)
        one[1:] = best[:-1]
        two[2:] = np.where(skips[2:], best[:-2], -np.inf)
        ways = np.stack([best, one, two])
        steps[frame] = np.argmax(ways, axis=0)
        best = ways[steps[frame], np.arange(len(states))] + logs[frame, states]
    return _read(logs, states, steps, best)


def _read(
    logs: NDArray[np.float32], states: NDArray[np.int64], steps: NDArray[np.int8], best: NDArray[np.float64]
) -> tuple[list[Stretch], NDArray[np.float64]]:
    """The way back from the likelier of the two last states."""
    state = len(states) - 1 if len(states) == 1 or best[-1] >= best[-2] else len(states) - 2
    way = np.zeros(len(logs), np.int64)
    for frame in range(len(logs) - 1, -1, -1):
        way[frame] = state
        state -= int(steps[frame, state])
    stretches = []
    for symbol in range(1, len(states), 2):
        frames = np.flatnonzero(way == symbol)
        stretches.append((int(frames[0]), int(frames[-1]) + 1))
    return stretches, logs[np.arange(len(logs)), states[way]].astype(np.float64)
