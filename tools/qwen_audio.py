"""qwen_audio: what is heard in a clip, or an answer about it, by Alibaba's Qwen2-Audio (Chu et al., 2024)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, JsonValue

from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._expert import Expert, Place, Wave, chunks, heard, while_alive

RATE = 16_000

WINDOW = 30.0
"""Seconds that the model hears at once."""

LEAST = 1.0
"""Seconds of a last window that still counts."""


class CaptionParams(Params):
    """What it takes beside the clip `audio`: a question, or a wish. It says `data["text"]`, and the answer for each
    window of a longer clip, with its start and end in seconds, as `data["parts"]`."""

    ask: str = Field(
        default="Describe what is heard in this recording in one sentence.", min_length=1, max_length=2_000
    )
    most: int = Field(default=200, ge=1, le=1_000, description="tokens of the answer")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, and what puts sound and words into its tokens."""

    model: Any
    processor: Any
    device: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a window of the clip of request `owner`, which begins at `start` seconds."""

    owner: int
    start: float
    wave: Wave
    ask: str
    most: int


class QwenAudio(Expert[Loaded]):
    """Greedy: the same clip and question have the same answer."""

    card = Card(
        name="qwen_audio",
        version="1",
        task="caption",
        summary="What is heard in a clip, and answers about it, with Qwen2-Audio",
        languages=("en", "zh"),
        rate=RATE,
        batch=4,
        pool="gpu",
        memory_mb=18_000,
        dtype="bfloat16",
        speed=5.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(Weights(repo="Qwen/Qwen2-Audio-7B-Instruct", megabytes=16_800),),
        attribution=("Qwen2-Audio, by Alibaba Cloud (Apache-2.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = CaptionParams

    def load(self, place: Place) -> Loaded:
        from transformers import AutoProcessor, Qwen2AudioForConditionalGeneration

        model = Qwen2AudioForConditionalGeneration.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        processor = AutoProcessor.from_pretrained(place.folder, local_files_only=True)
        processor.tokenizer.padding_side = "left"  # an answer goes on from the end of its question
        return Loaded(model.to(place.device).eval(), processor, place.device)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        questions = [one for owner, request in enumerate(requests) for one in _questions(owner, request)]
        answers: list[str] = []
        for first in range(0, len(questions), self.card.batch):
            answers += self._answers(model, questions[first : first + self.card.batch])
        both = list(zip(questions, answers, strict=True))
        return [
            _told([pair for pair in both if pair[0].owner == owner], requests[owner]) for owner in range(len(requests))
        ]

    def _answers(self, model: Loaded, questions: Sequence[Question]) -> list[str]:
        told = model.processor(
            text=[_asked(model, one.ask) for one in questions],
            audio=[one.wave for one in questions],
            sampling_rate=RATE,
            padding=True,
            return_tensors="pt",
        ).to(model.device)
        told["input_features"] = told["input_features"].to(model.model.dtype)
        made = model.model.generate(
            **told,
            do_sample=False,
            num_beams=1,
            max_new_tokens=max(one.most for one in questions),
            stopping_criteria=while_alive(self.alive),
        )[:, told["input_ids"].shape[1] :]
        tokens = model.processor.tokenizer
        return [
            str(tokens.decode(row[: one.most], skip_special_tokens=True)).strip()
            for row, one in zip(made.tolist(), questions, strict=True)
        ]


def _questions(owner: int, request: Request) -> list[Question]:
    if "audio" not in request.inputs:
        raise Refused("tool 'qwen_audio' listens to the clip 'audio', and was given none")
    windows = chunks(heard(request.inputs["audio"], RATE), RATE, WINDOW, LEAST)
    return [Question(owner, start, wave, request.params.ask, request.params.most) for start, wave in windows]


def _asked(model: Loaded, ask: str) -> str:
    """The conversation as the model was trained on it, with the question as one person's words.

    What looks like the model's own marks is broken up: a question is data, and cannot speak as anybody else.
    """
    said = [{"role": "user", "content": [{"type": "audio", "audio_url": ""}, {"type": "text", "text": _plain(ask)}]}]
    return str(model.processor.apply_chat_template(said, add_generation_prompt=True, tokenize=False))


def _plain(ask: str) -> str:
    return ask.replace("<|", "< |")


def _told(answered: Sequence[tuple[Question, str]], request: Request) -> Result:
    seconds = request.inputs["audio"].seconds
    starts = [question.start for question, _ in answered]
    parts: list[JsonValue] = [
        {"start": round(start, 3), "end": round(end, 3), "text": text}
        for start, end, (_, text) in zip(starts, [*starts[1:], seconds], answered, strict=True)
    ]
    return Result(data={"text": " ".join(text for _, text in answered), "parts": parts})


TOOL: Tool = QwenAudio()
