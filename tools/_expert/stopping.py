"""How a model that makes token after token is ended between two of them."""

from collections.abc import Callable
from typing import Any


def while_alive(alive: Callable[[], None]) -> Any:
    """What `generate` takes as `stopping_criteria`: ends nothing by itself, and lets `alive` raise after each token."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList

    class Alive(StoppingCriteria):  # type: ignore[misc]  # transformers' classes are not read by mypy here
        def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
            alive()
            return torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)

    return StoppingCriteriaList([Alive()])
