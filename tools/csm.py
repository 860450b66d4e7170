"""csm: English conversation by Sesame's CSM-1B (2025), as transformers runs it.

CSM has no voices of its own: it goes on with a conversation, of which it hears who spoke and reads what was said. So a
voice of the card is somebody whom CSM makes up once, from a seed, with a first sentence that all lines go on from; and
a voice is cloned by letting the reference be that sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Broken, Refused, Unavailable
from wavagent.tool import Card, CloningParams, Licence, Params, Request, Result, Tool, VoiceCard, Weights

from ._expert import Expert, Place, Rows, Wave, drawing, in_batches, reference

FIRST_WORDS = "It was a quiet morning by the sea, and nobody had come down to the harbour yet. We waited for the tide."
"""What every voice of the card says first, and what all its lines go on from."""

FRAMES = 12.5
"""Steps for a second of sound."""

_FIRST, _LINE = 125, 313
"""Steps at most for the first words (10 s) and for a line (25 s)."""

_LEAST, _MOST = 1.0, 60.0
"""Seconds of a reference: more would leave too little room for the line."""

_VOICES = tuple("01234567")

_MARKUP = re.compile(r"<\|[^|<>]*\|>|\[\d+\]")
"""The model's own signs: the end of a text, a piece of sound, who speaks."""


class CsmParams(CloningParams):
    """What CSM takes. `temperature` is how freely it speaks."""

    temperature: float = Field(default=0.9, gt=0.0, le=1.5)
    top: int = Field(default=50, ge=0, le=2051, description="of how many of the likeliest tokens is drawn; 0: all")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a speaker says in a conversation, and how that sounds; None: it is to be said."""

    speaker: str
    words: str
    wave: Wave | None = None

    def told(self) -> dict[str, Any]:
        """The turn as the processor's template takes it."""
        sound = [] if self.wave is None else [{"type": "audio"}]
        return {"role": self.speaker, "content": [{"type": "text", "text": _plain(self.words)}, *sound]}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model with its codec, its processor, and the first turns of the voices that spoke so far."""

    model: Any
    processor: Any
    begun: dict[str, Turn] = field(default_factory=dict)


class Csm(Expert[Loaded]):
    """Frame by frame: one model for the first of 32 codebooks, a small one for the rest; every row has its own seed."""

    card: ClassVar[Card] = Card(
        name="csm",
        version="1",
        task="speech",
        summary="Conversational English speech with Sesame's CSM-1B, which also clones a voice; up to 25 s a line",
        languages=("en",),
        voices=tuple(
            VoiceCard(id=id, name=f"CSM speaker {id}, made up", language="en", gender="neutral") for id in _VOICES
        ),
        rate=24_000,
        longest=25.1,
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
        weights=(Weights(repo="sesame/csm-1b", megabytes=12_800),),
        attribution=("CSM-1B, by Sesame (Apache 2.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = CsmParams

    def load(self, place: Place) -> Loaded:
        from transformers import CsmForConditionalGeneration, CsmProcessor

        model = CsmForConditionalGeneration.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        model.codec_model.float()  # half precision is heard in it
        model.backbone_model.register_forward_pre_hook(self.alive)  # once for each step
        processor = CsmProcessor.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model.to(place.device).eval(), processor)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return in_batches(requests, _alike, lambda lines: [Result(clip) for clip in self._together(model, lines)])

    def refusal(self, params: CsmParams) -> str | None:
        if params.voice not in _VOICES:
            return f"csm has no voice '{params.voice}'; it has {', '.join(_VOICES)}, or clones that of a reference"
        return None

    def seconds(self, params: CsmParams) -> float:
        return min(25.0, max(1.0, len(params.text) / 14.0))

    def _together(self, loaded: Loaded, requests: Sequence[Request]) -> list[Audio]:
        """Lines with the same settings, as one batch."""
        firsts = [self._first(loaded, request) for request in requests]
        talks = [
            [first, Turn(first.speaker, request.params.text)] for first, request in zip(firsts, requests, strict=True)
        ]
        return self._said(loaded, talks, [request.seed or 0 for request in requests], requests[0].params, _LINE)

    def _first(self, loaded: Loaded, request: Request) -> Turn:
        """What the line goes on from. Raises Refused and Unavailable."""
        params: CsmParams = request.params
        wave = reference(request, "csm", self.card.rate, _LEAST, _MOST)
        if wave is None:
            return self._begun(loaded, params)
        if not _plain(params.words):
            raise Refused(
                "tool 'csm' goes on from a reference only where it knows what is said in it: give its words, "
                "as `wavagent transcribe` writes them down"
            )
        return Turn("0", params.words, wave)

    def _begun(self, loaded: Loaded, params: CsmParams) -> Turn:
        """The first turn of a voice of the card."""
        if reason := self.refusal(params):
            raise Unavailable(reason)
        if params.voice not in loaded.begun:
            first = Turn(params.voice, FIRST_WORDS)
            usual = CsmParams(text=FIRST_WORDS, voice=params.voice)
            (clip,) = self._said(loaded, [[first]], [int(params.voice)], usual, _FIRST)
            if not clip.frames:
                raise Broken(f"csm made up nobody who speaks for voice '{params.voice}'; take another of its voices")
            loaded.begun[params.voice] = Turn(params.voice, FIRST_WORDS, clip.samples[:, 0])
        return loaded.begun[params.voice]

    def _said(
        self, loaded: Loaded, talks: Sequence[Sequence[Turn]], seeds: Sequence[int], params: CsmParams, steps: int
    ) -> list[Audio]:
        """The last turn of every conversation, of `steps` frames at most."""
        model, rows = loaded.model, Rows(seeds, temperature=params.temperature, top=params.top)
        told = _told(loaded, talks, steps)
        with drawing(model, rows), drawing(model.depth_decoder, rows):
            codes = model.generate(**told, **_greedy(), **_greedy("depth_decoder_"), max_new_tokens=steps)
        return [self._heard(loaded, row) for row in codes]

    def _heard(self, loaded: Loaded, codes: Any) -> Audio:
        """The sound of the frames before the one that ends it. What comes after that depends on the other rows."""
        config = loaded.model.config
        over = (codes[:, :-1] == config.codebook_eos_token_id).all(-1).nonzero()
        codes = codes[: int(over[0, 0])] if len(over) else codes
        if not len(codes):
            return Audio.silence(0.0, self.card.rate)  # it had nothing to say; the check of the take says so
        sound = codes.clamp(max=config.codec_config.codebook_size - 1)  # the last few tokens are no codes
        made = loaded.model.codec_model.decode(sound.T[None]).audio_values
        return Audio.of(made.float().reshape(-1).cpu().numpy(), self.card.rate)


def _told(loaded: Loaded, talks: Sequence[Sequence[Turn]], steps: int) -> Any:
    """The conversations as the model takes them. Raises Refused where no room is left for `steps` more frames."""
    model, processor = loaded.model, loaded.processor
    waves = [turn.wave for talk in talks for turn in talk if turn.wave is not None]
    told = processor(
        text=[processor.apply_chat_template([turn.told() for turn in talk]) for talk in talks],
        **({"audio": waves, "sampling_rate": processor.feature_extractor.sampling_rate} if waves else {}),
        padding=True,
        padding_side="left",
        add_special_tokens=False,
        return_tensors="pt",
    )
    room = model.config.max_position_embeddings - steps
    if (longest := int(told["attention_mask"].sum(1).max())) > room:
        raise Refused(
            f"the text with the words of its reference comes to {longest} tokens, and tool 'csm' takes {room}: give it "
            "less text, or a shorter reference with no more words than are said in it"
        )
    return told.to(model.device)


def _greedy(of: str = "") -> dict[str, Any]:
    """What keeps `generate` from sampling by itself."""
    return {f"{of}do_sample": False, f"{of}temperature": 1.0, f"{of}top_k": None, f"{of}top_p": None}


def _plain(text: str) -> str:
    """`text` without what the model would take for its own signs."""
    return " ".join(_MARKUP.sub(" ", text).split())


def _alike(request: Request) -> tuple[float, int]:
    """What lines must have in common to be one batch."""
    params: CsmParams = request.params
    return params.temperature, params.top


TOOL: Tool = Csm()
