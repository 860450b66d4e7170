"""align: when each word of a known text is said, by wav2vec 2.0 (Baevski et al., 2020), as transformers runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wavagent.audio import Word
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._align import Letters, Stretch, letters_of, viterbi
from ._expert import Expert, Place, Wave, heard, windows

RATE = 16_000

WINDOW = 30.0
"""Seconds that the model hears at once."""

SEARCH = 10.0
"""Seconds at the end of a window in which a pause is looked for, to cut there."""

LONGEST = 600.0


class AlignParams(Params):
    """What it takes beside the clip `audio`: the text that is said in it.

    It gives the words' times, and says `data["score"]`: the mean log likelihood of a frame; far below -1 the text is
    not what is said.
    """

    text: str = Field(min_length=1, max_length=20_000)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, what prepares the sound for it, and its letters."""

    model: Any
    features: Any
    letters: dict[str, int]
    gap: int | None
    blank: int
    device: str


class Align(Expert[Loaded]):
    """The model says how likely each letter is every 20 ms; the times are those of the likeliest way through the text.

    Figures and signs are no letters: a word of nothing else gets the time between its neighbours.
    """

    card = Card(
        name="align",
        version="1",
        task="align",
        summary="When each word of a known text is said, with wav2vec 2.0",
        languages=("en",),
        rate=RATE,
        longest=LONGEST,
        batch=8,
        pool="gpu",
        memory_mb=1_500,
        dtype="bfloat16",
        speed=20.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(Weights(repo="facebook/wav2vec2-base-960h", megabytes=380),),
        attribution=("wav2vec 2.0, by Meta AI (Apache-2.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = AlignParams

    def load(self, place: Place) -> Loaded:
        from transformers import AutoFeatureExtractor, AutoTokenizer, Wav2Vec2ForCTC

        model = Wav2Vec2ForCTC.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        features = AutoFeatureExtractor.from_pretrained(place.folder, local_files_only=True)
        tokens = AutoTokenizer.from_pretrained(place.folder, local_files_only=True)
        letters = {str(letter): int(number) for letter, number in tokens.get_vocab().items()}
        gap = letters.get(str(getattr(tokens, "word_delimiter_token", None)))
        return Loaded(model.to(place.device).eval(), features, letters, gap, int(tokens.pad_token_id), place.device)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._aligned(model, request) for request in requests]

    def _aligned(self, model: Loaded, request: Request) -> Result:
        if "audio" not in request.inputs:
            raise Refused("tool 'align' listens to the clip 'audio', and was given none")
        audio = request.inputs["audio"]
        if audio.seconds > LONGEST:
            raise Refused(f"tool 'align' takes clips of {LONGEST:g} s at most, and this one has {audio.seconds:.0f} s")
        told = letters_of(request.params.text, model.letters, model.gap)
        if not told.symbols:
            raise Refused("tool 'align' finds no letter in the text that its model knows")
        logs, times = self._logs(model, heard(audio, RATE))
        found = viterbi(logs, told.symbols, model.blank)
        if found is None:
            raise Refused(f"tool 'align' cannot place {len(told.symbols)} letters in a clip of {audio.seconds:.2f} s")
        stretches, likely = found
        words = _words(told, stretches, times, audio.seconds)
        return Result(words=words, data={"text": request.params.text, "score": float(likely.mean())})

    def _logs(self, model: Loaded, wave: Wave) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """The log likelihood of each letter in each frame, and when each frame begins: window after window.

        Windows go through the model one by one: padding would move the norms of its first layer.
        """
        import torch

        made, times = [], []
        for start, piece in windows(wave, RATE, WINDOW, SEARCH):
            self.alive()
            piece = np.pad(piece, (0, max(0, RATE // 10 - len(piece))))  # the first layers need some frames to look at
            told = model.features(piece, sampling_rate=RATE, return_tensors="pt")
            logits = model.model(told["input_values"].to(model.device, model.model.dtype)).logits[0]
            made.append(torch.log_softmax(logits.float(), dim=-1).cpu().numpy())
            step = len(piece) / len(made[-1]) / RATE
            times.append(start / RATE + step * np.arange(len(made[-1])))
        return np.concatenate(made), np.concatenate(times)


def _words(told: Letters, stretches: Sequence[Stretch], times: NDArray[np.float64], seconds: float) -> tuple[Word, ...]:
    """The words with the times of their letters; one without letters stands between its neighbours."""
    ends = np.append(times[1:], seconds)
    found: list[Word] = []
    for (first, last), (begin, end) in zip(told.words, told.spans, strict=True):
        before = found[-1].end if found else 0.0
        if begin == end:
            follows = next((times[stretches[b][0]] for b, e in told.spans if b >= begin and e > b), seconds)
            start, stop = before, float(max(before, follows))
        else:
            start, stop = float(times[stretches[begin][0]]), float(ends[stretches[end - 1][1] - 1])
        found.append(Word(min(start, seconds), min(stop, seconds), first, last))
    return tuple(found)


TOOL: Tool = Align()
