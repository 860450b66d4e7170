"""demucs: a recording's speech or singing, or all the rest, by Hybrid Transformer Demucs (Rouard et al., 2023)."""

import inspect
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from wavagent.audio import Audio, Samples
from wavagent.dsp.resample import resampled
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Card, Licence, Params, Request, Result, SeparateParams, Tool, Weights

from ._expert import Expert, Place

KNOWN = "demucs.htdemucs.HTDemucs"
"""The only class that is built, whatever a file of weights names."""

VOICE = "vocals"


class DemucsParams(SeparateParams):
    """`overlap` is the part of each of its windows that the next one hears too: more is slower, and smoother."""

    overlap: float = Field(default=0.25, ge=0.0, lt=0.9)


class Demucs(Expert[Any]):
    """Clip by clip, in windows of a few seconds; what it keeps and what it leaves sum to the clip."""

    card: ClassVar[Card] = Card(
        name="demucs",
        version="1",
        task="separate",
        summary="Speech or singing apart from the music behind it, with Demucs",
        rate=44_100,
        channels=2,
        batch=4,
        pool="gpu",
        memory_mb=3_000,
        speed=1.0,
        seeded=False,
        code_licence=Licence(name="MIT", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="adefossez/HTDemucs", megabytes=170),),
        attribution=("Demucs, by Meta AI (MIT)",),
        requires=("torch", "demucs"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = DemucsParams

    def load(self, place: Place) -> Any:
        model = _model(place.folder).to(place.device).eval()
        if VOICE not in model.sources or model.audio_channels != 2:
            raise Unavailable("the weights of 'demucs' know no voice, or no stereo; fetch those of adefossez/HTDemucs")
        model.register_forward_pre_hook(self.alive)  # once for each window
        return model

    def make(self, model: Any, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(Audio(_separated(model, request), model.samplerate)) for request in requests]


def _separated(model: Any, request: Request) -> Samples:
    """What is to be kept of the clip, (frames, 2), at the model's rate."""
    import torch
    from demucs.apply import apply_model

    if "audio" not in request.inputs:
        raise Refused("tool 'demucs' works on the clip 'audio', and was given none")
    mix = _stereo(request.inputs["audio"], model.samplerate)
    if not len(mix):
        return mix
    device = next(model.parameters()).device
    wave = torch.from_numpy(np.ascontiguousarray(mix.T))
    middle = wave.mean(0)
    mean, spread = middle.mean(), middle.std(correction=0) + 1e-8  # as in its training
    stems = apply_model(
        model, ((wave - mean) / spread)[None], shifts=0, overlap=request.params.overlap, device=device, num_workers=0
    )[0]
    voice = (stems[model.sources.index(VOICE)] * spread + mean).float().cpu().numpy().T
    # what the stems do not hold between them (a room's noise) is no voice, and belongs to the rest
    kept = voice if request.params.keep == "speech" else mix - voice
    return np.ascontiguousarray(kept, np.float32)


def _stereo(audio: Audio, rate: int) -> Samples:
    """The clip in two channels; of more, what they have in common."""
    samples = audio.samples
    if samples.shape[1] != 2:
        samples = np.repeat(samples.mean(axis=1, keepdims=True, dtype=np.float32), 2, axis=1)
    return resampled(samples, audio.rate, rate)


def _model(folder: Path) -> Any:
    """The model of the safetensors file in `folder`. Raises Unavailable when it is not one that is known.

    The library would build whatever class a file names, with whatever the file tells it: that is as good as a pickle.
    """
    from demucs.htdemucs import HTDemucs
    from safetensors import safe_open

    files = sorted(folder.glob("*.safetensors"))
    if len(files) != 1:
        raise Unavailable(f"the weights of 'demucs' are one .safetensors file, and '{folder}' has {len(files)}")
    with safe_open(files[0], framework="pt") as file:
        about = file.metadata() or {}
        state = {name: file.get_tensor(name).float() for name in file.keys()}
    if about.get("klass") != KNOWN or "structure" in about:
        raise Unavailable(f"'{files[0].name}' is no {KNOWN}; fetch the weights of adefossez/HTDemucs")
    asked = inspect.signature(HTDemucs).parameters
    values = json.loads(about.get("kwargs", "{}")).items()
    model = HTDemucs(**{name: _value(value) for name, value in values if name in asked})
    model.load_state_dict(state)
    return model


def _value(value: Any) -> Any:
    """A setting of the model; fractions are written as what they are made of."""
    if isinstance(value, dict) and value.get("_type") == "fraction":
        return Fraction(value["numerator"], value["denominator"])
    return value


TOOL: Tool = Demucs()
