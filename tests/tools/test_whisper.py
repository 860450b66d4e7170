import importlib
import itertools
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import Audio
from wavagent.errors import Broken, Refused
from wavagent.tool import Request, Result, TranscribeParams, accept

whisper = importlib.import_module("wavagent.tools.whisper")
attention = importlib.import_module("wavagent.tools._whisper")
hearing = importlib.import_module("wavagent.tools._expert.hearing")

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def tool(tiny: Any) -> Any:
    return whisper.Whisper({"": tiny("whisper")})


def clip(seconds: float, seed: int, rate: int = 16_000) -> Request:
    noise = np.random.default_rng(seed).normal(0, 0.1, (round(seconds * rate), 2))
    return Request(TranscribeParams(), {"audio": Audio.of(noise, rate)})


LONG, SHORT = clip(2.0, 1), clip(0.7, 2, 44_100)


def told(result: Result) -> str:
    return str(result.data["text"])


def test_what_it_writes_follows_from_the_sound(tool: Any) -> None:
    long, short = tool([LONG, SHORT])
    assert told(long) and told(short) and told(long) != told(short)
    assert long.audio.frames == 0, "it tells, and makes no clip"


def test_every_word_has_its_place_in_the_text_and_in_the_clip(tool: Any) -> None:
    for request, result in zip([LONG, SHORT], tool([LONG, SHORT]), strict=True):
        assert [told(result)[w.first : w.last] for w in result.words] == told(result).split()
        seconds = request.inputs["audio"].seconds
        assert all(0.0 <= w.start <= w.end <= seconds for w in result.words)
        assert all(one.end <= other.start + 1e-9 for one, other in itertools.pairwise(result.words))


def test_a_language_it_knows_is_told_to_the_model_and_another_is_refused(tool: Any) -> None:
    german = Request(TranscribeParams(language="de-AT"), LONG.inputs)
    assert told(tool([german])[0]) != told(tool([LONG])[0])
    with pytest.raises(Refused, match="no language 'tlh'"):
        tool([Request(TranscribeParams(language="tlh"), LONG.inputs)])


def test_a_long_clip_is_heard_by_windows(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "WINDOW", 1.0)
    monkeypatch.setattr(whisper, "SEARCH", 0.5)
    wave = LONG.inputs["audio"].samples.copy()
    wave[round(0.7 * 16_000) : round(0.8 * 16_000)] = 0.0  # the pause at which it is cut
    whole = tool([Request(TranscribeParams(), {"audio": Audio(wave, 16_000)})])[0]
    ahead = tool([Request(TranscribeParams(), {"audio": Audio(wave[: round(0.75 * 16_000)], 16_000)})])[0]
    assert told(whole).startswith(told(ahead)) and len(told(whole)) > len(told(ahead))
    assert whole.words[: len(ahead.words)] == ahead.words
    assert all(w.start >= 0.75 for w in whole.words[len(ahead.words) :])
    assert [told(whole)[w.first : w.last] for w in whole.words] == told(whole).split()


def test_silence_says_nothing(tool: Any) -> None:
    for silence in (Audio.silence(1.0, 16_000), Audio.silence(0.0, 16_000)):
        (result,) = tool([Request(TranscribeParams(), {"audio": silence})])
        assert (told(result), result.words) == ("", ())


def test_it_is_stopped_between_two_tokens(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive = tool.alive

    def after_some(*_: Any) -> None:
        steps.append(0)
        if len(steps) == 5:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    steps: list[int] = []
    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([LONG])
    assert len(steps) == 5


def test_what_it_does_not_take_is_refused() -> None:
    for wrong in ({"language": 3}, {"beams": 5}):
        with pytest.raises(Refused):
            accept(whisper.TOOL, wrong)


def ways(rows: int, columns: int) -> Iterator[list[tuple[int, int]]]:
    """Every way from the first corner to the last."""
    if (rows, columns) == (1, 1):
        yield [(0, 0)]
    for i, j in ((rows - 1, columns), (rows, columns - 1), (rows - 1, columns - 1)):
        if i and j:
            yield from ([*way, (rows - 1, columns - 1)] for way in ways(i, j))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**32))
def test_the_warp_is_the_cheapest_of_all_ways(rows: int, columns: int, seed: int) -> None:
    costs = np.random.default_rng(seed).normal(size=(rows, columns))
    cheapest = min(ways(rows, columns), key=lambda way: sum(costs[cell] for cell in way))
    first = [min(j for i, j in cheapest if i == row) for row in range(rows)]
    assert attention.warp(costs).tolist() == first


def test_times_follow_attention_that_goes_along_the_sound() -> None:
    """Five tokens that look at 0.2 s each: their moments are those, to a step of the encoder."""
    torch = pytest.importorskip("torch")
    prompt, tokens, columns = 3, 5, 60
    looked = np.full((1, 2, prompt + tokens + 1, columns), 1e-3, np.float32)
    for token in range(tokens + 1):
        looked[0, :, prompt - 1 + token, token * 10 : (token + 1) * 10] = 1.0
    times = attention.moments([torch.from_numpy(looked)], [[0, 0], [0, 1]], prompt, 1.2, 7)
    np.testing.assert_allclose(times, np.arange(tokens + 1) * 0.2, atol=0.061)


def test_letters_of_several_tokens_belong_to_the_token_that_completes_them() -> None:
    raw = "né là".encode()
    decode = lambda some: bytes(some).decode("utf-8", "replace")  # noqa: E731
    times = [index * 0.1 for index in range(len(raw) + 1)]
    one, other = attention.placed("né là", list(raw), times, decode)
    assert (one.start, one.first, one.last) == (0.0, 0, 2)
    assert one.end == pytest.approx(0.3)
    assert (other.first, other.last) == (3, 5) and other.start == pytest.approx(0.4)
    assert other.end == pytest.approx(0.7)


def test_in_a_script_without_spaces_a_word_is_a_character() -> None:
    text = "你好"
    found = attention.placed(text, [0, 1], [0.0, 0.5, 1.0], lambda some: text[: len(some)])
    assert [(word.start, word.end, text[word.first : word.last]) for word in found] == [
        (0.0, 0.5, "你"),
        (0.5, 1.0, "好"),
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40_000), st.integers(0, 2**32))
def test_windows_are_the_whole_and_none_too_long(frames: int, seed: int) -> None:
    wave = np.random.default_rng(seed).normal(size=frames).astype(np.float32)
    pieces = hearing.windows(wave, 1000, 8.0, 3.0)
    assert all(len(piece) <= 8000 for _, piece in pieces)
    np.testing.assert_array_equal(np.concatenate([piece for _, piece in pieces]), wave)
    assert [start for start, _ in pieces] == [0, *itertools.accumulate(len(piece) for _, piece in pieces[:-1])]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5_000))
def test_chunks_leave_nothing_out(frames: int) -> None:
    wave = np.arange(1, frames + 1, dtype=np.float32)
    pieces = hearing.chunks(wave, 1000, 1.0, 0.4)
    assert all(400 <= len(piece) <= 1000 for _, piece in pieces)
    assert set(np.concatenate([piece for _, piece in pieces])) - {0.0} == set(wave)
    assert all(piece[0] == round(start * 1000) + 1 for start, piece in pieces)
