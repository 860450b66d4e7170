"""Matrix products in pieces so small that BLAS keeps them on one thread.

The products of the filters here are too small to be worth waking other threads for, and those would fight with the
mixer's own: measured on two busy cores, a filter is ten times slower with them than without.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SMALL = 200_000
"""Multiplications in one piece; OpenBLAS starts threads from 262144 on."""


def product(rows: Floats, matrix: Floats) -> Floats:
    """`rows` @ `matrix`: (channels, n, a) and (a, b) give (channels, n, b)."""
    channels, count, width = rows.shape
    stack = max(1, _SMALL // matrix.size)
    whole = count // stack * stack
    made = np.empty((channels, count, matrix.shape[1]))
    stacks = (channels, whole // stack, stack)  # views both: an axis that is split is never copied
    np.matmul(rows[:, :whole].reshape(*stacks, width), matrix, out=made[:, :whole].reshape(*stacks, matrix.shape[1]))
    np.matmul(rows[:, whole:], matrix, out=made[:, whole:])
    return made
