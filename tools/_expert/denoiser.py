"""An expert that makes its clip out of noise, step by step, with one of diffusers' pipelines.

Every request has noise of its own, from its seed, drawn on the CPU: it is the same alone and in company, and on every
device. The length is part of the noise's shape, so what is to be batched is made equally long, and cut.
"""

import math
from abc import abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from wavagent.audio import Audio
from wavagent.tool import Params, Request, Result

from .batches import in_batches
from .expert import Expert, Place


class Denoising(Params):
    """How the noise is taken away: in `steps`, keeping to the words by `guidance`, and away from what is to `avoid`."""

    steps: int = Field(default=100, ge=1, le=1000)
    guidance: float = Field(default=3.5, gt=1.0, le=20.0)
    avoid: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests with the same settings, of the first of them, to be made `seconds` long each."""

    requests: Sequence[Request]
    seconds: float

    @property
    def params(self) -> Any:
        return self.requests[0].params

    @property
    def whats(self) -> list[str]:
        return [request.params.what for request in self.requests]

    @property
    def avoids(self) -> list[str]:
        return [request.params.avoid for request in self.requests]

    @property
    def generators(self) -> list[Any]:
        """The noise of each."""
        import torch

        return [torch.Generator("cpu").manual_seed(request.seed or 0) for request in self.requests]

    @property
    def each(self) -> list[tuple[Request, Any]]:
        """Every request with its noise."""
        return list(zip(self.requests, self.generators, strict=True))


class Denoiser(Expert[Any]):
    """Loads `pipeline`, a class of diffusers, and makes clips as long as a multiple of `grain` seconds."""

    pipeline: ClassVar[str]
    grain: ClassVar[float]

    def load(self, place: Place) -> Any:
        import diffusers
        from transformers.utils import logging

        diffusers.utils.logging.disable_progress_bar()
        diffusers.utils.logging.set_verbosity_error()  # a pipeline that is no longer developed says so at every load
        logging.disable_progress_bar()
        kind = getattr(diffusers, self.pipeline)
        pipe = kind.from_pretrained(place.folder, torch_dtype=place.dtype, **place.loading)
        pipe.set_progress_bar_config(disable=True)
        return pipe.to(place.device)

    @abstractmethod
    def denoise(self, pipe: Any, batch: Batch) -> Any:
        """Samples of shape (requests, [channels,] samples), at the card's rate."""

    def make(self, model: Any, requests: Sequence[Request]) -> Sequence[Result]:
        def together(alike: list[Request]) -> list[Result]:
            batch = Batch(alike, self._whole(self.seconds(alike[0].params)))
            return self._cut(batch, self.denoise(model, batch))

        return in_batches(requests, self._alike, together)

    def _alike(self, request: Request) -> Hashable:
        """The settings, and the length that is made."""
        settings = request.params.model_dump_json(exclude={"what", "seconds", "avoid", "loop"})
        return settings, self._whole(self.seconds(request.params))

    def _whole(self, seconds: float) -> float:
        return math.ceil(round(seconds / self.grain, 6)) * self.grain

    def _cut(self, batch: Batch, samples: Any) -> list[Result]:
        rate = self.card.rate
        lengths = [round(self.seconds(request.params) * rate) for request in batch.requests]
        rows = np.asarray(samples, np.float32)
        return [
            Result(Audio.of((row if row.ndim == 1 else row.T)[:length], rate))
            for row, length in zip(rows, lengths, strict=True)
        ]
