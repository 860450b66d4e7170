"""ast_tags: which of AudioSet's 527 sounds are heard, and when, by the Audio Spectrogram Transformer (Gong et al.,
2021), as transformers runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Request, Result, Tool, Weights

from ._expert import Expert, Place, Wave, chunks, heard
from ._tags import TagParams, tags

RATE = 16_000

WINDOW = 10.0
"""Seconds that the model hears at once."""

LEAST = 1.0
"""Seconds of a last window that still counts."""

TOGETHER = 8
"""Windows in a batch."""


class AstParams(TagParams):
    """What it takes; with `classes` it also says `data["classes"]`: a distribution over all its classes (softmax),
    which adds up to 1, and is what the KL divergence and the inception score are taken on."""

    classes: bool = Field(default=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, what makes spectrograms for it, and the names of its classes."""

    model: Any
    features: Any
    device: str
    labels: tuple[str, ...]


class AstTags(Expert[Loaded]):
    """Every class is as likely as if it were the only one: several sounds are heard at once."""

    card = Card(
        name="ast_tags",
        version="1",
        task="detect",
        summary="Which of AudioSet's 527 sounds are heard, and when, with AST",
        rate=RATE,
        batch=8,
        pool="gpu",
        memory_mb=1_200,
        dtype="bfloat16",
        speed=20.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="BSD-3-Clause", commercial=True),
        weights=(Weights(repo="MIT/ast-finetuned-audioset-10-10-0.4593", megabytes=350),),
        attribution=("Audio Spectrogram Transformer, by Yuan Gong et al. (BSD-3-Clause)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = AstParams

    def load(self, place: Place) -> Loaded:
        from transformers import ASTForAudioClassification, AutoFeatureExtractor

        model = ASTForAudioClassification.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        features = AutoFeatureExtractor.from_pretrained(place.folder, local_files_only=True)
        names = model.config.id2label
        labels = tuple(str(names[number]) for number in range(len(names)))
        return Loaded(model.to(place.device).eval(), features, place.device, labels)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        windows = [_windows(request) for request in requests]
        logits = iter(self._logits(model, [wave for each in windows for _, wave in each]))
        return [
            _told(model.labels, np.stack([next(logits) for _ in each]), [start for start, _ in each], request)
            for request, each in zip(requests, windows, strict=True)
        ]

    def _logits(self, model: Loaded, waves: Sequence[Wave]) -> NDArray[np.float32]:
        """Of shape (windows, classes)."""
        made = []
        for first in range(0, len(waves), TOGETHER):
            self.alive()
            told = model.features(list(waves[first : first + TOGETHER]), sampling_rate=RATE, return_tensors="pt")
            values = told["input_values"].to(model.device, model.model.dtype)
            made.append(model.model(input_values=values).logits.float().cpu().numpy())
        found: NDArray[np.float32] = np.concatenate(made)
        return found


def _windows(request: Request) -> list[tuple[float, Wave]]:
    if "audio" not in request.inputs:
        raise Refused("tool 'ast_tags' listens to the clip 'audio', and was given none")
    return chunks(heard(request.inputs["audio"], RATE), RATE, WINDOW, LEAST)


def _told(labels: Sequence[str], logits: NDArray[np.float32], starts: Sequence[float], request: Request) -> Result:
    likely = 1.0 / (1.0 + np.exp(-logits))
    data = tags(labels, list(likely), starts, request.inputs["audio"].seconds, request.params)
    if request.params.classes:
        data["classes"] = _softmax(logits)
    return Result(data=data)


def _softmax(logits: NDArray[np.float32]) -> list[JsonValue]:
    """The middle of the windows' distributions."""
    raised = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    shares = (raised / raised.sum(axis=1, keepdims=True)).mean(axis=0)
    return [float(share) for share in shares]


TOOL: Tool = AstTags()
