"""speecht5: English speech by Microsoft's SpeechT5 (Ao et al., 2021), with the voices of CMU ARCTIC."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from wavagent.audio import Audio
from wavagent.tool import Card, Licence, Params, Request, Result, SpeechParams, Tool, Weights

from ._expert import Place, drawn
from ._speecht5 import VOCODER, VOICES, Voiced, named, vector


class Speecht5Params(SpeechParams):
    """What SpeechT5 takes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its vocoder and tokenizer, and the folder of x-vectors."""

    model: Any
    vocoder: Any
    tokenizer: Any
    voices: Path


class Speecht5(Voiced[Loaded]):
    """Frame by frame, line by line: its dropout is what it samples with, and a batch would share it."""

    card: ClassVar[Card] = Card(
        name="speecht5",
        version="1",
        task="speech",
        summary="English speech with Microsoft's SpeechT5, in the voices of CMU ARCTIC or by x-vectors of your own",
        languages=("en",),
        voices=VOICES,
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
        weights=(Weights(repo="microsoft/speecht5_tts", megabytes=600), VOCODER),
        attribution=("SpeechT5, by Microsoft (MIT)", "CMU ARCTIC x-vectors, by Matthijs Hollemans (MIT)"),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = Speecht5Params

    def load(self, place: Place) -> Loaded:
        from transformers import AutoTokenizer, SpeechT5ForTextToSpeech, SpeechT5HifiGan

        folders, device = place.folders, place.device
        model = SpeechT5ForTextToSpeech.from_pretrained(folders[""], **place.loading).to(device).eval()
        vocoder = SpeechT5HifiGan.from_pretrained(folders["vocoder"], **place.of("vocoder").loading).to(device).eval()
        tokenizer = AutoTokenizer.from_pretrained(folders[""], local_files_only=True, normalize=True)
        model.speecht5.decoder.prenet.register_forward_pre_hook(self.alive)  # once for each step
        return Loaded(model, vocoder, tokenizer, folders["voices"])

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._said(model, request) for request in requests]

    def _said(self, loaded: Loaded, request: Request) -> Result:
        import torch

        device = loaded.model.device
        voice = torch.from_numpy(vector(self.card.name, loaded.voices, request.params.voice)).to(device)
        told = loaded.tokenizer(request.params.text, return_tensors="pt").to(device)
        with drawn(request.seed or 0, device.type):
            made = loaded.model.generate_speech(told.input_ids, voice[None], vocoder=loaded.vocoder)
        return Result(Audio.of(made.float().cpu().numpy(), self.card.rate))

    def refusal(self, params: Speecht5Params) -> str | None:
        if not named(params.voice):
            return f"speecht5 has no voice '{params.voice}'; a voice is the name of an x-vector, such as slt"
        return None

    def seconds(self, params: Speecht5Params) -> float:
        return max(0.5, len(params.text) / 15.0)


TOOL: Tool = Speecht5()
