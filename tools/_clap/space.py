"""Where sounds and descriptions lie in CLAP's space."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavagent.errors import Refused
from wavagent.tool import Request, Weights

from .._expert import Expert, Place, Wave, chunks, heard

RATE = 48_000

WINDOW = 10.0
"""Seconds that the model hears at once."""

LEAST = 1.0
"""Seconds of a last window that still counts."""

TOGETHER = 8
"""Windows in a batch."""

WEIGHTS = Weights(repo="laion/clap-htsat-unfused", megabytes=620)

Points = NDArray[np.float32]
"""float32, shape (points, dimensions), each of length 1."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, what makes spectrograms for it, and its tokens."""

    model: Any
    features: Any
    tokens: Any
    device: str


class Clap(Expert[Loaded]):
    """What its tools share: the model, and how it hears and reads."""

    def load(self, place: Place) -> Loaded:
        from transformers import AutoFeatureExtractor, AutoTokenizer, ClapModel

        model = ClapModel.from_pretrained(place.folder, dtype=place.dtype, **place.loading).to(place.device).eval()
        features = AutoFeatureExtractor.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model, features, AutoTokenizer.from_pretrained(place.folder, local_files_only=True), place.device)

    def windows(self, request: Request) -> list[tuple[float, Wave]]:
        """The windows of the clip `audio`, each with when it begins. Raises Refused when there is no clip."""
        if "audio" not in request.inputs:
            raise Refused(f"tool '{self.card.name}' listens to the clip 'audio', and was given none")
        return chunks(heard(request.inputs["audio"], RATE), RATE, WINDOW, LEAST)

    def sounds(self, model: Loaded, waves: Sequence[Wave]) -> Points:
        """A point for each window."""
        made = []
        for first in range(0, len(waves), TOGETHER):
            self.alive()
            told = model.features(
                list(waves[first : first + TOGETHER]),
                sampling_rate=RATE,
                truncation="rand_trunc",  # none is longer than the model's window, so that nothing is drawn
                return_tensors="pt",
            ).to(model.device)
            told["input_features"] = told["input_features"].to(model.model.dtype)
            made.append(model.model.get_audio_features(**told).pooler_output)
        return _unit(np.concatenate([part.float().cpu().numpy() for part in made]))

    def descriptions(self, model: Loaded, texts: Sequence[str]) -> Points:
        """A point for each text; the end of a very long one is not read."""
        self.alive()
        told = model.tokens(list(texts), padding=True, truncation=True, return_tensors="pt").to(model.device)
        found = model.model.get_text_features(input_ids=told["input_ids"], attention_mask=told["attention_mask"])
        return _unit(found.pooler_output.float().cpu().numpy())

    def clips(self, model: Loaded, requests: Sequence[Request]) -> Points:
        """A point for each request's clip: the middle of those of its windows, the longer ones counting more."""
        windows = [self.windows(request) for request in requests]
        points = iter(self.sounds(model, [wave for each in windows for _, wave in each]))
        weighed = [np.sum([len(wave) * next(points) for _, wave in each], axis=0) for each in windows]
        return _unit(np.stack(weighed))


def _unit(points: NDArray[np.float32]) -> Points:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    unit: Points = (points / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit
