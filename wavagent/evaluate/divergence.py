"""How far what is heard in made clips is from what is heard in the real ones."""

import numpy as np
from numpy.typing import ArrayLike

LEAST = 1e-6
"""What is added to a share before its logarithm is taken, as AudioGen's evaluation does (Kreuk et al., 2023)."""


def divergence(real: ArrayLike, made: ArrayLike) -> float:
    """The mean Kullback-Leibler divergence, in nats, of each made clip's classes from those of its real one.

    Both of shape (clips, classes), each row a distribution; row by row they belong together. Raises ValueError when
    they do not.
    """
    wanted, found = np.asarray(real, np.float64), np.asarray(made, np.float64)
    if wanted.shape != found.shape or wanted.ndim != 2 or not wanted.size:
        raise ValueError(f"as many made clips as real ones are needed, not {found.shape} and {wanted.shape}")
    ratio = np.log(np.where(wanted > 0.0, wanted, 1.0)) - np.log(found + LEAST)
    return max(0.0, float((wanted * ratio).sum(axis=1).mean()))
