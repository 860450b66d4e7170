"""What came back from a tool is looked at before it is kept, each clip by itself."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio, Word
from wavagent.errors import Broken, Flawed
from wavagent.graph import Call
from wavagent.run.call import Ready, ready
from wavagent.run.take import checked
from wavagent.tool import Result


@pytest.fixture
def batch(expert: Callable[..., Any]) -> list[Ready]:
    tool = expert("bark")
    return [ready(Call(id, "bark", {"text": id}, element=f"line {id}"), tool, {}) for id in ("a", "b")]


def clip(frames: int = 80, rate: int = 8_000) -> Audio:
    return Audio(np.zeros((frames, 1), np.float32), rate)


GOOD = Result(clip())
UNKEPT = "gave words or data that no JSON can hold"


def test_what_was_asked_for_passes(batch: list[Ready]) -> None:
    results = [GOOD, Result(clip(), (Word(0.0, 0.01, 0, 1),), {"text": "b"})]
    assert checked(batch, results) == results


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_of_clips_than_calls_is_broken(batch: list[Ready], count: int) -> None:
    with pytest.raises(Broken, match=f"tool 'bark' was given 2 calls and made {count} clips"):
        checked(batch, [GOOD] * count)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result(clip(frames=0)), "made an empty clip for 'line b'"),
        (Result(clip(rate=44_100)), "made a clip at 44100 Hz, though its card says 8000 Hz, for 'line b'"),
        (None, "made no Result but NoneType for 'line b'"),
        (clip(), "made no Result but Audio for 'line b'"),
        (Result(clip(), data={"score": np.float32(1)}), UNKEPT),  # type: ignore[dict-item]
        (Result(clip(), data={"score": float("nan")}), UNKEPT),
        (Result(clip(), data={"score": {1, 2}}), UNKEPT),  # type: ignore[dict-item]
        (Result(clip(), words=(Word("soon", 1.0, 0, 1),)), UNKEPT),  # type: ignore[arg-type]
    ],
)
def test_a_faulty_result_fails_alone_and_says_whose_and_for_what(batch: list[Ready], result: Any, said: str) -> None:
    good, error = checked(batch, [GOOD, result])
    assert good == GOOD
    assert isinstance(error, Broken)
    assert str(error).startswith(f"tool 'bark' {said}")


def test_samples_that_are_no_numbers_are_flawed(batch: list[Ready]) -> None:
    spoilt = clip()
    spoilt.samples[3] = np.nan
    _, error = checked(batch, [GOOD, Result(spoilt)])
    assert isinstance(error, Flawed)
    assert str(error) == "tool 'bark' made a clip that holds samples that are not numbers for 'line b'"


def test_a_tool_that_only_tells_makes_no_clip(expert: Callable[..., Any]) -> None:
    call = ready(Call("t", "clerk", {}), expert("clerk", task="transcribe"), {})
    told = Result(data={"text": "good night"})
    assert checked([call], [told]) == [told]


def test_a_tool_without_a_rate_keeps_that_of_its_clip(expert: Callable[..., Any]) -> None:
    call = ready(Call("c", "fix", {}), expert("fix", rate=0), {})
    assert isinstance(checked([call], [Result(clip(rate=96_000))])[0], Result)
