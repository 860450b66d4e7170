"""The tool that chooses makes nothing: its clip is one of those it was given, with all that is known of each."""

import importlib

import numpy as np
import pytest
from pydantic import JsonValue

from wavagent.audio import Audio, Word
from wavagent.errors import Refused
from wavagent.tool import NOTHING, Request, Said, accept

TOOL = importlib.import_module("wavagent.tools.choose").TOOL
FAULT: dict[str, JsonValue] = {"name": "clipping", "message": "is clipped", "broken": False}


def clip(seconds: float) -> Audio:
    return Audio.of(np.full(round(seconds * 8_000), 0.1), 8_000)


def request(*lengths: float, said: dict[str, Said] | None = None, **params: str) -> Request:
    clips = {f"take-{number}": clip(seconds) for number, seconds in enumerate(lengths)}
    told = {name: NOTHING for name in (said or {}) if name not in clips}
    return Request(accept(TOOL, params), {**clips, **told}, said=said or {})


def test_the_clip_and_the_words_are_those_of_the_chosen_take() -> None:
    words = (Word(0.0, 0.5, 0, 3),)
    asked = request(1.0, 2.0, 2.1, said={"take-1": Said(words)})
    (result,) = TOOL([asked])
    assert result.audio is asked.inputs["take-1"] or result.audio is asked.inputs["take-2"]
    assert result.data["chosen"] == 1
    assert result.words == words


def test_every_take_is_listed_with_what_is_known_of_it() -> None:
    said = {
        "take-0": Said(data={"wavagent.faults": [FAULT]}),
        "transcript-0": Said(data={"text": "good night"}),
        "score-1": Said(data={"score": 0.25}),
    }
    (result,) = TOOL([request(1.0, 1.5, said=said, text="Good night.")])
    assert result.data["takes"] == [
        {"take": 0, "seconds": 1.0, "faults": [FAULT], "wer": 0.0, "heard": "good night"},
        {"take": 1, "seconds": 1.5, "faults": [], "score": 0.25},
    ]
    assert result.data["chosen"] == 1


@pytest.mark.parametrize("data", [{}, {"text": 5}, {"score": "high"}, {"score": None}, {"text": None}])
def test_a_judge_who_says_nothing_of_use_is_passed_over(data: dict[str, object]) -> None:
    said = {"transcript-0": Said(data=data), "score-0": Said(data=data)}  # type: ignore[arg-type]
    (result,) = TOOL([request(1.0, said=said, text="Hm.")])
    assert result.data["takes"] == [{"take": 0, "seconds": 1.0, "faults": []}]


def test_nothing_to_choose_from_is_refused() -> None:
    with pytest.raises(Refused, match="no take to choose from"):
        TOOL([request()])
