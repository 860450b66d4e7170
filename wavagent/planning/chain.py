"""The chain: who speaks a turn depends on who spoke the two before. Exact inference over all ways to cast them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def marginals(own: Sequence[Scores], one: Sequence[Scores], two: Sequence[Scores]) -> list[Scores]:
    """How likely each candidate speaks each turn.

    For turn t with its n(t) candidates, `own[t]` has the shape (n(t),): what speaks for each; `one[t]` the shape
    (n(t-1), n(t)): for following each candidate of the turn before; `two[t]` (n(t-2), n(t)): of the one before that.
    Scores are natural logarithms. The forward-backward algorithm over pairs of neighbouring speakers (Rabiner, 1989).
    """
    forward = [own[0][None, :]]
    for t in range(1, len(own)):
        forward.append(_into(forward[-1], two[t]) + one[t] + own[t][None, :])
    backward = [np.zeros_like(forward[-1])]
    for t in range(len(own) - 1, 0, -1):
        ahead = backward[0] + one[t] + own[t][None, :]
        backward.insert(0, _logsum(two[t][:, None, :] + ahead[None, :, :], 2))
    return [_likely(a + b) for a, b in zip(forward, backward, strict=True)]


def _into(pairs: Scores, two: Scores) -> Scores:
    """(n(t-2), n(t-1)) and (n(t-2), n(t)) to (n(t-1), n(t))."""
    return _logsum(pairs[:, :, None] + two[:, None, :], 0)


def _logsum(scores: Scores, axis: int) -> Scores:
    top = scores.max(axis=axis, keepdims=True)
    total: Scores = np.squeeze(top, axis) + np.log(np.exp(scores - top).sum(axis=axis))
    return total


def _likely(pairs: Scores) -> Scores:
    scores = _logsum(pairs, 0)
    likely: Scores = np.exp(scores - scores.max())
    likely /= likely.sum()
    return likely
