"""What the device can do at most: how fast it copies and how fast it multiplies, measured."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Device:
    """A torch `kind` of device, in words, with bytes a second that it moves and operations a second that it does."""

    kind: str
    name: str
    dtype: Any
    bandwidth: float
    arithmetic: float

    @classmethod
    def here(cls, small: bool) -> "Device":
        """The device of this machine, measured on little data where it is to be `small`."""
        import torch

        if small:
            torch.set_num_threads(1)  # toys: threads would wait for each other
        kind = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = torch.bfloat16 if kind == "cuda" else torch.float32
        name = torch.cuda.get_device_name() if kind == "cuda" else "CPU (its figures say only that all runs)"
        size, width = (1 << 30, 8192) if kind == "cuda" else (1 << 22, 256) if small else (1 << 28, 2048)
        source = torch.zeros(size, dtype=torch.uint8, device=kind)
        target = torch.empty_like(source)
        left, right = (torch.randn(width, width, device=kind).to(dtype) for _ in range(2))
        product = torch.empty_like(left)
        copying = _best(lambda: target.copy_(source), kind)
        multiplying = _best(lambda: torch.matmul(left, right, out=product), kind)
        return cls(kind, name, dtype, 2 * size / copying, 2 * width**3 / multiplying)

    def floor(self, read: float, work: float) -> float:
        """The seconds that `work` operations on `read` bytes of weights take at the least."""
        return max(read / self.bandwidth, work / self.arithmetic)

    def seconds(self, make: Callable[[], object]) -> float:
        """How long `make` keeps the device busy, once."""
        return _timed(make, self.kind)

    @contextmanager
    def building(self) -> Iterator[None]:
        """Within the block, models come to be on the device, with random weights of its dtype."""
        import torch

        before = torch.get_default_dtype()
        torch.set_default_dtype(self.dtype)
        try:
            with torch.device(self.kind):
                yield
        finally:
            torch.set_default_dtype(before)

    def memory(self) -> float | None:
        """The most gigabytes of it that were in use since this was last asked; None where it is not counted."""
        import torch

        if self.kind != "cuda":
            return None
        peak = torch.cuda.max_memory_allocated() / 1e9
        torch.cuda.reset_peak_memory_stats()
        return float(peak)


def _best(do: Callable[[], object], kind: str) -> float:
    _timed(do, kind)
    return min(_timed(do, kind) for _ in range(5))


def _timed(do: Callable[[], object], kind: str) -> float:
    import torch

    synchronize = torch.cuda.synchronize if kind == "cuda" else (lambda: None)
    synchronize()
    began = time.perf_counter()
    do()
    synchronize()
    return time.perf_counter() - began
