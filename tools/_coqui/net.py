"""A VITS model of TTS (Kim et al., 2021), with one speaker or many, and with a speaker encoder where it has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from wavagent.errors import Refused
from wavagent.tool import SpeechParams

from .._expert import Wave
from .cloned import Cloned
from .folder import Folder
from .library import prepared
from .line import Synthesizer

LIMIT = 250
"""Characters that are said at once: its attention is quadratic in them, and a stop waits for its end."""


class VitsParams(SpeechParams):
    """What a VITS model takes. `variety` is how freely it is said; None: as the model's own settings have it."""

    variety: float | None = Field(default=None, ge=0.0, le=1.5)


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker of a model, by number or by vector; neither: the model has but one."""

    number: int | None = None
    vector: Any = None


class Net(Synthesizer):
    """A VITS model in a folder. Raises Unavailable and Broken where it cannot be loaded."""

    def __init__(self, folder: Folder, device: str) -> None:
        prepared()
        from TTS.tts.configs.vits_config import VitsConfig
        from TTS.tts.models.vits import Vits

        from .phonemizer import bundled

        bundled()
        settings = folder.settings("vits")
        if settings.get("use_phonemes") and not settings.get("phonemizer"):
            settings["phonemizer"] = "espeak"  # it would ask for the program
        config = VitsConfig()
        config.from_dict(settings)
        with folder.unpickling():
            model = Vits(config)
            model.load_checkpoint(config, checkpoint_path=folder.checkpoint, eval=True)
        self._model, self._tool = model.to(device).eval(), folder.tool
        self.device, self.rate = device, int(config.audio["sample_rate"])
        self.languages: Sequence[str] = tuple(model.language_manager.name_to_id)
        self.hears = int(self._speakers.encoder_ap.sample_rate) if self.hears_voices else self.rate
        self._variety, self._length = model.inference_noise_scale, model.length_scale
        self._cloned = Cloned(self._embedded)

    @property
    def speakers(self) -> Mapping[str, str]:
        """The names of its speakers, as they are and without the white space that some were published with."""
        names = list(self._speakers.name_to_id) if self._speakers is not None else []
        return {**{name.strip(): name for name in names}, **{name: name for name in names}}

    @property
    def hears_voices(self) -> bool:
        """Whether it can take a voice from a recording."""
        return self._speakers is not None and self._speakers.encoder is not None

    def called(self, language: str) -> str | None:
        only = self.languages[0] if len(self.languages) == 1 else None  # many were trained under another's tag
        return only or super().called(language)

    def limit(self, language: str) -> int:
        return LIMIT

    def who(self, voice: str, heard: Wave | None) -> Who:
        if heard is not None:
            return self._cloned[heard]
        if not self.speakers:
            return Who()
        if (name := self.speakers.get(voice)) is None:
            some = ", ".join(sorted({name.strip() for name in self.speakers})[:5])
            raise Refused(f"tool '{self._tool}' has no voice '{voice}', and was given no reference; it has {some}, …")
        if self._model.args.use_d_vector_file:
            return Who(vector=self._vector(self._speakers.get_mean_embedding(name)))
        return Who(number=self._speakers.name_to_id[name])

    def say(self, text: str, who: Who, language: str, params: VitsParams) -> Wave:
        import torch

        told = self._told(text, language)
        self._model.length_scale = self._length / params.pace
        self._model.inference_noise_scale = self._variety if params.variety is None else params.variety
        made = self._model.inference(
            torch.tensor([told], device=self.device),
            aux_input={
                "x_lengths": torch.tensor([len(told)], device=self.device),
                "speaker_ids": None if who.number is None else torch.tensor([who.number], device=self.device),
                "d_vectors": who.vector,
                "language_ids": torch.tensor([self._model.language_manager.name_to_id[language]], device=self.device),
            },
        )
        wave: Wave = made["model_outputs"][0, 0].float().cpu().numpy()
        return wave

    def _told(self, text: str, language: str) -> list[int]:
        """The text as the model takes it. Raises Refused where it could only mumble."""
        tokenizer = self._model.tokenizer
        told: list[int] = tokenizer.text_to_ids(text, language=language)
        if not set(told) - {tokenizer.blank_id, tokenizer.pad_id}:
            raise Refused(f"this voice of tool '{self._tool}' knows no letter of the text; is it in its language?")
        return told

    def _embedded(self, wave: Wave) -> Who:
        """The voice of a recording, as the model's speaker encoder hears it."""
        import io

        import soundfile

        file = io.BytesIO()  # it takes its recordings from files, and evens and trims them as it was trained with
        soundfile.write(file, wave, self.hears, format="WAV", subtype="FLOAT")
        file.seek(0)
        self._speakers.use_cuda = self.device == "cuda"
        return Who(vector=self._vector(self._speakers.compute_embedding_from_clip(file)))

    def _vector(self, numbers: Any) -> Any:
        import torch

        return torch.as_tensor(numbers, dtype=torch.float32, device=self.device)[None]

    @property
    def _speakers(self) -> Any:
        return self._model.speaker_manager
