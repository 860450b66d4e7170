"""speecht5: English speech by Microsoft's SpeechT5 (Ao et al., 2021), with the voices of CMU ARCTIC.

A voice is an x-vector: 512 numbers that say how somebody sounds, in a .npy file. A folder with files of one's own, of
whatever names, offers those as well: `NAME.npy` is the voice NAME.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from wavagent.audio import Audio
from wavagent.errors import Broken, Unavailable
from wavagent.tool import Card, Gender, Licence, Params, Request, Result, SpeechParams, Tool, VoiceCard, Weights

from ._expert import Expert, Place, drawn

_VOICES: Mapping[str, tuple[str, Gender]] = {
    "awb": ("Scottish man", "male"),
    "bdl": ("American man", "male"),
    "clb": ("American woman", "female"),
    "jmk": ("Canadian man", "male"),
    "ksp": ("Indian man", "male"),
    "rms": ("American man", "male"),
    "slt": ("American woman", "female"),
}
"""The speakers of CMU ARCTIC whose x-vectors are published."""

_XVECTORS = Weights(repo="Matthijs/cmu-arctic-xvectors", megabytes=20, part="voices")

_NO_VOICES = (
    "needs the x-vectors of its voices: unpack spkrec-xvect.zip of "
    "https://huggingface.co/datasets/Matthijs/cmu-arctic-xvectors and type: "
    "wavagent tools fetch speecht5 --part voices --folder DIR"
)


class Speecht5Params(SpeechParams):
    """What SpeechT5 takes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its vocoder and tokenizer, and the folder of x-vectors."""

    model: Any
    vocoder: Any
    tokenizer: Any
    voices: Path


class Speecht5(Expert[Loaded]):
    """Frame by frame, line by line: its dropout is what it samples with, and a batch would share it."""

    card: ClassVar[Card] = Card(
        name="speecht5",
        version="1",
        task="speech",
        summary="English speech with Microsoft's SpeechT5, in the voices of CMU ARCTIC or by x-vectors of your own",
        languages=("en",),
        voices=tuple(
            VoiceCard(id=id, name=f"{id}, {who}", language="en", gender=gender) for id, (who, gender) in _VOICES.items()
        ),
        rate=16_000,
        longest_text=400,
        batch=8,
        pool="gpu",
        on_request=True,
        any_voice=True,
        memory_mb=1_200,
        deterministic=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(
            Weights(repo="microsoft/speecht5_tts", megabytes=600),
            Weights(repo="microsoft/speecht5_hifigan", megabytes=55, part="vocoder"),
        ),
        attribution=("SpeechT5, by Microsoft (MIT)", "CMU ARCTIC x-vectors, by Matthijs Hollemans (MIT)"),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = Speecht5Params

    def load(self, place: Place) -> Loaded:
        from transformers import AutoTokenizer, SpeechT5ForTextToSpeech, SpeechT5HifiGan

        folders, device = place.folders, place.device
        model = SpeechT5ForTextToSpeech.from_pretrained(folders[""], **place.loading).to(device).eval()
        vocoder = SpeechT5HifiGan.from_pretrained(folders["vocoder"], **place.loading).to(device).eval()
        tokenizer = AutoTokenizer.from_pretrained(folders[""], local_files_only=True, normalize=True)
        model.speecht5.decoder.prenet.register_forward_pre_hook(self.alive)  # once for each step
        return Loaded(model, vocoder, tokenizer, folders["voices"])

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._said(model, request) for request in requests]

    def _said(self, loaded: Loaded, request: Request) -> Result:
        import torch

        device = loaded.model.device
        vector = torch.from_numpy(_vector(loaded.voices, request.params.voice)).to(device)
        told = loaded.tokenizer(request.params.text, return_tensors="pt").to(device)
        with drawn(request.seed or 0, device.type):
            made = loaded.model.generate_speech(told.input_ids, vector[None], vocoder=loaded.vocoder)
        return Result(Audio.of(made.float().cpu().numpy(), self.card.rate))

    def refusal(self, params: Speecht5Params) -> str | None:
        if not params.voice.replace("-", "_").isidentifier():
            return f"speecht5 has no voice '{params.voice}'; a voice is the name of an x-vector, such as slt"
        return None

    def seconds(self, params: Speecht5Params) -> float:
        return max(0.5, len(params.text) / 15.0)

    def lack(self) -> str | None:
        if self._folders is None and (lack := super().lack()):
            return lack
        from wavagent.weights import pin_of

        return None if self._folders is not None or pin_of("speecht5", "voices") else _NO_VOICES

    def weights_of(self, part: str) -> Weights | None:
        return _XVECTORS if part == "voices" else super().weights_of(part)

    def chosen(self) -> Sequence[Weights]:
        if lack := self.lack():
            raise Unavailable(f"tool 'speecht5' {lack}")
        return (*self.card.weights, _XVECTORS)

    @property
    def edition(self) -> str:
        from wavagent.weights import pin_of

        pins = [pin_of("speecht5", part) for part in ("", "vocoder", "voices")]
        return " ".join(pin.edition for pin in pins if pin is not None)


def _vector(folder: Path, voice: str) -> Any:
    """The x-vector of a voice, of shape (n,): NAME.npy, or the first of a speaker's that are published together."""
    if not voice.replace("-", "_").isidentifier():
        raise Unavailable(f"speecht5 has no voice '{voice}'")
    path = next(iter([*folder.rglob(f"{voice}.npy"), *sorted(folder.rglob(f"cmu_us_{voice}_*.npy"))]), None)
    if path is None:
        raise Unavailable(f"speecht5 has no voice '{voice}': there is no {voice}.npy in {folder}")
    try:
        vector = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise Broken(f"'{path}' holds no x-vector ({error}); it is a .npy file of 512 numbers") from error
    if not isinstance(vector, np.ndarray) or vector.dtype.kind != "f" or not np.isfinite(vector).all():
        raise Broken(f"'{path}' holds no x-vector; it is a .npy file of 512 numbers")
    return vector.astype(np.float32).reshape(-1)


TOOL: Tool = Speecht5()
