import importlib
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

align = importlib.import_module("wavagent.tools.align")
ctc = importlib.import_module("wavagent.tools._align")


def said(way: tuple[int, ...]) -> list[int]:
    """What a way through the classes says: repeats are one, blanks (0) are nothing."""
    return [symbol for symbol, _ in itertools.groupby(way) if symbol]


def ways(frames: int, classes: int, symbols: list[int]) -> Iterator[tuple[int, ...]]:
    return (way for way in itertools.product(range(classes), repeat=frames) if said(way) == symbols)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 2), min_size=1, max_size=4), st.integers(1, 6), st.integers(0, 2**32))
def test_the_way_is_the_likeliest_of_all_that_say_the_text(symbols: list[int], frames: int, seed: int) -> None:
    logs = np.log(np.random.default_rng(seed).dirichlet(np.ones(3), size=frames)).astype(np.float32)
    every = list(ways(frames, 3, symbols))
    found = ctc.viterbi(logs, symbols, 0)
    if not every:
        assert found is None
        return
    best = max(every, key=lambda way: sum(logs[range(frames), way]))
    stretches, likely = found
    assert likely.sum() == pytest.approx(float(sum(logs[range(frames), best])), abs=1e-4)
    runs = [list(run) for symbol, run in itertools.groupby(range(frames), key=best.__getitem__) if symbol]
    assert stretches == [(run[0], run[-1] + 1) for run in runs]


def test_letters_are_those_that_the_model_knows_in_its_case() -> None:
    classes = {"|": 4, "A": 5, "B": 6, "C": 7, "'": 8}
    told = ctc.letters_of("Ça 12 b’a!", classes, 4)
    assert told.symbols == (7, 5, 4, 6, 8, 5)
    assert told.words == ((0, 2), (3, 5), (6, 10))
    assert told.spans == ((0, 2), (2, 2), (3, 6))


def test_without_a_gap_words_follow_one_another() -> None:
    assert ctc.letters_of("ab ba", {"a": 1, "b": 2}, None).symbols == (1, 2, 2, 1)


class Spelling:
    """Log likelihoods of a clip that says its letters at known frames."""

    LETTERS = {"|": 1, "A": 2, "B": 3}

    def __init__(self, way: str) -> None:
        classes = [{"_": 0, **self.LETTERS}[letter] for letter in way]
        self.logs = np.full((len(way), 4), -8.0, np.float32)
        self.logs[np.arange(len(way)), classes] = -0.01


def test_words_have_the_times_of_their_letters_and_figures_stand_between(monkeypatch: pytest.MonkeyPatch) -> None:
    spelling = Spelling("__AAB_||__BB_A___")
    tool = align.Align({"": None})
    times = np.arange(len(spelling.logs)) * 0.02
    monkeypatch.setattr(align.Align, "_logs", lambda *_: (spelling.logs, times))
    model = align.Loaded(None, None, Spelling.LETTERS, 1, 0, "cpu")
    clip = {"audio": Audio.silence(0.34, 16_000)}
    result = tool._aligned(model, Request(align.AlignParams(text="ab, 42 ba."), clip))
    times_of = [(round(word.start, 2), round(word.end, 2)) for word in result.words]
    assert times_of == [(0.04, 0.1), (0.1, 0.2), (0.2, 0.28)]
    assert [(word.first, word.last) for word in result.words] == [(0, 3), (4, 6), (7, 10)]
    assert result.data["score"] == pytest.approx(-0.01, abs=1e-3)


@pytest.mark.usefixtures("models")
def test_the_frames_of_a_window_cover_it(tiny: Any) -> None:
    tool = align.Align({"": tiny("align")})
    clip = {"audio": Audio.of(np.random.default_rng(1).normal(0, 0.1, 24_000), 16_000)}
    (result,) = tool([Request(align.AlignParams(text="It was a dark and stormy night."), clip)])
    starts = [word.start for word in result.words]
    assert len(result.words) == 7 and starts == sorted(starts)
    assert all(0.0 <= word.start <= word.end <= 1.5 for word in result.words)


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("text", "seconds", "fault"),
    [("a" * 200, 0.5, "cannot place 200 letters"), ("42!", 0.5, "no letter"), ("hello", 601.0, "600 s at most")],
)
def test_what_cannot_be_aligned_is_refused(tiny: Any, text: str, seconds: float, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        align.Align({"": tiny("align")})(
            [Request(align.AlignParams(text=text), {"audio": Audio.silence(seconds, 16_000)})]
        )


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(Refused, match="text"):
        accept(align.TOOL, {"text": ""})
