"""faster_whisper: what is said in a clip, and when, by Whisper as CTranslate2 runs it, which is quicker on a CPU."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wavagent.audio import Word
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Request, Result, Tool, TranscribeParams, Weights

from ._expert import Expert, Place, Wave, heard
from ._whisper import LANGUAGES

RATE = 16_000

SILENT = 1e-3
"""Full scale of the loudest sample that counts as nothing: -60 dBFS. Whisper makes up words for silence."""


class FasterWhisper(Expert[Any]):
    """Segment after segment; eight-bit numbers on a CPU. Its weights are a .bin file of CTranslate2's own kind."""

    card = Card(
        name="faster_whisper",
        version="1",
        task="transcribe",
        summary="What is said, with the time of each word, in 100 languages, with Whisper on CTranslate2",
        languages=LANGUAGES,
        rate=RATE,
        batch=1,
        pool="gpu",
        memory_mb=3_500,
        dtype="float16",
        speed=2.0,
        seeded=False,
        code_licence=Licence(name="MIT", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="Systran/faster-whisper-large-v3", megabytes=3_090, plain=("model.bin",)),),
        attribution=("Whisper, by OpenAI (MIT)", "faster-whisper, by SYSTRAN (MIT)"),
        requires=("torch", "faster_whisper"),
        install="pip install 'wavagent[experts,faster-whisper]'",
    )
    params = TranscribeParams

    def load(self, place: Place) -> Any:
        from faster_whisper import WhisperModel

        quick = place.device == "cuda"
        return WhisperModel(
            str(place.folder),
            device="cuda" if quick else "cpu",
            compute_type="float16" if quick else "int8",
            local_files_only=True,
        )

    def make(self, model: Any, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._one(model, request) for request in requests]

    def _one(self, model: Any, request: Request) -> Result:
        if "audio" not in request.inputs:
            raise Refused("tool 'faster_whisper' writes down the clip 'audio', and was given none")
        language = request.params.language.lower().partition("-")[0]
        if language not in LANGUAGES:
            raise Refused(f"tool 'faster_whisper' knows no language '{language}'; it knows {', '.join(LANGUAGES)}")
        wave = heard(request.inputs["audio"], RATE)
        if not len(wave) or np.abs(wave).max() <= SILENT:
            return Result(data={"text": ""})
        return self._written(model, wave, language)

    def _written(self, model: Any, wave: Wave, language: str) -> Result:
        """What is said in all of `wave`. A segment is made when it is asked for: the run may be stopped between two."""
        segments, _ = model.transcribe(
            wave,
            language=language,
            word_timestamps=True,
            temperature=0.0,  # no second try by lot: the same clip is the same text
            condition_on_previous_text=False,
        )
        text, words = "", []
        self.alive()
        for segment in segments:
            for word in segment.words or ():
                said = word.word if text else word.word.lstrip()
                first = len(text) + len(said) - len(said.lstrip())
                text += said
                if said.strip():
                    start, end = float(word.start), float(max(word.start, word.end))
                    words.append(Word(start, min(end, len(wave) / RATE), first, len(text.rstrip())))
            self.alive()
        return Result(words=tuple(words), data={"text": text.strip()})


TOOL: Tool = FasterWhisper()
