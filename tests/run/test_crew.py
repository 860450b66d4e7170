"""The crew: batches go to threads and workers, and what they make is in the store."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, Refused, StoreError
from wavagent.graph import Call, Ref
from wavagent.run.call import Ready, ready
from wavagent.run.crew import Crew, Lost
from wavagent.store import Entry, Store
from wavagent.tool import Request, Result, Tool


@pytest.fixture
def crew(store: Store) -> Iterator[Crew]:
    crew = Crew(store, {"cpu": 2})
    yield crew
    crew.close(0.0)


def batch(tool: Tool, *texts: str) -> list[Ready]:
    return [ready(Call(text, tool.card.name, {"text": text}), tool, {}) for text in texts]


def test_what_a_batch_makes_is_in_the_store_by_its_keys(crew: Crew, store: Store, expert: Callable[..., Any]) -> None:
    asked = batch(expert(), "a", "b")
    made = crew.start(asked).result(timeout=5)
    assert made == [store.get(one.key) for one in asked]
    assert all(isinstance(one, Entry) for one in made)


def test_each_call_of_a_batch_has_its_own_outcome(crew: Crew, expert: Callable[..., Any]) -> None:
    def does(request: Request) -> Result:
        if request.params.text == "bad":
            raise Refused("no")
        return Result(Audio.silence(0.01, 8_000))

    outcome = crew.start(batch(expert(does=does), "a", "bad", "b")).result(timeout=5)
    assert [type(one) for one in outcome] == [Entry, Refused, Entry]


def test_a_clip_that_is_gone_is_lost_and_its_tool_is_not_called(crew: Crew, expert: Callable[..., Any]) -> None:
    tool = expert()
    gone = Entry("00" * 32, 8_000, 80, 1)
    call = ready(Call("echo", "expert", {"audio": Ref("a")}), tool, {"a": gone})
    (error,) = crew.start([call]).result(timeout=5)
    assert isinstance(error, Lost)
    assert tool.asked == []


def test_a_fault_of_the_store_is_no_fault_of_the_tool(
    crew: Crew, store: Store, expert: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(key: str, result: Result) -> Entry:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "put", full)
    with pytest.raises(StoreError):
        crew.start(batch(expert(), "a")).result(timeout=5)


def test_closing_waits_for_what_runs(store: Store, expert: Callable[..., Any]) -> None:
    crew = Crew(store, {"cpu": 1})
    begun, free = threading.Event(), threading.Event()

    def does(request: Request) -> Result:
        begun.set()
        free.wait(timeout=10)
        return Result(Audio.silence(0.01, 8_000))

    future = crew.start(batch(expert(does=does), "a"))
    begun.wait(timeout=10)
    closing = threading.Thread(target=crew.close)
    closing.start()
    assert not future.done()
    free.set()
    closing.join(timeout=10)
    assert isinstance(future.result(timeout=0)[0], Entry)


def test_a_closed_crew_does_not_go_on_with_a_batch_that_fails(store: Store, expert: Callable[..., Any]) -> None:
    crew = Crew(store, {"cpu": 1})
    begun, free = threading.Event(), threading.Event()

    def every(requests: Sequence[Request]) -> list[Result]:
        begun.set()
        free.wait(timeout=10)
        raise Broken("crashed")

    future = crew.start(batch(tool := expert(every=every), "a", "b"))
    begun.wait(timeout=10)
    began = time.monotonic()
    crew.close(patience=0.01)
    assert time.monotonic() - began < 5 < 10
    free.set()
    assert [str(error) for error in future.result(timeout=10)] == ["the run was stopped"] * 2
    assert tool.batches == [2]
