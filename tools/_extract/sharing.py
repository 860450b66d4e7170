"""Which components are what was asked for: those that fit clearly better than the others of the same recording."""

import numpy as np

from .._spectra import Floats

SLOPE = 8.0
"""How soon a share rises from 0 to 1, over the distance between what fits and what does not."""

ALIKE = 1e-6
"""A difference between two fits that is none."""


def shares(fits: Floats, powers: Floats) -> Floats:
    """How much of each component to keep, from 0 to 1, by how well it fits; louder ones have more say in the border.

    The border is where it parts the fits into the two most distant groups (Otsu, 1979), over the whole recording:
    what a score is worth depends on the words, and on the recording. Where nothing differs, all is kept.
    """
    order = np.argsort(fits)
    ranked, says = fits[order], np.sqrt(powers[order]) + ALIKE
    if ranked[-1] - ranked[0] < ALIKE:
        return np.ones_like(fits)
    below, above = np.cumsum(says)[:-1], np.cumsum(says[::-1])[-2::-1]
    lower = np.cumsum(ranked * says)[:-1] / below
    upper = np.cumsum((ranked * says)[::-1])[-2::-1] / above
    cut = int(np.argmax(below * above * (upper - lower) ** 2))
    border, width = (lower[cut] + upper[cut]) / 2, upper[cut] - lower[cut]
    kept: Floats = 1.0 / (1.0 + np.exp(-SLOPE * (fits - border) / width))
    return kept
