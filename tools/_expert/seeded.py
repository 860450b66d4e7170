"""Sampling in which every row of a batch has a seed of its own.

A model's own sampling draws for all rows from one generator, so that what a row becomes would depend on what it is
batched with. The largest of `logits + Gumbel noise` is a draw from their softmax (Gumbel, 1954; Maddison et al., 2014):
with the noise of each row from its own generator, and the model told to take the largest, a row is the same alone and
in any company.
"""

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
        import torch

        if not self._generators:
            self._generators = [torch.Generator("cpu").manual_seed(seed) for seed in self._seeds]
        logits = scores.float() / self._temperature
        if 0 < self._top < logits.shape[-1]:
            least = torch.topk(logits, self._top).values[..., -1:]
            logits = logits.masked_fill(logits < least, -torch.inf)
        rows = logits.shape[0] // len(self._generators)
        # drawn on the CPU, so that the same seed is the same noise on every device
        noise = torch.stack([torch.rand(rows, logits.shape[-1], generator=one) for one in self._generators])
        return logits - torch.log(-torch.log(noise.clamp(1e-20, 1.0 - 1e-7))).reshape(logits.shape).to(logits.device)


def last(rows: Rows) -> Any:
    """`rows` as `generate` takes it: some models append guidance to the list they are given, which must come before."""
    from transformers import LogitsProcessorList

    class Last(LogitsProcessorList):  # type: ignore[misc]  # transformers' classes are not read by mypy here
        def append(self, processor: Any) -> None:
            self.insert(0, processor)

    made = Last()
    made.insert(0, rows)
    return made


@contextmanager
def drawn(seed: int, device: str) -> Iterator[None]:
    """In the block, what draws from torch's own generators draws from `seed`; after it they are as they were."""
    import torch

    devices = [torch.cuda.current_device()] if device == "cuda" else []
    with torch.random.fork_rng(devices=devices):
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
