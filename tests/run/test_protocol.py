"""The protocol, without a process: what is sent is received, and what is no message is no message."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Audio, Word
from wavagent.errors import Broken, Died, Refused, TimedOut, ToolError, Transient
from wavagent.run import protocol
from wavagent.run.protocol import answered, asked, encode, failed, receive, requests_of, results_of, send
from wavagent.tool import Request, Result, Said


def crossed(message: Any, clips: Any = ()) -> protocol.Received:
    """A message as it comes out at the other end."""
    received = receive(io.BytesIO(b"".join(encode(message, clips))))
    assert received is not None
    return received


@given(
    st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()),
    st.lists(st.lists(st.floats(-1, 1, width=32), max_size=9), max_size=3),
)
def test_a_message_is_received_as_it_was_sent(message: dict[str, Any], clips: list[list[float]]) -> None:
    message.pop("clips", None)
    stream = io.BytesIO()
    send(stream, encode(message, [Audio.of(np.array(clip, np.float32), 8_000) for clip in clips]))
    send(stream, encode({"next": 1}))
    stream.seek(0)
    received, sounds = receive(stream) or (None, [])
    assert received == message
    assert [sound.samples[:, 0].tolist() for sound in sounds] == clips
    assert receive(stream) == ({"next": 1}, [])
    assert receive(stream) is None


def test_a_clip_keeps_its_channels_whatever_its_layout_in_memory() -> None:
    samples = np.asfortranarray(np.linspace(0, 1, 12, dtype=np.float32).reshape(4, 3))
    _, (clip,) = crossed({}, [Audio(samples, 44_100)])
    np.testing.assert_array_equal(clip.samples, samples)
    assert clip.rate == 44_100


@pytest.mark.parametrize("cut", range(1, 40, 6))
def test_a_message_that_stops_in_the_middle_is_the_end_of_the_stream(cut: int) -> None:
    whole = b"".join(encode({}, [Audio.of([0.5, 0.5], 8_000)]))
    assert receive(io.BytesIO(whole[:-cut])) is None


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"loading ...\n",
        b"{}\n",
        b"[]\n",
        b"3\n",
        b"null\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"clips": 1}\n',
        b'{"clips": [1]}\n',
        b'{"clips": [{}]}\n',
        b'{"clips": [{"rate": 1, "frames": 1}]}\n',
        b'{"clips": [{"rate": 1, "frames": 1, "channels": 1, "more": 1}]}\n',
        b'{"clips": [{"rate": 1, "frames": -1, "channels": 1}]}\n',
        b'{"clips": [{"rate": 1, "frames": 1, "channels": 0}]}\n',
        b'{"clips": [{"rate": 0, "frames": 1, "channels": 1}]}\n',
        b'{"clips": [{"rate": 1, "frames": 1.5, "channels": 1}]}\n',
        b'{"clips": [{"rate": 1, "frames": true, "channels": 1}]}\n',
    ],
)
def test_garbage_is_no_message(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a message"):
        receive(io.BytesIO(line))


def test_a_sample_that_is_no_number_is_not_taken() -> None:
    line = b'{"clips": [{"rate": 8000, "frames": 1, "channels": 1}]}\n'
    with pytest.raises(ValueError, match="not a number"):
        receive(io.BytesIO(line + np.float32("nan").tobytes()))


def test_no_message_is_longer_than_its_bound_on_either_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LINE", 100)
    monkeypatch.setattr(protocol, "SOUND", 100)
    with pytest.raises(ValueError, match="bytes of parameters or data in one batch; at most 100"):
        encode({"text": "x" * 100})
    with pytest.raises(ValueError, match="104 bytes of sound in one batch; at most 100"):
        encode({}, [Audio.of([0.0] * 26, 8_000)])
    with pytest.raises(ValueError, match="a line that does not end"):
        receive(io.BytesIO(b"x" * 101))
    with pytest.raises(ValueError, match="a message with 104 bytes of sound; at most 100"):
        receive(io.BytesIO(b'{"clips": [{"rate": 8000, "frames": 26, "channels": 1}]}\n'))


def test_what_json_cannot_hold_is_refused_before_a_byte_is_sent() -> None:
    with pytest.raises(TypeError):
        encode({"data": object()})


def test_a_batch_comes_over_whole(expert: Any) -> None:
    tool = expert()
    clip = Audio.of([0.25], 8_000)
    said = Said((Word(0.0, 0.5, 0, 2),), {"text": "so"})
    batch = [Request(tool.params(text="a"), {"audio": clip}, 7, {"audio": said}), Request(tool.params(text="b"))]
    first, second = requests_of(crossed(*asked(batch)), tool)
    assert (first.params.text, first.seed, first.said) == ("a", 7, {"audio": said})
    assert first.inputs["audio"].samples.tolist() == [[0.25]]
    assert (second.params.text, second.seed, second.inputs, second.said) == ("b", None, {}, {})


def test_an_answer_comes_over_whole() -> None:
    made = [Result(Audio.of([0.5], 8_000), (Word(0.0, 0.1, 0, 1),), {"score": 0.5}), Result()]
    first, second = results_of(crossed(*answered(made)))  # type: ignore[misc]
    assert (first.audio.samples.tolist(), first.words, first.data) == ([[0.5]], made[0].words, {"score": 0.5})
    assert second.audio.frames == 0


class Throttled(Transient):
    """A tool's own kind of error."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("no"), Refused),
        (TimedOut("late"), TimedOut),
        (Died("dead"), Died),
        (Throttled("wait", retry_after=2.0), Transient),
        (Broken("é\n"), Broken),
    ],
)
def test_an_error_comes_over_as_the_nearest_that_wavagent_knows(error: ToolError, kind: type[ToolError]) -> None:
    there = results_of(crossed(failed(error)))
    assert type(there) is kind
    assert str(there) == str(error)
    assert getattr(there, "retry_after", None) == getattr(error, "retry_after", None)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"results": 3},
        {"results": [1]},
        {"results": [{}]},
        {"results": [{"words": [], "data": {}}]},  # no clip for it
        {"results": [], "error": "NoSuchError", "message": "x"},
        {"error": "WavagentError", "message": "x"},
        {"error": "Mapping", "message": "x"},
        {"error": ["Broken"], "message": "x"},
        {"error": "Transient", "message": "x", "retry_after": "soon"},
        {"error": "Broken"},
    ],
)
def test_what_is_neither_results_nor_an_error_is_no_answer(message: Any) -> None:
    with pytest.raises(ValueError, match="not an answer"):
        results_of(crossed(message))
