"""The Fréchet distance between two sets of clips (Kilgour et al., 2019, for audio)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def frechet(one: ArrayLike, other: ArrayLike) -> float:
    """The distance between the normal distributions nearest to two sets of points, of shape (points, dimensions).

    0 for the same sets; it has no upper bound, and depends on the space and on the number of points. Raises ValueError
    unless both have at least two points, in the same dimensions.
    """
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if min(first.ndim, second.ndim) < 2 or min(len(first), len(second)) < 2 or first.shape[1] != second.shape[1]:
        raise ValueError(f"two sets of at least two points each are needed, not {first.shape} and {second.shape}")
    apart = first.mean(axis=0) - second.mean(axis=0)
    spreads = [np.atleast_2d(np.cov(points, rowvar=False)) for points in (first, second)]
    # the trace of the square root of A B is that of the symmetric sqrt(A) B sqrt(A), whose eigenvalues are real
    half = _root(spreads[0])
    shared = np.linalg.eigvalsh(half @ spreads[1] @ half)
    both = float(np.trace(spreads[0]) + np.trace(spreads[1]) - 2.0 * np.sqrt(np.maximum(shared, 0.0)).sum())
    return max(0.0, float(apart @ apart) + both)


def _root(spread: Floats) -> Floats:
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(spread)
    root: Floats = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root
