"""Where in the sound the decoder looked when it wrote each token."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .warp import warp

STEP = 0.02
"""Seconds of a column of the encoder's output."""


def moments(
    attentions: Sequence[Any], heads: Sequence[Sequence[int]], prompt: int, seconds: float, smooth: int
) -> NDArray[np.float64]:
    """When each token begins, and the last one ends: seconds, shape (tokens + 1,).

    `attentions` are those of one forward pass, of shape (1, heads, positions, columns) for each layer, over a prompt,
    the tokens, and the end's token. `heads` are (layer, head) pairs that follow the sound; `smooth` is the odd width of
    the median filter along time.
    """
    columns = max(1, round(seconds / STEP))
    weights = np.stack([attentions[layer][0, head, :, :columns].float().cpu().numpy() for layer, head in heads])
    spread = weights.std(axis=1, keepdims=True)
    weights = (weights - weights.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-10)
    # the position before a token is the one that looks for it
    table = _median(weights, smooth).mean(axis=0)[prompt - 1 : -1]
    found: NDArray[np.float64] = warp(-table.astype(np.float64)) * np.float64(STEP)
    return found


def _median(weights: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """The median over `width` columns about each."""
    half = width // 2
    if weights.shape[-1] <= half:  # too short to be mirrored
        return weights
    wide = np.pad(weights, ((0, 0), (0, 0), (half, half)), mode="reflect")
    found: NDArray[np.float32] = np.median(np.lib.stride_tricks.sliding_window_view(wide, width, axis=-1), axis=-1)
    return found
