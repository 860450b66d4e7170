"""Sampling in which every row of a batch has a seed of its own.

A model's own sampling draws for all rows from one generator, so that what a row becomes would depend on what it is
batched with. The largest of `logits + Gumbel noise` is a draw from their softmax (Gumbel, 1954; Maddison et al., 2014):
with the noise of each row from its own generator, and the model told to take the largest, a row is the same alone and
in any company.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


class Rows:
    """A logits processor, to be the last: turns greedy decoding into sampling, seeded row by row.

    `seeds` has one seed for each request; a request may have several rows in a row (codebooks), as `generate` gives
    them. `temperature` and `top` (the k likeliest are drawn from; 0: all) are what sampling would have used.
    """

    def __init__(self, seeds: Sequence[int], *, temperature: float = 1.0, top: int = 250) -> None:
        self._seeds, self._temperature, self._top = tuple(seeds), temperature, top
        self._generators: list[Any] = []

    def __call__(self, ids: Any, scores: Any) -> Any:
        """Logits of shape (rows, vocabulary) in, the same with noise out."""
        rows, width = scores.shape
        (noise,) = self.ahead(1, rows // len(self._seeds), width)
        return noisy(scores, noise.to(scores.device), temperature=self._temperature, top=self._top)

    def ahead(self, steps: int, rows: int, width: int) -> Any:
        """What the next `steps` draw from, each request for `rows` of its own: of shape (steps, all rows, width).

        Drawn on the CPU, so that the same seed is the same noise on every device.
        """
        import torch

        if not self._generators:
            self._generators = [torch.Generator("cpu").manual_seed(seed) for seed in self._seeds]
        drawn = [torch.rand(steps, rows, width, generator=one) for one in self._generators]
        return torch.cat(drawn, 1)


def noisy(scores: Any, noise: Any, *, temperature: float, top: int) -> Any:
    """Logits whose largest is a draw from the `top` likeliest (0: all); `noise` is even from 0 to 1, of their shape."""
    import torch

    logits = scores.float() / temperature
    if 0 < top < logits.shape[-1]:
        least = torch.topk(logits, top).values[..., -1:]
        logits = logits.masked_fill(logits < least, -torch.inf)
    return logits - torch.log(-torch.log(noise.clamp(1e-20, 1.0 - 1e-7)))


_DRAWING = threading.RLock()  # torch's own generators are one for all threads


@contextmanager
def drawn(seed: int, device: str) -> Iterator[None]:
    """In the block, what draws from torch's own generators draws from `seed`; after it they are as they were.

    Only one thread at a time is in such a block, for they would draw from the same row of numbers: whatever lets a
    library draw from those generators, even in vain, does so in one.
    """
    import torch

    devices = [torch.cuda.current_device()] if device == "cuda" else []
    with _DRAWING, torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        yield


@contextmanager
def drawing(model: Any, rows: Rows) -> Iterator[None]:
    """In the block `model.generate` draws with `rows`: for models that fill `logits_processor` in themselves."""
    from transformers import LogitsProcessorList

    theirs = model._get_logits_processor

    def with_rows(*arguments: Any, **options: Any) -> Any:
        return LogitsProcessorList([*theirs(*arguments, **options), rows])

    model._get_logits_processor = with_rows
    try:
        yield
    finally:
        del model._get_logits_processor
