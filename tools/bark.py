"""bark: speech with laughs and sighs in thirteen languages, by Suno's Bark (2023), as transformers runs it.

A voice is a preset: what Bark once said, which it goes on from. Words in brackets are sounds: [laughs], [sighs], ♪.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Broken, Unavailable
from wavagent.tool import Card, Licence, Params, Request, Result, SpeechParams, Tool, VoiceCard, Weights

from ._expert import Expert, Place, Rows, drawing, drawn, in_batches, while_alive

_LANGUAGES = ("de", "en", "es", "fr", "hi", "it", "ja", "ko", "pl", "pt", "ru", "tr", "zh")

_PROMPTS: Mapping[str, int] = {"semantic_prompt": 1, "coarse_prompt": 2, "fine_prompt": 2}
"""The parts of a preset, and their dimensions."""

LONGEST = 15.4
"""Seconds: 768 semantic tokens at 49.9 Hz."""


class BarkParams(SpeechParams):
    """What Bark takes. `temperature` is how freely it reads, `grain` how freely it sounds."""

    temperature: float = Field(default=0.7, gt=0.0, le=1.5)
    grain: float = Field(default=0.7, gt=0.0, le=1.5)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its tokenizer, and the three stages' own settings."""

    model: Any
    tokenizer: Any
    folder: Path
    stages: Any


def _card(language: str, number: int) -> VoiceCard:
    known = "female" if number == 9 else "male"  # Suno's own list; of other languages it says little
    gender = known if language == "en" else "neutral"
    return VoiceCard(
        id=f"{language}_speaker_{number}",
        name=f"Bark {language} {number}",
        language=language,
        gender="female" if gender == "female" else "male" if gender == "male" else "neutral",
    )


class Bark(Expert[Loaded]):
    """Words to meaning to sound: two models token by token, a batch at once; a third, and the codec, line by line."""

    card: ClassVar[Card] = Card(
        name="bark",
        version="1",
        task="speech",
        summary="Lively speech with [laughs] and [sighs] in 13 languages, with Suno's Bark; up to 15 s a line",
        languages=_LANGUAGES,
        voices=tuple(_card(language, number) for language in _LANGUAGES for number in range(10)),
        rate=24_000,
        longest=LONGEST,
        longest_text=180,
        batch=16,
        pool="gpu",
        on_request=True,
        memory_mb=6_000,
        dtype="bfloat16",
        deterministic=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="suno/bark", megabytes=4_500),),
        attribution=("Bark, by Suno (MIT)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = BarkParams

    def load(self, place: Place) -> Loaded:
        from transformers import AutoTokenizer, BarkModel

        model = BarkModel.from_pretrained(place.folder, dtype=place.dtype, **place.loading).to(place.device).eval()
        tokenizer = AutoTokenizer.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model, tokenizer, place.folder, _stages(model.generation_config))

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return in_batches(requests, _alike, lambda lines: self._together(model, lines))

    def refusal(self, params: BarkParams) -> str | None:
        if params.voice not in {voice.id for voice in self.card.voices}:
            return f"bark has no voice '{params.voice}'; its voices are called like en_speaker_6"
        return None

    def seconds(self, params: BarkParams) -> float:
        return min(LONGEST, max(1.0, len(params.text) / 14.0))

    def _together(self, loaded: Loaded, requests: Sequence[Request]) -> list[Result]:
        """Lines of one voice with the same settings, as one batch."""
        params: BarkParams = requests[0].params
        seeds = [request.seed or 0 for request in requests]
        model, history = loaded.model, self._history(loaded, params)
        semantic, coarse, fine = loaded.stages
        told = loaded.tokenizer(
            [request.params.text for request in requests],
            return_tensors="pt",
            padding="max_length",
            truncation=True,
            max_length=256,
            add_special_tokens=False,
        ).to(model.device)
        with drawing(model.semantic, Rows(seeds, temperature=params.temperature, top=0)):
            meant = model.semantic.generate(
                told.input_ids,
                history_prompt=history,
                semantic_generation_config=semantic,
                attention_mask=told.attention_mask,
                do_sample=False,
                stopping_criteria=while_alive(self.alive),
            )
        with drawing(model.coarse_acoustics, Rows(seeds, temperature=params.grain, top=0)):
            sounding, lengths = model.coarse_acoustics.generate(
                meant,
                history_prompt=history,
                semantic_generation_config=semantic,
                coarse_generation_config=coarse,
                codebook_size=model.generation_config.codebook_size,
                return_output_lengths=True,
                do_sample=False,
                stopping_criteria=while_alive(self.alive),
            )
        rows = zip(sounding, lengths.tolist(), seeds, strict=True)
        return [Result(self._heard(loaded, history, row[: length - length % 2], seed)) for row, length, seed in rows]

    def _heard(self, loaded: Loaded, history: Any, coarse: Any, seed: int) -> Audio:
        """The sound of one line. The third model looks both ways, so that other lines' padding would be heard in it."""
        self.alive()
        model, (semantic, first, second) = loaded.model, loaded.stages
        if not len(coarse):
            return Audio.silence(0.0, self.card.rate)  # it had nothing to say; the check of the take says so
        with drawn(seed, model.device.type):
            codes = model.fine_acoustics.generate(
                coarse[None],
                history_prompt=history,
                semantic_generation_config=semantic,
                coarse_generation_config=first,
                fine_generation_config=second,
                codebook_size=model.generation_config.codebook_size,
                temperature=second.temperature,
            )
        samples = model.codec_decode(codes)[0].float().cpu().numpy()
        return Audio.of(samples, model.generation_config.sample_rate)

    def _history(self, loaded: Loaded, params: BarkParams) -> Any:
        """The preset of a voice. Raises Unavailable where it was not fetched, and Broken where it is none."""
        import torch

        if reason := self.refusal(params):
            raise Unavailable(reason)
        found = {}
        for part, dimensions in _PROMPTS.items():
            path = loaded.folder / "speaker_embeddings" / "v2" / f"{params.voice}_{part}.npy"
            found[part] = torch.from_numpy(_array(path, dimensions)).to(loaded.model.device)
        return found


def _array(path: Path, dimensions: int) -> Any:
    """Whole numbers in a .npy file, and nothing that numpy would have to run."""
    try:
        array = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise Unavailable(
            f"bark needs '{path.name}' of its voice, which is only fetched so: wavagent tools fetch bark --allow-pickle"
        ) from None
    except (OSError, ValueError) as error:
        raise Broken(f"'{path}' holds no preset of bark ({error}); fetch it again") from error
    if not isinstance(array, np.ndarray) or array.ndim != dimensions or array.dtype.kind not in "iu":
        raise Broken(f"'{path}' holds no preset of bark; fetch it again")
    return array.astype(np.int64)


def _alike(request: Request) -> tuple[str, float, float]:
    """What lines must have in common to be one batch."""
    return request.params.voice, request.params.temperature, request.params.grain


def _stages(config: Any) -> Any:
    """The settings of the three models."""
    from transformers.models.bark.generation_configuration_bark import (
        BarkCoarseGenerationConfig,
        BarkFineGenerationConfig,
        BarkSemanticGenerationConfig,
    )

    return (
        BarkSemanticGenerationConfig(**config.semantic_config),
        BarkCoarseGenerationConfig(**config.coarse_acoustics_config),
        BarkFineGenerationConfig(**config.fine_acoustics_config),
    )


TOOL: Tool = Bark()
