"""vibevoice: English and Chinese talk by Microsoft's VibeVoice 1.5B (2025), as transformers runs it.

VibeVoice speaks as whom it hears. So a voice of the card is somebody whom it makes up once, from a seed, with a first
sentence that it hears before all their lines; a voice is cloned by letting it hear the reference instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Broken, Unavailable
from wavagent.tool import Card, CloningParams, Licence, Params, Request, Result, Tool, VoiceCard, Weights

from ._expert import Expert, Place, Wave, drawn, reference

FIRST_WORDS = "It was a quiet morning by the sea, and nobody had come down to the harbour yet. We waited for the tide."
"""What every voice of the card says first, and what is heard before all its lines."""

FRAMES = 7.5
"""Steps for a second of sound."""

_FIRST, _LINE = 90, 450
"""Steps at most for the first words (12 s) and for a line (60 s)."""

_LEAST, _MOST = 1.0, 60.0
"""Seconds of a reference."""

_VOICES = tuple("01234567")

_MARKUP = re.compile(r"<\|[^|<>]*\|>|\bSpeaker\s+\d+\s*:", re.IGNORECASE)
"""The model's own signs, and those of another speaker's turn."""


class VibevoiceParams(CloningParams):
    """What VibeVoice takes; it need not know what is said in a reference.

    `guidance` is how closely it keeps to whom it heard (classifier-free guidance), `steps` its work on every frame.
    """

    guidance: float = Field(default=1.3, gt=1.0, le=5.0)
    steps: int = Field(default=10, ge=1, le=100)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its processor, and how the voices begin that spoke so far."""

    model: Any
    processor: Any
    begun: dict[str, Wave] = field(default_factory=dict)


class Vibevoice(Expert[Loaded]):
    """A language model says when to go on, a small denoiser what is heard; line by line, for all of it draws."""

    card: ClassVar[Card] = Card(
        name="vibevoice",
        version="1",
        task="speech",
        summary="English and Chinese talk with Microsoft's VibeVoice, which also clones a voice; up to 60 s a line",
        languages=("en", "zh"),
        voices=tuple(
            VoiceCard(id=id, name=f"VibeVoice speaker {id}, made up", language="mul", gender="neutral")
            for id in _VOICES
        ),
        rate=24_000,
        longest=60.0,
        longest_text=800,
        batch=8,
        pool="gpu",
        on_request=True,
        clones=True,
        memory_mb=8_000,
        dtype="bfloat16",
        deterministic=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="vibevoice/VibeVoice-1.5B-hf", megabytes=5_410),),
        attribution=("VibeVoice, by Microsoft (MIT)",),
        requires=("torch", "transformers", "diffusers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = VibevoiceParams

    def load(self, place: Place) -> Loaded:
        from transformers import VibeVoiceForConditionalGeneration, VibeVoiceProcessor

        model = VibeVoiceForConditionalGeneration.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        model.model.language_model.register_forward_pre_hook(self.alive)  # a few times for each step
        processor = VibeVoiceProcessor.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model.to(place.device).eval(), processor)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(self._line(model, request)) for request in requests]

    def refusal(self, params: VibevoiceParams) -> str | None:
        if params.voice not in _VOICES:
            some = ", ".join(_VOICES)
            return f"vibevoice has no voice '{params.voice}'; it has {some}, or clones that of a reference"
        return None

    def seconds(self, params: VibevoiceParams) -> float:
        return min(60.0, max(1.0, len(params.text) / (5.0 if params.language.startswith("zh") else 14.0)))

    def _line(self, loaded: Loaded, request: Request) -> Audio:
        heard = reference(request, "vibevoice", self.card.rate, _LEAST, _MOST)
        if heard is None:
            heard = self._begun(loaded, request.params)
        return self._said(loaded, request.params, request.seed or 0, _LINE, heard)

    def _begun(self, loaded: Loaded, params: VibevoiceParams) -> Wave:
        """The first words of a voice of the card. Raises Unavailable and Broken."""
        if reason := self.refusal(params):
            raise Unavailable(reason)
        if params.voice not in loaded.begun:
            usual = VibevoiceParams(text=FIRST_WORDS, voice=params.voice)
            clip = self._said(loaded, usual, int(params.voice), _FIRST, None)
            if not clip.frames:
                raise Broken(
                    f"vibevoice made up nobody who speaks for voice '{params.voice}'; take another of its voices"
                )
            loaded.begun[params.voice] = clip.samples[:, 0]
        return loaded.begun[params.voice]

    def _said(self, loaded: Loaded, params: VibevoiceParams, seed: int, steps: int, heard: Wave | None) -> Audio:
        """The text of `params` in `steps` frames at most, by whoever was `heard`."""
        model = loaded.model
        with drawn(seed, model.device.type):
            made = model.generate(
                **_told(loaded, params.text, heard),
                do_sample=False,
                guidance_scale=params.guidance,
                num_diffusion_steps=params.steps,
                max_new_tokens=steps,
                return_dict_in_generate=True,
            ).audio[0]
        if made is None:
            return Audio.silence(0.0, self.card.rate)  # it had nothing to say; the check of the take says so
        return Audio.of(made.float().reshape(-1).cpu().numpy(), self.card.rate)


def _told(loaded: Loaded, text: str, heard: Wave | None) -> Any:
    """A line as the model takes it, after whom it is to sound like."""
    model, processor = loaded.model, loaded.processor
    sound, clip = ([], {}) if heard is None else ([{"type": "audio"}], {"audio": [heard], "sampling_rate": 24_000})
    turn = {"role": "0", "content": [{"type": "text", "text": _plain(text)}, *sound]}
    told = processor(text=[processor.apply_chat_template([turn])], return_tensors="pt", **clip)
    return told.to(model.device, dtype=model.dtype)


def _plain(text: str) -> str:
    """`text` as one speaker says it, without what the model would take for its own signs."""
    return " ".join(_MARKUP.sub(" ", text).split())


TOOL: Tool = Vibevoice()
