"""A clip as a codec's tokens would give it back."""

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Params, Request, Result

from .._expert import Expert, Place, Wave, heard


class RecodeParams(Params):
    """What every codec takes beside the clip `audio`: about how many kilobits a second its tokens may have; None: as
    many as it can. It says `data["kbps"]`, what they had."""

    kbps: float | None = Field(default=None, gt=0.0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, and where it is."""

    model: Any
    device: str


class Codec(Expert[Loaded]):
    """Each channel goes through by itself, and at once: at a seam one would hear that the codec began anew.

    The clip keeps its length; one that is longer than the card's longest is refused.
    """

    params = RecodeParams

    @abstractmethod
    def recoded(self, model: Loaded, wave: Any, kbps: float | None) -> tuple[Any, float]:
        """`wave`, of shape (1, 1, frames), through the codec, in any shape, and the kilobits a second it took."""

    def load(self, place: Place) -> Loaded:
        from transformers import AutoModel

        model = AutoModel.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        return Loaded(model.to(place.device).eval(), place.device)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._one(model, request) for request in requests]

    def _one(self, model: Loaded, request: Request) -> Result:
        if "audio" not in request.inputs:
            raise Refused(f"tool '{self.card.name}' takes the clip 'audio' through its codec, and was given none")
        audio, rate, longest = request.inputs["audio"], self.card.rate, self.card.longest or math.inf
        if not 0.0 < audio.seconds <= longest:
            raise Refused(
                f"tool '{self.card.name}' takes clips of up to {longest:g} s, and this one has {audio.seconds:.1f} s"
            )
        channels = [heard(Audio.of(audio.samples[:, one], audio.rate), rate) for one in range(audio.channels)]
        made = [self._through(model, wave, request.params.kbps) for wave in channels]
        return Result(Audio.of(np.stack([wave for wave, _ in made], axis=1), rate), data={"kbps": made[0][1]})

    def _through(self, model: Loaded, wave: Wave, kbps: float | None) -> tuple[Wave, float]:
        import torch

        self.alive()
        given = torch.from_numpy(wave)[None, None].to(model.device, model.model.dtype)
        made, took = self.recoded(model, given, kbps)
        back: Wave = made.float().cpu().numpy().reshape(-1)[: len(wave)]
        return np.pad(back, (0, len(wave) - len(back))), round(took, 3)
