"""vits: speech in over a thousand languages, by the MMS voices of Meta (Pratap et al., 2023): a VITS model for each.

A voice is a language, by its ISO 639-3 code: `deu` speaks German. Every one has weights of its own, so that a person
fetches those they need: `wavagent tools fetch vits --part deu`, and for the languages that the card does not name just
so, `--part yor`, as https://huggingface.co/facebook/mms-tts lists them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Card, Licence, Params, Request, Result, SpeechParams, Tool, VoiceCard, Weights
from wavagent.weights import missing, parts_here, pin_of

from ._expert import TURNS, Expert, Place, Recent, drawn

_LANGUAGES: Mapping[str, str] = {
    "am": "amh", "ar": "ara", "bn": "ben", "bg": "bul", "ca": "cat", "cy": "cym", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "gu": "guj", "ha": "hau",
    "he": "heb", "hi": "hin", "hu": "hun", "id": "ind", "is": "isl", "jv": "jav", "kn": "kan", "kk": "kaz",
    "km": "khm", "rw": "kin", "ky": "kir", "ko": "kor", "lo": "lao", "lv": "lav", "ml": "mal", "mr": "mar",
    "my": "mya", "nl": "nld", "or": "ory", "pa": "pan", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus",
    "so": "som", "sq": "sqi", "sv": "swe", "sw": "swh", "ta": "tam", "tt": "tat", "te": "tel", "tg": "tgk",
    "tl": "tgl", "th": "tha", "ti": "tir", "tr": "tur", "uk": "ukr", "ur": "urd-script_arabic", "vi": "vie",
    "yo": "yor", "ms": "zlm",
}  # fmt: skip
"""Languages that have a two-letter tag, and the code of their voice."""

_CODE = re.compile(r"[a-z]{3}(-(script|dialect)_[a-z]+)?")


def _weights(code: str) -> Weights:
    return Weights(repo=f"facebook/mms-tts-{code}", megabytes=145, part=code, optional=True)


KEPT = 4
"""Voices that stay loaded: some 150 MB each."""


class VitsParams(SpeechParams):
    """What a VITS voice takes. `speaker` is for models with several; `variety` is how freely it is said."""

    speaker: int | None = Field(default=None, ge=0)
    variety: float = Field(default=0.667, ge=0.0, le=1.5)


@dataclass(frozen=True, slots=True)
class Voice:
    """A model with its tokenizer."""

    model: Any
    tokenizer: Any
    rate: int


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices that were asked last, by their code."""

    place: Place
    loaded: Recent[Voice] = field(default_factory=lambda: Recent(KEPT))

    def __getitem__(self, code: str) -> Voice:
        return self.loaded.get(code, lambda: self._loaded(code))

    def _loaded(self, code: str) -> Voice:
        from transformers import AutoTokenizer, VitsModel

        place = self.place.of(code)
        with TURNS.loading_more():
            model = VitsModel.from_pretrained(place.folder, **place.loading)  # in half precision it clicks
            model = model.to(place.device).eval()
            tokenizer = AutoTokenizer.from_pretrained(place.folder, local_files_only=True)
        return Voice(model, tokenizer, model.config.sampling_rate)


class Vits(Expert[Voices]):
    """One pass for a line: a batch is done line by line, for padding would be heard at the ends of the shorter ones."""

    card: ClassVar[Card] = Card(
        name="vits",
        version="1",
        task="speech",
        summary="Speech in over 1000 languages, with Meta's MMS voices (VITS); one voice for each",
        languages=tuple(_LANGUAGES),
        voices=tuple(
            VoiceCard(id=code, name=f"MMS {code[:3]}", language=tag, gender="neutral")
            for tag, code in _LANGUAGES.items()
        ),
        rate=16_000,
        longest_text=1000,
        batch=8,
        pool="gpu",
        on_request=True,
        any_voice=True,
        memory_mb=600,
        deterministic=False,  # on the same machine it is; another's arithmetic may round a duration otherwise
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-4.0", commercial=False),
        weights=tuple(_weights(code) for code in _LANGUAGES.values()),
        attribution=("MMS-TTS, by Meta AI (CC BY-NC 4.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = VitsParams

    def load(self, place: Place) -> Voices:
        return Voices(place)

    def make(self, model: Voices, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._said(model, request) for request in requests]

    def _said(self, voices: Voices, request: Request) -> Result:
        self.alive()
        params: VitsParams = request.params
        if reason := self.refusal(params):
            raise Unavailable(f"tool 'vits' {reason}")
        voice = voices[params.voice]
        told = _told(voice, params.text).to(voices.place.device)
        voice.model.noise_scale = params.variety
        with drawn(request.seed or 0, voices.place.device):
            made = voice.model(
                **told, speaker_id=params.speaker, speaking_rate=voice.model.config.speaking_rate * params.pace
            )
        return Result(Audio.of(made.waveform[0].float().cpu().numpy(), voice.rate))

    def refusal(self, params: VitsParams) -> str | None:
        weights = self.weights_of(params.voice)
        if weights is None:
            return f"has no voice '{params.voice}'; a voice is a language's code as ISO 639-3 has it, as 'deu'"
        if params.voice in (self._folders or ()):
            return None
        return missing(self, weights)

    def seconds(self, params: VitsParams) -> float:
        return max(0.5, len(params.text) / 15.0) / params.pace

    def speaking(self, language: str) -> tuple[VoiceCard, ...]:
        here = self._here()
        return tuple(voice for voice in super().speaking(language) if voice.id in here)

    def lack(self) -> str | None:
        if self._folders is None and (lack := super().lack()):
            return lack
        if not self._here():
            return "needs the weights of a voice (145 MB each, CC-BY-NC-4.0): wavagent tools fetch vits --part eng"
        return None

    def weights_of(self, part: str) -> Weights | None:
        return _weights(part) if _CODE.fullmatch(part) else None

    def chosen(self) -> Sequence[Weights]:
        return [_weights(code) for code in self._here()]

    @property
    def edition(self) -> str:
        return ""

    def edition_of(self, params: VitsParams) -> str:
        pin = pin_of("vits", params.voice) if self._folders is None else None
        return pin.edition if pin else ""

    def _here(self) -> Sequence[str]:
        return tuple(self._folders) if self._folders is not None else parts_here(self)


def _told(voice: Voice, text: str) -> Any:
    """The text as the model takes it. Raises Unavailable and Refused where it could only mumble."""
    from importlib.util import find_spec

    if getattr(voice.tokenizer, "is_uroman", False) and not text.isascii() and find_spec("uroman") is None:
        raise Unavailable("this voice of tool 'vits' reads only Latin letters and needs uroman: pip install uroman")
    told = voice.tokenizer(text, return_tensors="pt")
    if told.input_ids.shape[1] < 2:
        raise Refused("this voice of tool 'vits' knows no letter of the text; is it in the voice's language?")
    return told


TOOL: Tool = Vits()
