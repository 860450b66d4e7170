"""The worker's side: batches in, answers out, one for each, whatever the tool does."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.run.protocol import Received, receive
from wavagent.run.serve import answer, serve
from wavagent.tool import Request, Result


def batch(number: int, **params: Any) -> Received:
    return {"number": number, "requests": [{"params": params, "seed": None, "inputs": [], "said": {}}]}, []


def answers_of(stream: io.BytesIO) -> list[Received]:
    stream.seek(0)
    found = []
    while (received := receive(stream)) is not None:
        found.append(received)
    return found


def test_every_batch_is_answered_under_its_number_after_a_hello(expert: Callable[..., Any]) -> None:
    tool, answers = expert(), io.BytesIO()
    serve(tool, [batch(4, text="a"), batch(7, text="b")], answers)
    assert tool.asked == ["a", "b"]
    assert [message["number"] for message, _ in answers_of(answers)] == [0, 4, 7]
    assert [len(clips) for _, clips in answers_of(answers)] == [0, 1, 1]


def refuse(request: Request) -> Result:
    raise Refused("no")


def give_up(request: Request) -> Result:
    raise SystemExit(3)


def rattle(request: Request) -> Result:
    return Result(Audio.silence(0.01, 8_000), data={"noise": "x" * (16 << 20)})


@pytest.mark.parametrize(
    ("does", "params", "kind", "said"),
    [
        (refuse, {}, "Refused", "no"),
        (give_up, {}, "Broken", "SystemExit: 3"),
        (rattle, {}, "Broken", "bytes of parameters or data in one batch"),
        (None, {"odd": 1}, "Broken", "odd"),
    ],
)
def test_what_goes_wrong_is_an_answer_not_the_end(
    expert: Callable[..., Any], does: Any, params: dict[str, Any], kind: str, said: str
) -> None:
    message, clips = receive(io.BytesIO(b"".join(answer(expert(does=does), batch(9, **params))))) or ({}, [])
    assert (message["number"], message["error"], clips) == (9, kind, [])
    assert said in message["message"]
