"""xtts: speech in 17 languages by Coqui's XTTS v2 (Casanova et al., 2024), in its studio's voices or a recording's.

Every voice speaks all of them. It runs in an environment of its own (`wavagent tools install xtts`), and its weights
are pickles (`wavagent tools fetch xtts --allow-pickle`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

from wavagent.errors import Refused
from wavagent.tool import Card, Gender, Licence, Params, SpeechParams, Tool, VoiceCard, Weights

from ._coqui import Cloned, Coqui, Folder, Synthesizer, device_for, prepared
from ._expert import Place, Wave, while_alive

_STUDIO: Mapping[Gender, Sequence[str]] = {
    "female": (
        "Claribel Dervla", "Daisy Studious", "Gracie Wise", "Tammie Ema", "Alison Dietlinde", "Ana Florence",
        "Annmarie Nele", "Asya Anara", "Brenda Stern", "Gitta Nikolina", "Henriette Usha", "Sofia Hellen",
        "Tammy Grit", "Tanja Adelina", "Vjollca Johnnie", "Nova Hogarth", "Maja Ruoho", "Uta Obando",
        "Lidiya Szekeres", "Chandra MacFarland", "Szofi Granger", "Camilla Holmström", "Lilya Stainthorpe",
        "Zofija Kendrick", "Narelle Moon", "Barbora MacLean", "Alexandra Hisakawa", "Alma María", "Rosemary Okafor",
    ),
    "male": (
        "Andrew Chipper", "Badr Odhiambo", "Dionisio Schuyler", "Royston Min", "Viktor Eka", "Abrahan Mack",
        "Adde Michal", "Baldur Sanjin", "Craig Gutsy", "Damien Black", "Gilberto Mathias", "Ilkin Urbano",
        "Kazuhiko Atallah", "Ludvig Milivoj", "Suad Qasim", "Torcull Diarmuid", "Viktor Menelaos",
        "Zacharie Aimilios", "Ige Behringer", "Filip Traverse", "Damjan Chapman", "Wulf Carlevaro",
        "Aaron Dreschner", "Kumar Dahl", "Eugenio Mataracı", "Ferran Simen", "Xavier Hayasaka", "Luis Moray",
        "Marcos Rudaski",
    ),
}  # fmt: skip
"""The voices of Coqui's studio, which come with the weights."""

_HEARS = 22_050
"""Hertz of what it hears."""


class XttsParams(SpeechParams):
    """What XTTS takes. `temperature` is how freely it is said."""

    temperature: float = Field(default=0.75, gt=0.0, le=2.0)


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice as XTTS knows it: what the words go on from, and how they sound."""

    manner: Any
    timbre: Any


class Studio(Synthesizer):
    """XTTS with its weights, on a device; `alive` is asked after every token."""

    hears = _HEARS

    def __init__(self, folder: Folder, device: str, alive: Any) -> None:
        prepared()
        from TTS.tts.configs.xtts_config import XttsConfig
        from TTS.tts.models.xtts import Xtts

        config = XttsConfig()
        config.from_dict(folder.settings("xtts"))
        model = Xtts(config)
        model._load_checkpoint = lambda path: _weights(folder, path)
        with folder.unpickling():
            model.load_checkpoint(
                config,
                checkpoint_path=folder.checkpoint,
                vocab_path=folder.file("vocab.json"),
                speaker_file_path=folder.path / "speakers_xtts.pth",
                eval=True,
            )
        self._model, self._config, self._alive = model.to(device), config, alive
        self.device, self.rate = device, int(config.audio["output_sample_rate"])
        self.languages = tuple(config.languages)
        self._cloned = Cloned(self._heard)

    def limit(self, language: str) -> int:
        limit: int = self._model.tokenizer.char_limits.get(language.partition("-")[0], 200)
        return limit

    def who(self, voice: str, heard: Wave | None) -> Heard:
        if heard is not None:
            return self._cloned[heard]
        speakers = self._model.speaker_manager.speakers if self._model.speaker_manager else {}
        if voice not in speakers:
            here = ", ".join(list(speakers)[:5]) or "none of its own here"
            raise Refused(f"tool 'xtts' has no voice '{voice}', and was given no reference; it has {here}, …")
        return Heard(*speakers[voice].values())

    def say(self, text: str, who: Heard, language: str, params: XttsParams) -> Wave:
        config = self._config
        made = self._model.inference(
            text,
            language,
            who.manner,
            who.timbre,
            temperature=params.temperature,
            length_penalty=config.length_penalty,
            repetition_penalty=config.repetition_penalty,
            top_k=config.top_k,
            top_p=config.top_p,
            speed=params.pace,
            stopping_criteria=while_alive(self._alive),
        )
        wave: Wave = made["wav"]
        return wave

    def _heard(self, wave: Wave) -> Heard:
        import torch

        config = self._config
        begun = torch.from_numpy(wave[: config.max_ref_len * _HEARS])[None].to(self.device)
        if config.sound_norm_refs:
            begun = 0.75 * begun / begun.abs().max()
        manner = self._model.get_gpt_cond_latents(
            begun, _HEARS, length=config.gpt_cond_len, chunk_length=config.gpt_cond_chunk_len
        )
        return Heard(manner, self._model.get_speaker_embedding(begun, _HEARS))


class Xtts(Coqui[Studio]):
    """A text becomes tokens of sound, one after the other, and those a clip."""

    card: ClassVar[Card] = Card(
        name="xtts",
        version="1",
        task="speech",
        summary="Speech in 17 languages with Coqui's XTTS v2, in 58 voices of its own or that of a recording",
        languages=(
            "en",
            "es",
            "fr",
            "de",
            "it",
            "pt",
            "pl",
            "tr",
            "ru",
            "nl",
            "cs",
            "ar",
            "zh",
            "hu",
            "ko",
            "ja",
            "hi",
        ),
        voices=tuple(
            VoiceCard(id=name, name=name, language="mul", gender=gender)
            for gender, names in _STUDIO.items()
            for name in names
        ),
        rate=24_000,
        longest_text=2000,
        batch=8,
        pool="gpu",
        on_request=True,
        clones=True,
        isolated=True,
        environment="coqui",
        memory_mb=3_500,
        deterministic=False,
        code_licence=Licence(name="MPL-2.0", commercial=True),
        weights_licence=Licence(name="Coqui Public Model License 1.0.0", commercial=False),
        weights=(
            Weights(
                repo="coqui/XTTS-v2",
                megabytes=1_900,
                files=("config.json", "model.pth", "speakers_xtts.pth", "vocab.json"),
            ),
        ),
        attribution=("XTTS v2, by Coqui (Coqui Public Model License)",),
        requires=("TTS",),
        install="wavagent tools install xtts",
    )
    params: ClassVar[type[Params]] = XttsParams

    def load(self, place: Place) -> Studio:
        self.allowed(place)
        return Studio(Folder("xtts", place.folder), device_for(place.device), self.alive)

    def synthesizer(self, model: Studio, params: Any) -> Studio:
        return model


def _weights(folder: Folder, path: Any) -> Any:
    """The weights in `path`. The library would write them anew there, without the classes that were published in it."""
    import torch
    from TTS.tts.models.xtts import _legacy_safe_globals

    with folder.unpickling(), _legacy_safe_globals():
        return torch.load(path, map_location="cpu", weights_only=True)["model"]


TOOL: Tool = Xtts()
