"""CUDA graphs without CUDA: the operations of a step are written down once, and done again with the same tensors."""

from collections.abc import Callable
from typing import Any

FORBIDDEN = ("_local_scalar_dense", "nonzero", "lift_fresh", "rand", "normal", "bernoulli", "multinomial", "_to_copy")
"""What waits for the device, brings data from the CPU, or draws from a generator."""


def captured(step: Callable[[], None], pool: Any = None) -> Callable[[], None]:
    """As `torch.cuda.graph` captures it, but that the step runs meanwhile, so that it is undone: a call replays it.

    Raises RuntimeError for what cannot be captured. Between two calls Python does nothing, so a tensor that the step
    made anew, or a number that it read, is what it was at first.
    """
    from torch.utils._python_dispatch import TorchDispatchMode

    done: list[tuple[Any, Any, Any, Any]] = []
    written: dict[int, tuple[Any, Any]] = {}

    class Noting(TorchDispatchMode):  # type: ignore[misc]  # torch is not read by mypy here
        def __torch_dispatch__(self, op: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            name = op.overloadpacket.__name__
            if any(name.startswith(word) for word in FORBIDDEN):
                raise RuntimeError(f"operation not permitted when stream is capturing: {name}")
            if name.endswith("_"):
                written.setdefault(args[0].data_ptr(), (args[0], args[0].clone()))
            made = op(*args, **(kwargs or {}))
            done.append((op, args, kwargs or {}, made))
            return made

    with Noting():
        step()
    for tensor, before in reversed(written.values()):
        tensor.copy_(before)

    def replay() -> None:
        for op, args, kwargs, made in done:
            again = op(*args, **kwargs)
            for old, new in zip(_tensors(made), _tensors(again), strict=True):
                if old.data_ptr() != new.data_ptr():  # else a view of what was there, or written in place
                    old.copy_(new)

    return replay


def _tensors(made: Any) -> list[Any]:
    import torch

    if torch.is_tensor(made):
        return [made]
    return [one for each in made for one in _tensors(each)] if isinstance(made, list | tuple) else []
