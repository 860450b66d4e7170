"""Random weights begin so small that a tiny model hears nothing of its input; these make them speak up."""

from typing import Any


def louder(model: Any, times: float) -> None:
    """Multiply every matrix of `model`."""
    for weights in model.parameters():
        if weights.dim() > 1:
            weights.data *= times
