"""speecht5_convert: English speech, said again in another voice, by Microsoft's SpeechT5 (Ao et al., 2021).

The voice is that of an x-vector: a published one, one of a person's own, or that of whoever speaks in a recording,
which SpeechBrain's net finds: its weights are a part of their own, `speaker`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from wavagent.audio import Audio
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Card, ConvertParams, Licence, Params, Request, Result, Tool, Weights
from wavagent.weights import pin_of

from ._checkpoint import State, tensors
from ._expert import Place, Wave, drawn, heard, reference, windows
from ._speecht5 import VOCODER, VOICES, Voiced, file_of, vector
from ._tdnn import xvector

RATE = 16_000

WINDOW = 12.0
"""Seconds that are said again at once: the model was trained on single sentences."""

SEARCH = 8.0
"""Seconds at the end of a window in which a pause is looked for, to cut there."""

SHORTEST = 0.25
"""Seconds that the model's first layers need; what is shorter is lengthened with silence."""

SILENT = 1e-3
"""Full scale of the loudest sample that counts as nothing: -60 dBFS."""

FRAMES = 1.25
"""Frames that it makes, of 16 ms, for each that it hears, of 20 ms."""

LEAST, MOST = 0.75, 1.5
"""How long it may take, against what it heard: left to itself the model ends in the middle of some sentences, and does
not end others."""


REFERENCE = (1.0, 60.0)
"""Seconds of the shortest and the longest recording that a voice is taken from."""

SPEAKER = Weights(
    repo="speechbrain/spkrec-xvect-voxceleb",
    megabytes=17,
    part="speaker",
    optional=True,
    files=("embedding_model.ckpt",),
)

_NO_SPEAKER = (
    "to take a voice from a recording it needs another model, speechbrain/spkrec-xvect-voxceleb (17 MB, Apache-2.0, a "
    "pickle): wavagent tools fetch speecht5_convert --part speaker --allow-pickle"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its vocoder, what prepares the sound for it, the folder of x-vectors, and the net that finds them."""

    model: Any
    vocoder: Any
    features: Any
    voices: Path
    speaker: State | None


class Speecht5Convert(Voiced[Loaded]):
    """A clip is said again pause by pause; each part begins when its original did, or when the one before ends."""

    card: ClassVar[Card] = Card(
        name="speecht5_convert",
        version="1",
        task="convert_voice",
        summary="English speech said again in a voice of CMU ARCTIC, of your own, or of a recording, with SpeechT5",
        languages=("en",),
        voices=VOICES,
        rate=RATE,
        batch=8,
        pool="gpu",
        any_voice=True,
        memory_mb=1_300,
        deterministic=False,  # the same seed is the same clip on the same device, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="microsoft/speecht5_vc", megabytes=621), VOCODER, SPEAKER),
        attribution=(
            "SpeechT5, by Microsoft (MIT)",
            "CMU ARCTIC x-vectors, by Matthijs Hollemans (MIT)",
            "x-vectors' net, by SpeechBrain (Apache-2.0)",
        ),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = ConvertParams

    def load(self, place: Place) -> Loaded:
        from transformers import SpeechT5FeatureExtractor, SpeechT5ForSpeechToSpeech, SpeechT5HifiGan

        folders, device = place.folders, place.device
        model = SpeechT5ForSpeechToSpeech.from_pretrained(folders[""], **place.loading).to(device).eval()
        vocoder = SpeechT5HifiGan.from_pretrained(folders["vocoder"], **place.of("vocoder").loading).to(device).eval()
        features = SpeechT5FeatureExtractor.from_pretrained(folders[""], local_files_only=True)
        model.speecht5.decoder.prenet.register_forward_pre_hook(self.alive)  # once for each step
        return Loaded(model, vocoder, features, folders["voices"], self._speaker(place))

    def _speaker(self, place: Place) -> State | None:
        """The net that finds x-vectors, when it was fetched. Raises Unavailable and Broken."""
        folder = place.folders.get("speaker")
        if folder is None:
            return None
        files = sorted(path for path in folder.iterdir() if path.stem == "embedding_model")
        if not files:
            raise Unavailable(f"tool 'speecht5_convert' finds no embedding_model.ckpt in '{folder}'")
        return tensors(files[-1], place.of("speaker"), self.card.name, "speaker")

    def chosen(self) -> Sequence[Weights]:
        return [one for one in super().chosen() if not one.optional or pin_of(self.card.name, one.part)]

    def refusal(self, params: ConvertParams) -> str | None:
        if not params.voice:
            hears = "speaker" in self._folders if self._folders is not None else pin_of(self.card.name, "speaker")
            return None if hears else _NO_SPEAKER
        if params.voice in {voice.id for voice in VOICES}:
            return None
        folder = self.voices
        if folder is not None and file_of(folder, params.voice):
            return None
        there = ", ".join(voice.id for voice in VOICES)
        return f"it has no voice '{params.voice}'; it has {there}, and every NAME.npy beside them"

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._one(model, request) for request in requests]

    def _one(self, loaded: Loaded, request: Request) -> Result:
        if "audio" not in request.inputs:
            raise Refused("tool 'speecht5_convert' works on the clip 'audio', and was given none")
        wave = heard(request.inputs["audio"], RATE)
        voice = self._voice(loaded, request)
        parts = []
        with drawn(request.seed or 0, loaded.model.device.type):
            for start, piece in windows(wave, RATE, WINDOW, SEARCH):
                if len(piece) and np.abs(piece).max() > SILENT:
                    parts.append((start, self._said(loaded, piece, voice)))
        return Result(Audio.of(_together(parts, len(wave)), RATE))

    def _voice(self, loaded: Loaded, request: Request) -> Any:
        """The x-vector of whoever is to say it, of shape (n,)."""
        import torch

        if request.params.voice:
            found = torch.from_numpy(vector(self.card.name, loaded.voices, request.params.voice))
            return found.to(loaded.model.device)
        if loaded.speaker is None:
            raise Unavailable(f"tool 'speecht5_convert': {_NO_SPEAKER}")
        wave = reference(request, self.card.name, RATE, *REFERENCE)
        if wave is None:
            raise Refused("tool 'speecht5_convert' takes a `voice`, or the clip 'reference', and was given neither")
        return xvector(loaded.speaker, wave)

    def _said(self, loaded: Loaded, piece: Wave, voice: Any) -> Wave:
        self.alive()
        enough = np.pad(piece, (0, max(0, round(SHORTEST * RATE) - len(piece))))
        told = loaded.features(audio=enough, sampling_rate=RATE, return_tensors="pt").to(loaded.model.device)
        made = loaded.model.generate_speech(
            told.input_values,
            voice[None],
            attention_mask=told.attention_mask,  # else it hears no sample that is just full scale
            minlenratio=LEAST * FRAMES,
            maxlenratio=MOST * FRAMES,
            vocoder=loaded.vocoder,
        )
        said: Wave = made.reshape(-1).float().cpu().numpy()
        return said


def _together(parts: Sequence[tuple[int, Wave]], frames: int) -> Wave:
    """The parts one after the other, none before its original; at least as long as that was."""
    made = np.zeros(0, np.float32)
    for start, wave in parts:
        made = np.concatenate([made, np.zeros(max(0, start - len(made)), np.float32), wave])
    return np.pad(made, (0, max(0, frames - len(made))))


TOOL: Tool = Speecht5Convert()
