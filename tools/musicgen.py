"""musicgen: instrumental music from a description, by Meta's MusicGen (Copet et al., 2023), as transformers runs it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from wavagent.audio import Audio
from wavagent.tool import Card, Licence, MusicParams, Request, Result, Tool, Weights

from ._expert import Expert, Place, in_batches
from ._musicgen import Decoding, Sampling, of_words

FRAMES = 50
"""Steps of the decoder for a second of music."""

WINDOW = 30.0
"""Seconds that the model was trained on, and makes in one go; longer pieces go on from the last of them."""

OVERLAP = 10.0
"""Seconds of what was made that a continuation hears."""


class MusicgenParams(MusicParams):
    """What MusicGen takes. `guidance` is how closely it keeps to the words (classifier-free guidance)."""

    seconds: float = Field(default=24.0, ge=0.5, le=300.0)
    guidance: float = Field(default=3.0, ge=1.0, le=10.0)
    temperature: float = Field(default=1.0, gt=0.0, le=2.0)
    top: int = Field(default=250, ge=0, le=2048, description="of how many of the likeliest tokens is drawn; 0: all")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model with its text processor, what its codec says of the sound, and how its decoder is laid out."""

    model: Any
    processor: Any
    device: str
    rate: int
    decoding: Decoding


class Musicgen(Expert[Loaded]):
    """Token by token, four codebooks of EnCodec at 50 Hz; every request of a batch has its own seed."""

    card = Card(
        name="musicgen",
        version="2",
        task="music",
        summary="Instrumental music from a description, with MusicGen; longer than 30 s by continuation",
        rate=32_000,
        channels=1,
        longest=300.0,
        loops=False,
        batch=8,
        pool="gpu",
        memory_mb=5_000,
        dtype="bfloat16",
        speed=1.0,
        deterministic=False,  # the same seed is the same piece on the same device and batch width, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-4.0", commercial=False),
        weights=(Weights(repo="facebook/musicgen-small", megabytes=2_400),),
        attribution=("MusicGen, by Meta AI (CC BY-NC 4.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = MusicgenParams

    def load(self, place: Place) -> Loaded:
        from transformers import AutoProcessor, MusicgenForConditionalGeneration

        model = MusicgenForConditionalGeneration.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        processor = AutoProcessor.from_pretrained(place.folder, local_files_only=True)
        model = model.to(place.device).eval()
        rate = model.config.audio_encoder.sampling_rate
        return Loaded(model, processor, place.device, rate, Decoding(model.decoder))

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return in_batches(requests, _alike, lambda alike: self._together(model, alike))

    def _together(self, model: Loaded, requests: Sequence[Request]) -> list[Result]:
        """Requests with the same settings, as one batch as long as the longest of them."""
        seconds = [request.params.seconds for request in requests]
        made = self._window(model, requests, min(WINDOW, max(seconds)), None)
        while made.shape[-1] < max(seconds) * model.rate:
            missing = max(seconds) - made.shape[-1] / model.rate
            longer = self._window(model, requests, min(WINDOW, OVERLAP + missing), made)
            made = np.concatenate([made, longer[:, round(OVERLAP * model.rate) :]], axis=1)
        return [
            Result(Audio.of(row[: round(length * model.rate)], model.rate))
            for row, length in zip(made, seconds, strict=True)
        ]

    def _window(self, model: Loaded, requests: Sequence[Request], seconds: float, made: Any) -> Any:
        """Music of shape (requests, samples), which begins with the end of what was `made`, where there is any."""
        params = requests[0].params
        sampling = Sampling(params.guidance, params.temperature, params.top)
        given: dict[str, Any] = {}
        if made is not None:
            given = {"audio": list(made[:, -round(OVERLAP * model.rate) :]), "sampling_rate": model.rate}
        told = model.processor(
            text=[request.params.what for request in requests], padding=True, return_tensors="pt", **given
        ).to(model.device)
        if made is not None:
            told["input_values"] = told["input_values"].to(model.model.dtype)
        prompt = of_words(model.model, told, sampling.guided)
        # with the same noise again, every window would be much like the one before
        seeds = [(request.seed or 0) + (0 if made is None else made.shape[-1]) for request in requests]
        steps = round((seconds - (0.0 if made is None else OVERLAP)) * FRAMES)
        codes = model.decoding(prompt, steps, sampling, seeds, self.alive)
        audio = model.model.audio_encoder.decode(codes[None], [None] * len(requests)).audio_values
        return audio[:, 0].float().cpu().numpy()


def _alike(request: Request) -> Hashable:
    """The settings of the sampling, which are one batch's."""
    return request.params.guidance, request.params.temperature, request.params.top


TOOL: Tool = Musicgen()
