"""dia: expressive English speech by Nari Labs' Dia (2025), as transformers runs it.

Dia has no voices of its own: it goes on as whoever it hears. So every voice of the card begins with a sentence that Dia
says once, from a seed, and all its lines go on from there. It laughs where the text says (laughs).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio, Samples
from wavagent.errors import Unavailable
from wavagent.tool import Card, Licence, Params, Request, Result, SpeechParams, Tool, VoiceCard, Weights

from ._expert import Expert, Place, Rows, drawing, while_alive

FIRST_WORDS = "It was a quiet morning by the sea, and nobody had come down to the harbour yet. We waited for the tide."
"""What every voice says first, and what all its lines go on from."""

FRAMES = 44_100 / 512
"""Steps for a second of sound."""

_FIRST, _LINE = 860, 2150
"""Steps at most for the first words (10 s) and for a line (25 s)."""

_SEEDS: Mapping[str, int] = {"ada": 11, "ben": 23, "cleo": 37, "dan": 41, "eve": 53, "finn": 67}

_SPEAKER = re.compile(r"\[S\d\]", re.IGNORECASE)


class DiaParams(SpeechParams):
    """What Dia takes. `guidance` is how closely it keeps to the words (classifier-free guidance)."""

    guidance: float = Field(default=3.0, ge=1.0, le=6.0)
    temperature: float = Field(default=1.3, gt=0.0, le=2.0)
    top: int = Field(default=45, ge=0, le=1024, description="of how many of the likeliest tokens is drawn; 0: all")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its processor with the codec, and how the voices begin that spoke so far."""

    model: Any
    processor: Any
    begun: dict[str, Samples] = field(default_factory=dict)


class Dia(Expert[Loaded]):
    """Nine codebooks of DAC at 86 Hz; every request of a batch has its own seed."""

    card: ClassVar[Card] = Card(
        name="dia",
        version="1",
        task="speech",
        summary="Expressive English speech with Nari Labs' Dia 1.6B, with (laughs) and (sighs); up to 25 s a line",
        languages=("en",),
        voices=tuple(VoiceCard(id=id, name=id.title(), language="en", gender="neutral") for id in _SEEDS),
        rate=44_100,
        longest=25.5,
        longest_text=350,
        batch=8,
        pool="gpu",
        on_request=True,
        memory_mb=8_000,
        deterministic=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(
            Weights(repo="nari-labs/Dia-1.6B-0626", megabytes=6_500),
            Weights(repo="descript/dac_44khz", megabytes=310, part="codec"),
        ),
        attribution=("Dia, by Nari Labs (Apache 2.0)", "Descript Audio Codec (MIT)"),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = DiaParams

    def load(self, place: Place) -> Loaded:
        from transformers import DacModel, DiaFeatureExtractor, DiaForConditionalGeneration, DiaProcessor, DiaTokenizer

        folder, local = place.folders[""], {"local_files_only": True}
        model = DiaForConditionalGeneration.from_pretrained(folder, dtype=place.dtype, **place.loading)
        codec = DacModel.from_pretrained(place.folders["codec"], **place.loading).to(place.device).eval()
        hearing = DiaFeatureExtractor.from_pretrained(folder, **local)
        processor = DiaProcessor(hearing, DiaTokenizer.from_pretrained(folder, **local), audio_tokenizer=codec)
        return Loaded(model.to(place.device).eval(), processor)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        made: dict[int, Result] = {}
        order = sorted(range(len(requests)), key=lambda at: _alike(requests[at]))
        for _, places in groupby(order, key=lambda at: _alike(requests[at])):
            together = list(places)
            clips = self._together(model, [requests[at] for at in together])
            made.update(zip(together, map(Result, clips), strict=True))
        return [made[at] for at in range(len(requests))]

    def refusal(self, params: DiaParams) -> str | None:
        if params.voice not in _SEEDS:
            return f"dia has no voice '{params.voice}'; it has {', '.join(_SEEDS)}"
        return None

    def seconds(self, params: DiaParams) -> float:
        return min(25.0, max(1.0, len(params.text) / 14.0))

    def _together(self, loaded: Loaded, requests: Sequence[Request]) -> list[Audio]:
        """Lines of one voice with the same settings, as one batch."""
        params: DiaParams = requests[0].params
        if reason := self.refusal(params):
            raise Unavailable(reason)
        begun = self._begun(loaded, params.voice)
        texts = [_line(f"{FIRST_WORDS} {request.params.text}") for request in requests]
        clips = self._going_on(loaded, texts, [request.seed or 0 for request in requests], params, begun)
        return [self._heard(clip) for clip in clips]

    def _begun(self, loaded: Loaded, voice: str) -> Samples:
        """The first words of a voice."""
        if voice not in loaded.begun:
            params = DiaParams(text=FIRST_WORDS, voice=voice)
            (clip,) = self._going_on(loaded, [_line(FIRST_WORDS)], [_SEEDS[voice]], params, None)
            loaded.begun[voice] = self._heard(clip).samples[:, 0]
        return loaded.begun[voice]

    def _going_on(
        self, loaded: Loaded, texts: Sequence[str], seeds: Sequence[int], params: DiaParams, begun: Samples | None
    ) -> Sequence[Any]:
        """The sound of `texts` after `begun`, which is their beginning."""
        model, processor = loaded.model, loaded.processor
        heard = {} if begun is None else {"audio": [begun] * len(texts)}
        told = processor(text=list(texts), padding=True, return_tensors="pt", **heard).to(model.device)
        before = processor.get_audio_prompt_len(told["decoder_attention_mask"]) if begun is not None else None
        room = model.config.decoder_config.max_position_embeddings
        steps = min(_LINE, room - (before or 0) - 20) if begun is not None else min(_FIRST, room // 3)
        with drawing(model, Rows(seeds, temperature=params.temperature, top=params.top)):
            codes = model.generate(
                **told,
                do_sample=False,
                temperature=1.0,
                top_k=None,
                top_p=None,
                guidance_scale=params.guidance,
                max_length=None,
                max_new_tokens=steps,
                stopping_criteria=while_alive(self.alive),
            )
        clips: Sequence[Any] = processor.batch_decode(codes, audio_prompt_len=before)
        return clips

    def _heard(self, clip: Any) -> Audio:
        return Audio.of(clip.float().reshape(-1).cpu().numpy(), self.card.rate)


def _line(text: str) -> str:
    """`text` as one speaker says it, whatever tags are in it."""
    return f"[S1] {' '.join(_SPEAKER.sub(' ', text).split())}"


def _alike(request: Request) -> tuple[str, float, float, int]:
    """What lines must have in common to be one batch."""
    params: DiaParams = request.params
    return params.voice, params.guidance, params.temperature, params.top


TOOL: Tool = Dia()
