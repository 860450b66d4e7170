"""How clearly each clip is of something, and how many different things all of them are of."""

import numpy as np
from numpy.typing import ArrayLike

from .divergence import divergence


def inception(classes: ArrayLike) -> float:
    """The inception score (Salimans et al., 2016) of clips with these distributions, of shape (clips, classes).

    Between 1 (all alike, or all unclear) and the number of classes. It is taken on all clips at once, not as the mean
    of several parts. Raises ValueError when there is no clip.
    """
    found = np.asarray(classes, np.float64)
    if found.ndim != 2 or not found.size:
        raise ValueError(f"at least one distribution is needed, not an array of shape {found.shape}")
    return float(np.exp(divergence(found, np.broadcast_to(found.mean(axis=0), found.shape))))
