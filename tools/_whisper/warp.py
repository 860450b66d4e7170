"""Dynamic time warping: the cheapest way through a table, from one corner to the other, in single steps."""

import numpy as np
from numpy.typing import NDArray


def warp(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each row of `costs`, shape (rows, columns), both at least 1, the first column that the cheapest way is in.

    The way begins at the first row and column, ends at the last ones, and never goes back in either.
    """
    rows, columns = costs.shape
    best = np.full((rows + 1, columns + 1), np.inf)
    best[0, 0] = 0.0
    for total in range(2, rows + columns + 1):  # along the diagonals, whose cells do not need one another
        i = np.arange(max(1, total - columns), min(rows, total - 1) + 1)
        j = total - i
        best[i, j] = costs[i - 1, j - 1] + np.minimum(best[i - 1, j - 1], np.minimum(best[i - 1, j], best[i, j - 1]))
    first = np.zeros(rows, np.int64)
    i, j = rows, columns
    while i > 0:
        first[i - 1] = j - 1
        step = int(np.argmin([best[i - 1, j - 1], best[i, j - 1], best[i - 1, j]]))
        i, j = i - (step != 1), j - (step != 2)
    return first
