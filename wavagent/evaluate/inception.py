"""How clearly each clip is of something, and how many different things all of them are of."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def inception(classes: ArrayLike, parts: int = 1) -> float:
    """The inception score (Salimans et al., 2016) of clips with these distributions, of shape (clips, classes).

    Between 1 (all alike, or all unclear) and the number of classes: the mean over `parts` parts of the clips, the
    first, the second, ... of every so many of them. Raises ValueError when there are fewer clips than parts.
    """
    found = np.asarray(classes, np.float64)
    if found.ndim != 2 or not found.size or not 1 <= parts <= len(found):
        raise ValueError(f"at least {max(1, parts)} distributions are needed, not an array of shape {found.shape}")
    return float(np.mean([_score(found[first::parts]) for first in range(parts)]))


def _score(found: NDArray[np.float64]) -> float:
    all_of_them = np.broadcast_to(found.mean(axis=0), found.shape)
    heard = found > 0.0
    ratio = np.log(np.where(heard, found, 1.0)) - np.log(np.where(heard, all_of_them, 1.0))
    return float(np.exp((found * ratio).sum(axis=1).mean()))
