"""A fault at every boundary: the run says whose it was, and keeps all that was finished."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Died, OutOfMemory, Refused, RunError, StoreError, TimedOut, Transient, Unavailable
from wavagent.graph import Call, Graph, Ref
from wavagent.run.executor import Executor, Made
from wavagent.run.patience import Patience
from wavagent.store import Store
from wavagent.tool import Request, Result, Tool, Toolbox

Expert = Callable[..., Any]
Does = Callable[[Sequence[Request]], Any]

HASTY = Patience(tries=2, first=0.001, least=0.2, loading=0.2)


def quiet() -> Result:
    return Result(Audio.silence(0.01, 8_000))


def raises(error: BaseException) -> Does:
    def fail(requests: Sequence[Request]) -> Any:
        raise error

    return fail


def hangs(requests: Sequence[Request]) -> Any:
    threading.Event().wait(timeout=30)
    return [quiet() for _ in requests]


FAULTS: Mapping[str, tuple[Does, str]] = {
    "raises": (raises(ValueError("odd")), "failed: ValueError: odd"),
    "raises what is no Exception": (raises(SystemExit(3)), "failed: SystemExit: 3"),
    "refuses": (raises(Refused("not this one")), "not this one"),
    "is never there": (raises(Transient("the server is busy")), "the server is busy"),
    "has no library": (raises(Unavailable("needs torch: pip install torch")), "needs torch"),
    "has no memory": (raises(OutOfMemory("the card is full")), "the card is full"),
    "has no memory of its own": (raises(MemoryError()), "ran out of memory"),
    "has a recursion": (raises(RecursionError("too deep")), "failed: RecursionError"),
    "hangs": (hangs, "did not answer in time for 'line x'"),
    "loses its worker": (raises(Died("the worker of tool 'bad' died (exit -9, Killed): it said nothing")), "died"),
    "gives not-a-number": (lambda r: [Result(Audio.of([math.nan, 0.0], 8_000)) for _ in r], "not numbers"),
    "gives infinity": (lambda r: [Result(Audio.of([np.inf], 8_000)) for _ in r], "not numbers"),
    "gives nothing": (lambda r: [Result(Audio.silence(0.0, 8_000)) for _ in r], "made an empty clip"),
    "gives another rate": (lambda r: [Result(Audio.silence(0.01, 44_100)) for _ in r], "at 44100 Hz"),
    "gives too few": (lambda r: [], "was given 1 calls and made 0 clips"),
    "gives too many": (lambda r: [quiet()] * (len(r) + 1), "was given 1 calls and made 2 clips"),
    "gives no clip": (lambda r: [b"RIFF" for _ in r], "made no Result but bytes"),
    "gives data that is no JSON": (lambda r: [Result(quiet().audio, data={"x": {1}}) for _ in r], "no JSON"),  # type: ignore[dict-item]
    "gives a promise": (lambda r: (1 / 0 for _ in r), "failed: ZeroDivisionError"),
}


def graph(*more: Call) -> Graph:
    fine = [Call(text, "fine", {"text": text}, element=f"line {text}") for text in "abcd"]
    return Graph.of(*fine[:2], Call("x", "bad", {"text": "x"}, element="line x"), *fine[2:], *more)


def run(store: Store, *tools: Tool, of: Graph | None = None, **options: Any) -> Made:
    with Executor(Toolbox.of(*tools), store, depths={"cpu": 2}, patience=HASTY) as executor:
        return executor.run(of or graph(), **options)


@pytest.mark.parametrize(("does", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_call_is_named_and_all_the_others_are_kept(
    store: Store, expert: Expert, does: Does, said: str
) -> None:
    child = Call("child", "fine", {"text": "child", "audio": Ref("x")}, element="child")
    with pytest.raises(RunError) as caught:
        run(store, expert("bad", every=does), expert("fine"), of=graph(child))
    assert str(caught.value).startswith("'line x' could not be made: ")
    assert said in str(caught.value)
    assert caught.value.failures.keys() == {"x"}
    mended = run(store, expert("bad"), again := expert("fine"), of=graph(child))
    assert (set(mended.cached), again.asked) == (set("abcd"), ["child"])


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"gives nothing"}))  # that is a take, and judged by itself
def test_in_a_batch_only_the_culprit_fails(store: Store, expert: Expert, fault: str) -> None:
    does, _ = FAULTS[fault]

    def every(requests: Sequence[Request]) -> Any:
        return does(requests) if any(one.params.text == "x" for one in requests) else [quiet() for _ in requests]

    calls = [Call(text, "bad", {"text": text}, element=f"line {text}") for text in "abxcd"]
    with pytest.raises(RunError) as caught:
        run(store, expert("bad", every=every, batch=5), of=Graph.of(*calls))
    assert caught.value.failures.keys() == {"x"}
    mended = run(store, expert("bad", batch=5), of=Graph.of(*calls))
    assert (set(mended.cached), mended.ran) == (set("abcd"), ("x",))


@pytest.mark.parametrize(("does", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_optional_is_left_out_with_its_reason(store: Store, expert: Expert, does: Does, said: str) -> None:
    fine = Call("a", "fine", {"text": "a"})
    bad = Call("x", "bad", {"text": "x"}, element="line x", optional=True)
    made = run(store, expert("bad", every=does), expert("fine"), of=Graph.of(fine, bad))
    assert made.entries.keys() == {"a"}
    assert said in str(made.failures["x"])


def test_a_hang_is_a_time_out_by_name(store: Store, expert: Expert) -> None:
    with pytest.raises(RunError) as caught:
        run(store, expert("bad", every=hangs), expert("fine"))
    assert isinstance(caught.value.failures["x"], TimedOut)


def test_a_disk_that_fills_up_ends_the_run_and_what_was_written_is_found_again(
    disk: Store, expert: Expert, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = disk.put
    kept: list[str] = []

    def full(key: str, result: Result) -> Any:
        if len(kept) >= 3:
            raise StoreError("the disk of the store is full; free some space and run the same command again")
        kept.append(key)
        return put(key, result)

    monkeypatch.setattr(disk, "put", full)
    with pytest.raises(StoreError, match="the disk of the store is full"):
        run(disk, expert("bad"), expert("fine"))
    monkeypatch.undo()
    assert len(run(disk, expert("bad"), expert("fine")).cached) == 3


def test_an_entry_that_is_damaged_while_the_run_goes_on_is_made_again(disk: Store, expert: Expert) -> None:
    """The clip of `a` is torn after it was made, and before `echo` reads it."""

    def tear(request: Request) -> Result:
        for clip in (Path(disk.url) / "clips").rglob("*.*"):
            clip.write_bytes(clip.read_bytes()[:-7])
        return Result(Audio.of([0.25], 8_000))

    calls = [
        Call("a", "fine", {"text": "a"}),
        Call("torn", "tears", {"text": "torn", "audio": Ref("a")}),
        Call("echo", "fine", {"text": "echo", "audio": Ref("a"), "other": Ref("torn")}),
    ]
    made = run(disk, fine := expert("fine"), expert("tears", tear), of=Graph.of(*calls))
    assert made.entries.keys() == {"a", "torn", "echo"}
    assert fine.asked.count("a") == 2
    assert all(disk.clip(entry) is not None for entry in made.entries.values())


@pytest.mark.parametrize("jump", [-3e9, 3e9])
def test_a_clock_that_jumps_changes_nothing(
    store: Store, expert: Expert, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    left = [Transient("busy")]

    def does(request: Request) -> Result:
        monkeypatch.setattr(time, "time", lambda: jump)
        if left:
            raise left.pop()
        return quiet()

    made = run(store, expert("bad", does), expert("fine"))
    assert len(made.ran) == 5


def test_a_listener_that_breaks_ends_its_run_and_no_other(store: Store, expert: Expert) -> None:
    def broken(event: object) -> None:
        raise BrokenPipeError("nobody listens")

    with Executor(Toolbox.of(expert("bad"), expert("fine")), store) as executor:
        with pytest.raises(BrokenPipeError):
            executor.run(graph(), listen=broken)
        assert len(executor.run(graph()).entries) == 5
