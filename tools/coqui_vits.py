"""coqui_vits: speech in over 30 languages by VITS models that were trained with Coqui's TTS, each fetched by itself.

A voice is a model, `de-thorsten`, or one of the speakers of a model, `en-vctk/p225`. The models are in zips, which a
person unpacks: `wavagent tools fetch coqui_vits --part en-vctk --folder DIR --allow-pickle`; a model of one's own has
whatever part one calls it. They run in an environment of their own (`wavagent tools install coqui_vits`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from wavagent.errors import ToolError
from wavagent.tool import Card, Gender, Licence, Params, SpeechParams, Tool, VoiceCard, Weights
from wavagent.weights import folder_of, missing, parts_here, pin_of

from ._coqui import About, Coqui, Folder, Net, VitsParams, device_for, nearest
from ._expert import Place, Recent

_RELEASES = "https://github.com/coqui-ai/TTS/releases"

_NAME = re.compile(r"[a-z][a-z0-9_-]*")


class _Published(NamedTuple):
    release: str
    language: str
    gender: Gender = "neutral"


_MODELS: Mapping[str, _Published] = {
    "en-ljspeech": _Published("v0.6.1", "en", "female"),
    "en-vctk": _Published("v0.6.1", "en"),
    "it-mai_female": _Published("v0.6.1", "it", "female"),
    "it-mai_male": _Published("v0.6.1", "it", "male"),
    "ewe-openbible": _Published("v0.6.2", "ee"),
    "hau-openbible": _Published("v0.6.2", "ha"),
    "lin-openbible": _Published("v0.6.2", "ln"),
    "tw_akuapem-openbible": _Published("v0.6.2", "tw"),
    "tw_asante-openbible": _Published("v0.6.2", "tw"),
    "yor-openbible": _Published("v0.6.2", "yo"),
    "de-thorsten": _Published("v0.7.0", "de", "male"),
    **{f"{tag}-cv": _Published("v0.8.0", tag) for tag in "bg cs da el et ga hr lt lv mt pt ro sk sl sv".split()},
    **{f"{tag}-css10": _Published("v0.8.0", tag) for tag in "es fi fr hu nl".split()},
    "pl-mai_female": _Published("v0.8.0", "pl", "female"),
    "uk-mai": _Published("v0.8.0", "uk"),
    "ca-custom": _Published("v0.10.1", "ca"),
}
"""The models that TTS lists, but for those that want libraries of their own to read their text."""


def _weights(part: str) -> Weights:
    """Those of a published model, or of a person's own."""
    page = _RELEASES
    if model := _MODELS.get(part):
        page += f"/download/{model.release}_models/tts_models--{part.replace('-', '--', 1)}--vits.zip"
    return Weights(page=page, megabytes=150, part=part, optional=True)


KEPT = 4
"""Models that stay loaded: some 150 MB each."""


@dataclass(frozen=True, slots=True)
class Nets:
    """The models that were asked last, by their part."""

    place: Place
    loaded: Recent[Net] = field(default_factory=lambda: Recent(KEPT))

    def __getitem__(self, part: str) -> Net:
        return self.loaded.get(
            part, lambda: Net(Folder("coqui_vits", self.place.folders[part]), device_for(self.place.device))
        )


class CoquiVits(Coqui[Nets]):
    """One pass for every few sentences."""

    card: ClassVar[Card] = Card(
        name="coqui_vits",
        version="1",
        task="speech",
        summary="Speech in over 30 languages, with the VITS models of Coqui's TTS or your own; some have many speakers",
        languages=tuple(dict.fromkeys(model.language for model in _MODELS.values())),
        voices=tuple(
            VoiceCard(id=part, name=f"Coqui {part}", language=model.language, gender=model.gender)
            for part, model in _MODELS.items()
        ),
        rate=22_050,
        longest_text=2000,
        batch=8,
        pool="gpu",
        on_request=True,
        any_voice=True,
        isolated=True,
        environment="coqui",
        memory_mb=1_000,
        deterministic=False,
        code_licence=Licence(name="MPL-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0, BSD-3-Clause, CC-BY-4.0 or CC-BY-SA-4.0, by model", commercial=True),
        weights=tuple(_weights(part) for part in _MODELS),
        attribution=("VITS models of Coqui's TTS, by those who trained them",),
        requires=("TTS",),
        install="wavagent tools install coqui_vits",
    )
    params: ClassVar[type[Params]] = VitsParams

    def load(self, place: Place) -> Nets:
        return Nets(place)

    def synthesizer(self, model: Nets, params: SpeechParams) -> Net:
        part = _part(params.voice)
        self.allowed(model.place, part)
        return model[part]

    def speaker(self, voice: str) -> str:
        return voice.partition("/")[2]

    def refusal(self, params: SpeechParams) -> str | None:
        part, speaker = _part(params.voice), self.speaker(params.voice)
        if not _NAME.fullmatch(part):
            return f"has no voice '{params.voice}'; a voice is a model, 'de-thorsten', or its speaker, 'en-vctk/p225'"
        if lack := self._lack_of(part, params.voice):
            return lack
        about = self._about(part)
        if about.speakers is not None and speaker not in (about.speakers or ("",)):
            some = ", ".join(f"{part}/{name}" for name in about.speakers[:5]) or part
            return f"has no voice '{params.voice}'; of '{part}' it has {some}"
        languages = self._languages(part)
        if nearest(params.language, languages) is None:
            return f"does not speak '{params.language}' with '{params.voice}', which speaks {', '.join(languages)}"
        return None

    def speaking(self, language: str) -> tuple[VoiceCard, ...]:
        return tuple(voice for voice in self.found_voices() if nearest(language, [voice.language]))

    def found_voices(self) -> tuple[VoiceCard, ...]:
        return tuple(voice for part in self._here() if not self.forbidden(part) for voice in self._voices(part))

    def lack(self) -> str | None:
        if lack := super().lack():
            return lack
        if not self._here():
            return f"needs the model of a voice, say: {_bring('en-vctk')}"
        return None

    def weights_of(self, part: str) -> Weights | None:
        return _weights(part) if _NAME.fullmatch(part) else None

    def chosen(self) -> Sequence[Weights]:
        return [_weights(part) for part in self._here()]

    @property
    def edition(self) -> str:
        return ""

    def edition_of(self, params: SpeechParams) -> str:
        pin = pin_of("coqui_vits", _part(params.voice)) if self._folders is None else None
        return pin.edition if pin else ""

    def _here(self) -> Sequence[str]:
        return tuple(self._folders) if self._folders is not None else parts_here(self)

    def _lack_of(self, part: str, voice: str) -> str | None:
        """What there is to do before `voice`, of a model, can speak."""
        if part in (self._folders or ()):
            return None
        if pin_of("coqui_vits", part) is None:
            return f"needs the model of its voice '{voice}': {_bring(part)}"
        return missing(self, _weights(part)) or self.forbidden(part)

    def _voices(self, part: str) -> Iterator[VoiceCard]:
        """Those of a model that is here; of one with many speakers nobody wrote down who is a woman and who a man."""
        try:
            names = self._about(part).speakers
            languages = self._languages(part)
        except ToolError:
            return  # it is said when somebody asks for it
        gender = _MODELS[part].gender if part in _MODELS else "neutral"
        for name in names if names else ("",):
            id = f"{part}/{name}" if name else part
            yield VoiceCard(id=id, name=f"Coqui {id}", language=languages[0], gender=gender)

    def _languages(self, part: str) -> Sequence[str]:
        """Those that a model speaks; of a published one its settings may say otherwise, for they were copied."""
        return (_MODELS[part].language,) if part in _MODELS else self._about(part).languages or ("en",)

    def _about(self, part: str) -> About:
        folder = self._folders[part] if self._folders is not None else folder_of(self, _weights(part))
        return About.of(Folder("coqui_vits", folder))


def _part(voice: str) -> str:
    return voice.partition("/")[0]


def _bring(part: str) -> str:
    """What to do to have a model."""
    page = _weights(part).page
    return f"unpack {page} and type: wavagent tools fetch coqui_vits --part {part} --folder DIR --allow-pickle"


TOOL: Tool = CoquiVits()
