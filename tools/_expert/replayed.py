"""A step that is launched as a whole.

A step of a small decoder is some hundred kernels, which Python launches more slowly than a GPU runs them. Captured as a
CUDA graph they are one launch.
"""

import threading
import warnings
from collections.abc import Callable
from typing import Any

Step = Callable[[], None]
"""Always does the same to the same tensors; between two calls only what lies in them may change.

It must not wait for the device, draw from a generator, or touch the CPU's memory.
"""


_CAPTURING = threading.Lock()  # CUDA takes one capture at a time in a process, and torch does them all on one stream


class Replayed:
    """Runs a step; on a GPU the first time only, then it is captured and replayed.

    Graphs with the same `pool` use the same memory, one after the other; without a pool nothing is captured. The step
    is not kept, so that what keeps this can be kept by the step.
    """

    def __init__(self, pool: Any = None) -> None:
        self._pool, self._ran = pool, False
        self._replay: Step | None = None

    def __call__(self, step: Step) -> None:
        """Runs `step`, the same at every call."""
        if self._pool is None:
            step()
        elif not self._ran:
            _aside(step)
            self._ran = True
        else:
            self._replay = self._replay or self._captured(step)
            (self._replay or step)()

    def _captured(self, step: Step) -> Step | None:
        """A replay of `step`, which did not run it; None, and from now on no other try, where it cannot be captured."""
        try:
            return _captured(step, self._pool)
        except RuntimeError as error:
            self._pool = None
            lost = f"this GPU runs a step kernel by kernel, slowly: no CUDA graph ({error})"
            warnings.warn(lost, category=RuntimeWarning, stacklevel=3)
            return None


def pool_on(device: str) -> Any:
    """The memory that graphs on `device` share; None where there are no CUDA graphs."""
    import torch

    return torch.cuda.graph_pool_handle() if device == "cuda" else None


def _aside(step: Step) -> None:
    """Once on a stream of its own, as CUDA wants it before: what is chosen the first time is not part of a graph."""
    import torch

    aside, here = torch.cuda.Stream(), torch.cuda.current_stream()
    aside.wait_stream(here)
    with torch.cuda.stream(aside):
        step()
    here.wait_stream(aside)


def _captured(step: Step, pool: Any) -> Step:
    """Raises RuntimeError where `step` cannot be captured."""
    import torch

    graph = torch.cuda.CUDAGraph()
    with (
        _CAPTURING,
        torch.cuda.stream(torch.cuda.current_stream()),  # back to it, also when a capture breaks off
        torch.cuda.graph(graph, pool=pool, capture_error_mode="thread_local"),
    ):
        step()
    replay: Step = graph.replay
    return replay
