"""xvector: whose voice it is, as a point among voices, by WavLM (Chen et al., 2022), as transformers runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._expert import Expert, Place, chunks, heard

RATE = 16_000

WINDOW = 20.0
"""Seconds that are heard at once."""

SHORTEST = 0.5
"""Seconds below which nobody can tell whose voice it is."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, and what prepares the sound for it."""

    model: Any
    features: Any
    device: str


class Xvector(Expert[Loaded]):
    """The cosine between the points of two clips says how alike the voices are; above about 0.86 they are one."""

    card = Card(
        name="xvector",
        version="1",
        task="embed",
        summary="Whose voice it is, as a point among voices, with WavLM",
        rate=RATE,
        batch=8,
        pool="gpu",
        memory_mb=900,
        dtype="bfloat16",
        speed=20.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-SA-3.0", commercial=True),
        weights=(Weights(repo="microsoft/wavlm-base-plus-sv", megabytes=405),),
        attribution=("WavLM, by Microsoft (CC BY-SA 3.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = Params

    def load(self, place: Place) -> Loaded:
        from transformers import AutoFeatureExtractor, WavLMForXVector

        model = WavLMForXVector.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        features = AutoFeatureExtractor.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model.to(place.device).eval(), features, place.device)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(data={"embedding": self._point(model, request)}) for request in requests]

    def _point(self, model: Loaded, request: Request) -> list[Any]:
        """Of length 1. One window after the other: padding would move the norms of the model's first layer."""
        if "audio" not in request.inputs:
            raise Refused("tool 'xvector' listens to the clip 'audio', and was given none")
        audio = request.inputs["audio"]
        if audio.seconds < SHORTEST:
            raise Refused(f"tool 'xvector' needs {SHORTEST} s to tell a voice, and the clip has {audio.seconds:.2f} s")
        total = np.zeros(1)
        for _, wave in chunks(heard(audio, RATE), RATE, WINDOW, SHORTEST):
            self.alive()
            told = model.features(wave, sampling_rate=RATE, return_tensors="pt")
            values = told["input_values"].to(model.device, model.model.dtype)
            point = model.model(input_values=values).embeddings[0].float().cpu().numpy().astype(np.float64)
            total = total + point / max(float(np.linalg.norm(point)), 1e-12) * len(wave)
        made: list[Any] = (total / max(float(np.linalg.norm(total)), 1e-12)).tolist()
        return made


TOOL: Tool = Xvector()
