"""The crew of this machine: batches go to threads and workers, and what they make is in the store."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused, StoreError
from wavagent.graph import Call, Ref
from wavagent.run.call import Ready, ready
from wavagent.run.crew import Crew, Lost
from wavagent.run.local import Local
from wavagent.run.pool import Limits
from wavagent.store import Entry, Store
from wavagent.tool import Request, Result, Tool


@pytest.fixture
def crew(store: Store) -> Iterator[Crew]:
    crew = Local(store, Limits({"cpu": 2}))
    yield crew
    crew.close(0.0)


def batch(tool: Tool, *texts: str) -> list[Ready]:
    return [ready(Call(text, tool.card.name, {"text": text}), tool, {}) for text in texts]


def test_what_a_batch_makes_is_in_the_store_by_its_keys(crew: Crew, store: Store, expert: Callable[..., Any]) -> None:
    asked = batch(expert(), "a", "b")
    made = crew.start(asked).result(timeout=5)
    assert made == [store.get(one.key) for one in asked]
    assert all(isinstance(one, Entry) for one in made)


def test_a_batch_that_fails_as_a_whole_says_so_and_is_not_asked_again(crew: Crew, expert: Callable[..., Any]) -> None:
    def does(request: Request) -> Result:
        raise Refused("no")

    with pytest.raises(Refused):
        crew.start(batch(tool := expert(does=does), "a", "b")).result(timeout=5)
    assert tool.batches == [2]


def test_each_call_of_a_batch_has_its_own_outcome(crew: Crew, expert: Callable[..., Any]) -> None:
    def every(requests: Sequence[Request]) -> list[Result]:
        return [Result(Audio.silence(0.0 if one.params.text == "bad" else 0.01, 8_000)) for one in requests]

    outcome = crew.start(batch(expert(every=every), "a", "bad", "b")).result(timeout=5)
    assert [isinstance(one, Entry) for one in outcome] == [True, False, True]


def test_a_clip_that_is_gone_is_lost_and_its_tool_is_not_called(crew: Crew, expert: Callable[..., Any]) -> None:
    tool = expert()
    gone = Entry("00" * 32, 8_000, 80, 1)
    call = ready(Call("echo", "expert", {"audio": Ref("a")}), tool, {"a": gone})
    with pytest.raises(Lost):
        crew.start([call]).result(timeout=5)
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
    crew = Local(store, Limits({"cpu": 1}))
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


def test_an_abandoned_batch_leaves_room_for_another(store: Store, expert: Callable[..., Any]) -> None:
    crew = Local(store, Limits({"cpu": 1}))
    free = threading.Event()

    def does(request: Request) -> Result:
        if request.params.text == "hangs":
            free.wait(timeout=30)
        return Result(Audio.silence(0.01, 8_000))

    hangs = crew.start(batch(tool := expert(does=does), "hangs"))
    crew.abandon(hangs)
    assert isinstance(crew.start(batch(tool, "a")).result(timeout=5)[0], Entry)
    crew.close()
    free.set()
    assert isinstance(hangs.result(timeout=5)[0], Entry), "what it makes after all is kept"


def test_a_model_is_let_go_before_the_batch_that_needs_its_memory(store: Store, expert: Callable[..., Any]) -> None:
    said: list[str] = []

    def does(request: Request) -> Result:
        said.append("new")
        return Result(Audio.silence(0.01, 8_000))

    old, new = expert("old"), expert("new", does)
    old.unload = lambda: said.append("unloaded")
    crew = Local(store, Limits({"cpu": 1}))
    crew.start(batch(new, "a"), evict=[old]).result(timeout=5)
    crew.close()
    assert said == ["unloaded", "new"]


def test_a_tool_that_cannot_let_go_stops_nobody(crew: Crew, expert: Callable[..., Any]) -> None:
    old = expert("old")
    old.unload = lambda: 1 / 0
    assert isinstance(crew.start(batch(expert(), "a"), evict=[old]).result(timeout=5)[0], Entry)


def test_a_batch_that_nobody_waits_for_is_told_to_stop(store: Store, expert: Callable[..., Any]) -> None:
    crew = Local(store, Limits({"cpu": 1}))
    stopped = threading.Event()

    def does(request: Request) -> Result:
        assert stopped.wait(timeout=30)
        return Result(Audio.silence(0.01, 8_000))

    tool = expert(does=does)
    tool.stop = stopped.set
    batches = [crew.start(batch(tool, "a"))]
    crew.abandon(batches[0])
    assert stopped.is_set()
    batches[0].result(timeout=5)
    stopped.clear()
    batches.append(crew.start(batch(tool, "b")))
    crew.close(0.0)
    assert stopped.is_set()
