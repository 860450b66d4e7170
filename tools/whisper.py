"""whisper: what is said in a clip, and when, by OpenAI's Whisper (Radford et al., 2022), as transformers runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wavagent.audio import Word
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Request, Result, Tool, TranscribeParams, Weights

from ._expert import Expert, Place, Wave, heard, while_alive, windows
from ._whisper import LANGUAGES, moments, placed

RATE = 16_000

WINDOW = 30.0
"""Seconds that the model hears at once."""

SEARCH = 10.0
"""Seconds at the end of a window in which a pause is looked for, to cut there."""

SILENT = 1e-3
"""Full scale of the loudest sample that counts as nothing: -60 dBFS. Whisper makes up words for silence."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, what makes spectrograms for it, and its tokens."""

    model: Any
    features: Any
    tokens: Any
    device: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A window of the clip of request `owner`, which begins at `start` seconds."""

    owner: int
    start: float
    wave: Wave
    language: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was heard in a piece, with the times of its words in the piece."""

    text: str
    words: tuple[Word, ...]


class Whisper(Expert[Loaded]):
    """Long clips are cut at their pauses; all windows of all clips go through the model side by side."""

    card = Card(
        name="whisper",
        version="1",
        task="transcribe",
        summary="What is said, with the time of each word, in 100 languages, with Whisper",
        languages=LANGUAGES,
        rate=RATE,
        batch=8,
        pool="gpu",
        memory_mb=3_500,
        dtype="bfloat16",
        speed=1.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="openai/whisper-large-v3-turbo", megabytes=1_620),),
        attribution=("Whisper, by OpenAI (MIT)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = TranscribeParams

    def load(self, place: Place) -> Loaded:
        from transformers import AutoFeatureExtractor, AutoTokenizer, WhisperForConditionalGeneration

        model = WhisperForConditionalGeneration.from_pretrained(
            place.folder,
            dtype=place.dtype,
            attn_implementation="eager",  # the only one that tells where it looked
            **place.loading,
        )
        features = AutoFeatureExtractor.from_pretrained(place.folder, local_files_only=True)
        tokens = AutoTokenizer.from_pretrained(place.folder, local_files_only=True)
        return Loaded(model.to(place.device).eval(), features, tokens, place.device)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        pieces = [piece for owner, request in enumerate(requests) for piece in _pieces(model, owner, request)]
        written: list[Written] = []
        for first in range(0, len(pieces), self.card.batch):
            written += self._written(model, pieces[first : first + self.card.batch])
        return [
            _together([(one.start, told) for one, told in zip(pieces, written, strict=True) if one.owner == owner])
            for owner in range(len(requests))
        ]

    def _written(self, model: Loaded, pieces: Sequence[Piece]) -> list[Written]:
        """What is said in each piece, in one batch."""
        heard = model.features([piece.wave for piece in pieces], sampling_rate=RATE, return_tensors="pt")
        features = heard.input_features.to(model.device, model.model.dtype)
        asked = model.model.generation_config
        spoken = [piece.language for piece in pieces]
        told = {"language": spoken, "task": "transcribe"} if getattr(asked, "is_multilingual", False) else {}
        made = model.model.generate(
            input_features=features,
            return_timestamps=False,
            do_sample=False,
            num_beams=1,
            stopping_criteria=while_alive(self.alive),
            **told,
        )
        return [
            self._timed(model, features[row : row + 1], _plain(model, made[row].tolist()), piece)
            for row, piece in enumerate(pieces)
        ]

    def _timed(self, model: Loaded, features: Any, tokens: list[int], piece: Piece) -> Written:
        """The text of `tokens`, with the times of its words where the model knows which of its heads follow the sound.

        One pass for each piece by itself: beside others, what pads the shorter ones would move the times.
        """
        import torch

        self.alive()
        text = _text(model, tokens)
        asked = model.model.generation_config
        heads = getattr(asked, "alignment_heads", None)
        if not text.strip() or heads is None:
            return Written(text, ())
        prompt = _prompt(asked, piece.language)
        given = torch.tensor([[*prompt, *tokens, asked.eos_token_id]], device=model.device)
        looked = model.model(input_features=features, decoder_input_ids=given, output_attentions=True)
        seconds = len(piece.wave) / RATE
        times = moments(looked.cross_attentions, heads, len(prompt), seconds, model.model.config.median_filter_width)
        return Written(text, placed(text, tokens, list(np.minimum(times, seconds)), lambda some: _text(model, some)))


def _pieces(model: Loaded, owner: int, request: Request) -> list[Piece]:
    """The windows of a clip in which there is any sound. Raises Refused when there is no clip, or no such language."""
    if "audio" not in request.inputs:
        raise Refused("tool 'whisper' writes down the clip 'audio', and was given none")
    language = request.params.language.lower().partition("-")[0]
    known = getattr(model.model.generation_config, "lang_to_id", None)
    if known is not None and f"<|{language}|>" not in known:
        raise Refused(f"tool 'whisper' knows no language '{language}'; it knows {', '.join(LANGUAGES)}")
    wave = heard(request.inputs["audio"], RATE)
    return [
        Piece(owner, start / RATE, piece, language)
        for start, piece in windows(wave, RATE, WINDOW, SEARCH)
        if len(piece) and np.abs(piece).max() > SILENT
    ]


def _prompt(asked: Any, language: str) -> list[int]:
    """The tokens that come before the text, as `generate` gives them: start, language, task, and no times."""
    prompt = [asked.decoder_start_token_id]
    if getattr(asked, "is_multilingual", False):
        prompt += [asked.lang_to_id[f"<|{language}|>"], asked.task_to_id["transcribe"]]
    return [*prompt, asked.no_timestamps_token_id]


def _plain(model: Loaded, tokens: Sequence[int]) -> list[int]:
    """`tokens` without the special ones: the start, and what pads the end."""
    special = set(model.tokens.all_special_ids)
    return [token for token in tokens if token not in special]


def _text(model: Loaded, tokens: Sequence[int]) -> str:
    return str(model.tokens.decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False))


def _together(pieces: Sequence[tuple[float, Written]]) -> Result:
    """What was heard in the windows of one clip, as one text."""
    text, words = "", []
    for start, written in pieces:
        skipped = len(written.text) - len(written.text.lstrip())
        text += " " if text else ""
        shift = len(text) - skipped
        words += [Word(w.start + start, w.end + start, w.first + shift, w.last + shift) for w in written.words]
        text += written.text.strip()
    return Result(words=tuple(words), data={"text": text})


TOOL: Tool = Whisper()
