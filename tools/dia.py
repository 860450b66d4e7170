"""dia: expressive English speech by Nari Labs' Dia (2025), as transformers runs it.

Dia has no voices of its own: it goes on as whoever it hears. So every voice of the card begins with a sentence that Dia
says once, from a seed, and all its lines go on from there; and the voice of a recording is what goes on from that, once
it is told what is said there. It laughs where the text says (laughs).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio, Samples
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Card, CloningParams, Licence, Params, Request, Result, Tool, VoiceCard, Weights

from ._dia import InPlace
from ._expert import Expert, Place, Rows, drawing, in_batches, reference, while_alive

FIRST_WORDS = "It was a quiet morning by the sea, and nobody had come down to the harbour yet. We waited for the tide."
"""What every voice says first, and what all its lines go on from."""

FRAMES = 44_100 / 512
"""Steps for a second of sound."""

_FIRST, _LINE = 860, 2150
"""Steps at most for the first words, or a recording that is gone on from (10 s), and for a line (25 s)."""

SHORTEST = 0.1
"""Seconds of a recording that are gone on from."""

_WORDS = 400
"""Characters at most of what is said in a recording: nobody says more in 10 s."""

_SEEDS: Mapping[str, int] = {"ada": 11, "ben": 23, "cleo": 37, "dan": 41, "eve": 53, "finn": 67}

_SPEAKER = re.compile(r"\[S\d\]", re.IGNORECASE)


class DiaParams(CloningParams):
    """What Dia takes; of a recording it has to know the `words`.

    `guidance` is how closely it keeps to what it says (classifier-free guidance).
    """

    guidance: float = Field(default=3.0, ge=1.0, le=6.0)
    temperature: float = Field(default=1.3, gt=0.0, le=2.0)
    top: int = Field(default=45, ge=0, le=1024, description="of how many of the likeliest tokens is drawn; 0: all")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its processor with the codec, its decoder in place, and how the voices begin that spoke so far."""

    model: Any
    processor: Any
    decoder: InPlace
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
        clones=True,
        needs_words=True,
        memory_mb=8_000,
        dtype="bfloat16",
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
        codec = DacModel.from_pretrained(place.folders["codec"], **place.of("codec").loading).to(place.device).eval()
        hearing = DiaFeatureExtractor.from_pretrained(folder, **local)
        processor = DiaProcessor(hearing, DiaTokenizer.from_pretrained(folder, **local), audio_tokenizer=codec)
        model = model.to(place.device).eval()
        return Loaded(model, processor, InPlace(model.model.decoder))

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return in_batches(requests, _alike, lambda lines: [Result(clip) for clip in self._together(model, lines)])

    def refusal(self, params: DiaParams) -> str | None:
        if len(params.words) > _WORDS:
            return f"{len(params.words)} characters of `words` are more than is said in the 10 s that dia goes on from"
        if params.voice in _SEEDS or params.words.strip():
            return None
        return (
            f"dia has no voice '{params.voice}'; it has {', '.join(_SEEDS)}, and goes on as a recording of up to 10 s "
            "when it is told what is said there: give its `words`"
        )

    def seconds(self, params: DiaParams) -> float:
        return min(25.0, max(1.0, len(params.text) / 14.0))

    def _together(self, loaded: Loaded, requests: Sequence[Request]) -> list[Audio]:
        """Lines of one voice with the same settings, as one batch."""
        params: DiaParams = requests[0].params
        first, begun = self._beginning(loaded, requests[0])
        texts = [_line(f"{first} {request.params.text}") for request in requests]
        clips = self._going_on(loaded, texts, [request.seed or 0 for request in requests], params, begun)
        return [self._heard(clip) for clip in clips]

    def _beginning(self, loaded: Loaded, request: Request) -> tuple[str, Samples]:
        """What a line goes on from: words, and how they sound. Raises Unavailable and Refused."""
        params: DiaParams = request.params
        if reason := self.refusal(params):
            raise Unavailable(reason)
        heard = reference(request, "dia", self.card.rate, SHORTEST, round(_first(loaded.model) / FRAMES, 1))
        if heard is None and params.voice not in _SEEDS:
            raise Refused(f"dia has no voice '{params.voice}', and was given no recording of it")
        if heard is None:
            return FIRST_WORDS, self._begun(loaded, params.voice)
        if not params.words.strip():
            raise Refused("dia goes on from a recording only when it is told what is said there: give its `words`")
        return params.words, heard

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
        before_it = {} if begun is None else {"audio": [begun] * len(texts)}
        told = processor(text=list(texts), padding=True, return_tensors="pt", **before_it).to(model.device)
        before = processor.get_audio_prompt_len(told["decoder_attention_mask"]) if begun is not None else None
        room = model.config.decoder_config.max_position_embeddings
        steps = min(_LINE, room - (before or 0) - 20) if begun is not None else _first(model)
        rows = Rows(seeds, temperature=params.temperature, top=params.top)
        with drawing(model, rows), loaded.decoder.room(steps):
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


def _first(model: Any) -> int:
    """Steps at most that a line goes on from."""
    return int(min(_FIRST, model.config.decoder_config.max_position_embeddings // 3))


def _line(text: str) -> str:
    """`text` as one speaker says it, whatever tags are in it."""
    return f"[S1] {' '.join(_SPEAKER.sub(' ', text).split())}"


def _alike(request: Request) -> tuple[str, str, str, float, float, int]:
    """What lines must have in common to be one batch: what they go on from, and the settings."""
    params: DiaParams = request.params
    settings = params.guidance, params.temperature, params.top
    if (heard := request.inputs.get("reference")) is None:
        return params.voice, "", "", *settings
    sound = hashlib.sha256(heard.samples.tobytes()).hexdigest()
    return f"{heard.rate} {heard.channels}", params.words, sound, *settings


TOOL: Tool = Dia()
