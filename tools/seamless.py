"""seamless: speech or text, said in another language, by Meta's SeamlessM4T v2 (Barrault et al., 2023)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field, JsonValue

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._expert import Expert, Place, Wave, heard, while_alive, windows

RATE = 16_000

WINDOW = 20.0
"""Seconds that are translated at once: the model was trained on sentences."""

SEARCH = 12.0
"""Seconds at the end of a window in which a pause is looked for, to cut there."""

SILENT = 1e-3
"""Full scale of the loudest sample that counts as nothing: -60 dBFS."""

SPOKEN = {
    "ar": "arb", "bn": "ben", "ca": "cat", "cs": "ces", "zh": "cmn", "cy": "cym", "da": "dan", "de": "deu",
    "en": "eng", "et": "est", "fi": "fin", "fr": "fra", "hi": "hin", "id": "ind", "it": "ita", "ja": "jpn",
    "ko": "kor", "mt": "mlt", "nl": "nld", "fa": "pes", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus",
    "sk": "slk", "es": "spa", "sv": "swe", "sw": "swh", "te": "tel", "tl": "tgl", "th": "tha", "tr": "tur",
    "uk": "ukr", "ur": "urd", "uz": "uzn", "vi": "vie",
}  # fmt: skip
"""The languages that it speaks: BCP 47, and as the model calls them."""


class TranslateParams(Params):
    """What it takes beside a clip `audio`: the `language` to say it in (BCP 47); or a `text` in the language `source`.

    It makes speech, and says `data["text"]`, the translation. What is said in a clip may be in any language it knows.
    """

    language: str
    text: str = Field(default="", max_length=5_000)
    source: str = "en"
    voice: int = Field(default=0, ge=0, le=199, description="which of the model's voices speaks")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, what makes spectrograms for it, and its tokens."""

    model: Any
    features: Any
    tokens: Any
    device: str
    rate: int


class Seamless(Expert[Loaded]):
    """A clip is translated pause by pause; each part begins when its original did, or when the one before ends."""

    card = Card(
        name="seamless",
        version="1",
        task="translate",
        summary="Speech or text, said in another of 36 languages, with SeamlessM4T v2",
        languages=tuple(SPOKEN),
        rate=RATE,
        batch=1,
        pool="gpu",
        memory_mb=10_500,
        dtype="bfloat16",
        speed=3.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-4.0", commercial=False),
        weights=(Weights(repo="facebook/seamless-m4t-v2-large", megabytes=9_240),),
        attribution=("SeamlessM4T v2, by Meta AI (CC BY-NC 4.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = TranslateParams

    def refusal(self, params: Any) -> str | None:
        for tag in (params.language, params.source):
            if _primary(tag) not in SPOKEN:
                return f"tool 'seamless' does not speak '{tag}'; it speaks {', '.join(SPOKEN)}"
        return None

    def load(self, place: Place) -> Loaded:
        from transformers import AutoFeatureExtractor, AutoTokenizer, SeamlessM4Tv2Model

        model = SeamlessM4Tv2Model.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        features = AutoFeatureExtractor.from_pretrained(place.folder, local_files_only=True)
        tokens = AutoTokenizer.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model.to(place.device).eval(), features, tokens, place.device, model.config.sampling_rate)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._one(model, request) for request in requests]

    def _one(self, model: Loaded, request: Request) -> Result:
        if refusal := self.refusal(request.params):
            raise Refused(refusal)
        if request.params.text:
            parts = [(0.0, *self._said(model, request.params, self._read(model, request.params)))]
        elif "audio" in request.inputs:
            wave = heard(request.inputs["audio"], RATE)
            parts = [
                (start / RATE, *self._said(model, request.params, self._listened(model, piece)))
                for start, piece in windows(wave, RATE, WINDOW, SEARCH)
                if len(piece) and np.abs(piece).max() > SILENT
            ]
        else:
            raise Refused("tool 'seamless' translates a 'text' or the clip 'audio', and was given neither")
        if not any(len(said) for _, _, said in parts):
            raise Refused("tool 'seamless' heard nothing that could be said in another language")
        return _together(parts, model.rate)

    def _read(self, model: Loaded, params: TranslateParams) -> dict[str, Any]:
        model.tokens.src_lang = SPOKEN[_primary(params.source)]
        told = model.tokens(params.text, return_tensors="pt").to(model.device)
        return {"input_ids": told["input_ids"], "attention_mask": told["attention_mask"]}

    def _listened(self, model: Loaded, piece: Wave) -> dict[str, Any]:
        # the first layers look at several frames at once
        wave = np.pad(piece, (0, max(0, RATE // 4 - len(piece))))
        told = model.features(wave, sampling_rate=RATE, return_tensors="pt").to(model.device)
        features = told["input_features"].to(model.model.dtype)
        return {"input_features": features, "attention_mask": told["attention_mask"]}

    def _said(self, model: Loaded, params: TranslateParams, given: dict[str, Any]) -> tuple[str, Wave]:
        """The translation, as text and as sound; no sound where there is no text."""
        self.alive()
        made = model.model.generate(
            **given,
            tgt_lang=SPOKEN[_primary(params.language)],
            speaker_id=params.voice % model.model.config.vocoder_num_spkrs,
            text_num_beams=1,
            text_do_sample=False,
            text_stopping_criteria=while_alive(self.alive),
            return_intermediate_token_ids=True,
        )
        text = str(model.tokens.decode(made.sequences[0].tolist(), skip_special_tokens=True)).strip()
        length = int(made.waveform_lengths.reshape(-1)[0])
        wave: Wave = made.waveform.reshape(-1)[:length].float().cpu().numpy() if text else np.zeros(0, np.float32)
        return text, wave


def _primary(tag: str) -> str:
    return tag.lower().partition("-")[0]


def _together(parts: Sequence[tuple[float, str, Wave]], rate: int) -> Result:
    """The parts one after the other, none before its original."""
    made = np.zeros(0, np.float32)
    told: list[JsonValue] = []
    for start, text, wave in parts:
        begin = max(round(start * rate), len(made))
        made = np.concatenate([made, np.zeros(begin - len(made), np.float32), wave])
        told.append({"start": begin / rate, "end": len(made) / rate, "text": text})
    text = " ".join(text for _, text, _ in parts if text)
    return Result(Audio.of(made, rate), data={"text": text, "parts": told})


TOOL: Tool = Seamless()
