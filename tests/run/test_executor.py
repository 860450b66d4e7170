"""The executor: everything once, in the right order, nothing twice, nothing lost."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Audio
from wavagent.errors import Broken, Cancelled, Refused, RunError, StoreError, Transient, UnknownTool
from wavagent.event import Event
from wavagent.graph import Call, Graph, Length, Ref
from wavagent.run.attempt import PATIENCE
from wavagent.run.executor import Executor, Made
from wavagent.run.patience import SLICE, Patience
from wavagent.run.pool import depths_here
from wavagent.run.serve import GOODBYE
from wavagent.store import Store
from wavagent.tool import Request, Result, Tool, Toolbox

Expert = Callable[..., Any]


def calls(*texts: str, tool: str = "expert") -> list[Call]:
    return [Call(text, tool, {"text": text}, element=f"line {text}") for text in texts]


def run(store: Store, graph: Sequence[Call], *tools: Tool, cpu: int = 2, gpu: int = 1, **options: Any) -> Made:
    with Executor(Toolbox.of(*tools), store, depths={"cpu": cpu, "gpu": gpu}, **options) as executor:
        return executor.run(Graph.of(*graph))


def clip(store: Store, made: Made, call: str) -> Audio:
    audio = store.clip(made.entries[call])
    assert audio is not None
    return audio


# Order


def test_calls_that_are_ready_together_run_in_the_order_of_the_script(store: Store, expert: Expert) -> None:
    tool = expert()
    made = run(store, calls(*"zyxabc"), tool, cpu=1)
    assert tool.asked == list("zyxabc")
    assert made.ran == tuple("zyxabc")


def test_a_call_that_others_wait_for_comes_first_though_it_is_written_last(store: Store, expert: Expert) -> None:
    tool = expert()
    late = Call("late", "expert", {"text": "late", "audio": Ref("last")})
    run(store, [late, *calls("a", "last")], tool, cpu=1)
    assert tool.asked == ["last", "late", "a"]


def test_a_call_freed_early_goes_before_those_written_after_it(store: Store, expert: Expert) -> None:
    tool = expert()
    second = Call("second", "expert", {"text": "second", "audio": Ref("first")})
    run(store, [*calls("first"), second, *calls("third", "fourth")], tool, cpu=1)
    assert tool.asked == ["first", "second", "third", "fourth"]


def test_an_empty_graph_is_made_at_once(store: Store, expert: Expert) -> None:
    assert run(store, [], expert()) == Made({})


def test_a_call_gets_the_clips_it_works_on(store: Store, expert: Expert) -> None:
    seen: dict[str, Audio] = {}

    def listen(request: Request) -> Result:
        seen.update(request.inputs)
        return Result(request.inputs["audio"])

    echo = Call("e", "echo", {"audio": Ref("a"), "other": Ref("b")})
    made = run(store, [*calls("a", "b"), echo], expert(), expert("echo", listen))
    assert seen.keys() == {"audio", "other"}
    np.testing.assert_array_equal(seen["audio"].samples, clip(store, made, "a").samples)
    assert made.entries["e"].digest == made.entries["a"].digest


def test_a_bed_lasts_as_long_as_what_it_lies_under(store: Store, expert: Expert) -> None:
    lines = [Call(id, "expert", {"text": id, "seconds": seconds}) for id, seconds in (("a", 0.5), ("b", 0.25))]
    bed = Call("bed", "expert", {"text": "bed", "seconds": Length(("a", "b"), plus=0.125)})
    made = run(store, [bed, *lines], expert())
    assert made.entries["bed"].seconds == 0.875


# Nothing twice


def test_a_second_run_calls_no_tool(disk: Store, expert: Expert) -> None:
    graph = [*calls("a", "b"), Call("c", "expert", {"text": "c", "audio": Ref("a")})]
    first, again = expert(), expert()
    made = run(disk, graph, first)
    cached = run(Store(disk.url), graph, again)
    assert (len(first.asked), again.asked) == (3, [])
    assert (made.cached, cached.ran) == ((), ())
    assert cached.entries == made.entries


def test_a_changed_parameter_runs_that_call_and_what_depends_on_it_again(store: Store, expert: Expert) -> None:
    def graph(text: str) -> list[Call]:
        line = Call("line", "expert", {"text": text})
        return [
            *calls("a", "b"),
            line,
            Call("echo", "expert", {"text": "echo", "audio": Ref("line")}),
            Call("of echo", "expert", {"text": "of echo", "audio": Ref("echo")}),
            Call("of a", "expert", {"text": "of a", "audio": Ref("a")}),
        ]

    run(store, graph("before"), expert())
    made = run(store, graph("after"), tool := expert())
    assert set(made.ran) == {"line", "echo", "of echo"}
    assert tool.asked == ["after", "echo", "of echo"]


def test_a_bed_runs_again_only_when_the_lengths_under_it_change(store: Store, expert: Expert) -> None:
    def graph(text: str, seconds: float) -> list[Call]:
        line = Call("line", "expert", {"text": text, "seconds": seconds})
        return [line, Call("bed", "expert", {"text": "bed", "seconds": Length(("line",))})]

    run(store, graph("one", 0.5), expert())
    assert run(store, graph("two", 0.5), expert()).ran == ("line",)
    assert run(store, graph("two", 0.75), expert()).ran == ("line", "bed")


def test_a_result_that_comes_out_the_same_stops_the_rebuild(store: Store, expert: Expert) -> None:
    """The text is another, the sound is not: what works on it need not run again."""

    def shout(request: Request) -> Result:
        level = len(request.params.text) / 100
        return Result(Audio(np.full((80, 1), level, np.float32), 8_000))

    def graph(text: str) -> list[Call]:
        return [Call("line", "expert", {"text": text}), Call("echo", "echo", {"audio": Ref("line")})]

    run(store, graph("aaa"), expert(does=shout), expert("echo"))
    made = run(store, graph("bbb"), expert(does=shout), expert("echo"))
    assert (made.ran, made.cached) == (("line",), ("echo",))


def test_equal_calls_are_made_once(store: Store, expert: Expert) -> None:
    """Whether they are ready together or one after the other."""
    twins = [Call(id, "expert", {"text": "same"}) for id in "abc"]
    late = Call("late", "expert", {"text": "same", "seconds": Length(("other",))})
    other = Call("other", "expert", {"text": "other", "seconds": 0.01})
    made = run(store, [*twins, other, late], tool := expert(batch=4))
    assert Counter(tool.asked) == {"same": 1, "other": 1}
    assert set(made.ran) == {"a", "other"}
    assert set(made.cached) == {"b", "c", "late"}
    assert len({made.entries[id].digest for id in ("a", "b", "c", "late")}) == 1


def test_equal_calls_fail_together(store: Store, expert: Expert) -> None:
    def refuse(request: Request) -> Result:
        raise Refused("no")

    with pytest.raises(RunError) as caught:
        run(store, [Call(id, "expert", {"text": "same"}) for id in "ab"], tool := expert(does=refuse))
    assert caught.value.failures.keys() == {"a", "b"}
    assert tool.asked == ["same"]


@pytest.mark.parametrize("lost", [lambda path: path.unlink(), lambda path: path.write_bytes(b"damaged")])
def test_a_clip_that_is_damaged_is_made_again_in_the_same_run(
    disk: Store, expert: Expert, lost: Callable[[Path], None]
) -> None:
    def graph(echo: str) -> list[Call]:
        return [*calls("a", "b"), Call("echo", "expert", {"text": echo, "audio": Ref("a")})]

    before = run(disk, graph("one"), expert())
    digest = before.entries["a"].digest
    lost(Path(disk.url) / "clips" / digest[:2] / f"{digest[2:]}.npy")
    made = run(disk, graph("two"), tool := expert())
    assert sorted(tool.asked) == ["a", "two"]
    assert (set(made.ran), made.cached) == ({"a", "echo"}, ("b",))
    assert made.entries["a"] == before.entries["a"]


def test_a_store_that_never_gives_back_a_clip_ends_in_an_error(
    store: Store, expert: Expert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "clip", lambda entry: None)
    with pytest.raises(RunError, match="the clip 'audio' for 'echo' is damaged in the store; run the command again"):
        run(store, [*calls("a"), Call("echo", "expert", {"audio": Ref("a")})], expert())


# Batches and pools


def test_a_batch_is_no_larger_than_the_tool_takes(store: Store, expert: Expert) -> None:
    run(store, calls(*"abcdefgh"), tool := expert(batch=3), cpu=1)
    assert tool.batches == [3, 3, 2]


def test_a_short_queue_is_shared_out_over_the_slots(store: Store, expert: Expert) -> None:
    """Four calls and two slots: two batches of two, that meet at the barrier, not one of four beside an idle slot."""
    barrier = threading.Barrier(2)

    def every(requests: Sequence[Request]) -> list[Result]:
        barrier.wait(timeout=10)
        return [Result(Audio.silence(0.01, 8_000)) for _ in requests]

    run(store, calls(*"abcd"), tool := expert(every=every, batch=8), cpu=2)
    assert tool.batches == [2, 2]


class Busy:
    """Counts how many are inside at once; `together` of them wait for each other."""

    def __init__(self, together: int) -> None:
        self.most = self.now = 0
        self._lock, self._barrier = threading.Lock(), threading.Barrier(together)

    def __call__(self, request: Request) -> Result:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self._barrier.wait(timeout=10)
        with self._lock:
            self.now -= 1
        return Result(Audio.silence(0.01, 8_000))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_pool_runs_as_many_at_once_as_it_is_deep(store: Store, expert: Expert, depth: int) -> None:
    busy = Busy(together=depth)
    run(store, calls(*"abcdef"), expert(does=busy), cpu=depth)
    assert busy.most == depth


def test_tools_of_one_pool_share_it(store: Store, expert: Expert) -> None:
    busy = Busy(together=2)
    graph = [Call(id, tool, {"text": id}) for id, tool in zip("abcd", ["one", "two"] * 2, strict=True)]
    run(store, graph, expert("one", busy), expert("two", busy), cpu=2)
    assert busy.most == 2


def test_pools_do_not_wait_for_each_other(store: Store, expert: Expert) -> None:
    busy = Busy(together=2)
    tools = [expert(pool, busy, pool=pool) for pool in ("cpu", "gpu")]
    run(store, [*calls("a", tool="cpu"), *calls("b", tool="gpu")], *tools, cpu=1, gpu=1)
    assert busy.most == 2


def test_pools_that_are_not_named_have_the_depth_of_this_machine(store: Store, expert: Expert) -> None:
    with Executor(Toolbox.of(expert(pool="http")), store, depths={"cpu": 1}) as executor:
        assert executor.run(Graph.of(*calls("a"))).ran == ("a",)
    assert min(depths_here().values()) >= 1


# Failure


def test_a_failed_call_stops_what_depends_on_it_and_nothing_else(store: Store, expert: Expert) -> None:
    def does(request: Request) -> Result:
        if request.params.text == "bad":
            raise Refused("'bad' is no word")
        return Result(Audio.silence(0.01, 8_000))

    child = Call("child", "expert", {"text": "child", "audio": Ref("bad")})
    bed = Call("bed", "expert", {"text": "bed", "seconds": Length(("child", "a"))})
    fine = Call("fine", "expert", {"text": "fine", "audio": Ref("b")})
    graph = [*calls("a", "bad", "b"), child, bed, fine]
    with pytest.raises(RunError) as caught:
        run(store, graph, tool := expert(does=does))
    assert str(caught.value) == "'line bad' could not be made: 'bad' is no word; everything else is kept in the store"
    assert {id: str(error) for id, error in caught.value.failures.items()} == {"bad": "'bad' is no word"}
    assert sorted(tool.asked) == ["a", "b", "bad", "fine"]
    mended = run(store, graph, tool := expert())
    assert sorted(tool.asked) == ["bad", "bed", "child"]
    assert set(mended.cached) == {"a", "b", "fine"}


def test_the_report_names_the_first_in_the_script_and_counts_the_others(store: Store, expert: Expert) -> None:
    def does(request: Request) -> Result:
        raise Transient(f"busy with {request.params.text}")

    with pytest.raises(RunError, match=r"'line a' could not be made: busy with a \(3 calls failed\)"):
        run(store, calls(*"abc"), expert(does=does), patience=Patience(tries=1))


def test_a_batch_that_fails_is_made_call_by_call_so_that_only_the_culprit_fails(store: Store, expert: Expert) -> None:
    def every(requests: Sequence[Request]) -> list[Result]:
        if any(request.params.text == "bad" for request in requests):
            raise Broken("crashed")
        return [Result(Audio.silence(0.01, 8_000)) for _ in requests]

    with pytest.raises(RunError) as caught:
        run(store, calls("a", "bad", "b", "c"), tool := expert(every=every, batch=4), cpu=1)
    assert caught.value.failures.keys() == {"bad"}
    assert tool.batches == [4, 1, 1, 1, 1]
    assert set(run(store, calls("a", "b", "c"), expert()).cached) == {"a", "b", "c"}


def silence(rate: int = 8_000, seconds: float = 0.01) -> Result:
    return Result(Audio.silence(seconds, rate))


def raises(error: BaseException) -> Callable[[object], Any]:
    def fail(_: object) -> Any:
        raise error

    return fail


FAULTS: Mapping[str, tuple[Callable[[Sequence[Request]], Any], str]] = {
    "raises ValueError": (raises(ValueError("odd")), "tool 'expert' failed: ValueError: odd"),
    "raises AssertionError": (raises(AssertionError()), "tool 'expert' failed: AssertionError"),
    "exits": (raises(SystemExit(1)), "tool 'expert' failed: SystemExit: 1"),
    "runs out of memory": (raises(MemoryError()), "tool 'expert' ran out of memory"),
    "gives None": (lambda requests: None, "tool 'expert' failed: TypeError"),
    "gives no list": (lambda requests: 7, "tool 'expert' failed: TypeError"),
    "gives too few": (lambda requests: [], "tool 'expert' was given 1 calls and made 0 clips"),
    "gives too many": (lambda requests: [silence()] * 2, "tool 'expert' was given 1 calls and made 2 clips"),
    "gives no result": (lambda requests: ["clip"], "tool 'expert' made no Result but str"),
    "gives an empty clip": (lambda requests: [silence(seconds=0)], "tool 'expert' made an empty clip"),
    "gives another rate": (lambda requests: [silence(22_050)], "tool 'expert' made a clip at 22050 Hz"),
    "gives not-a-number": (lambda requests: [Result(Audio.of([np.nan], 8_000))], "tool 'expert' made samples that are"),
    "gives a generator that breaks": (lambda requests: (1 / 0 for _ in requests), "failed: ZeroDivisionError"),
}


@pytest.mark.parametrize(("every", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_tool_is_named_and_the_others_finish(
    store: Store, expert: Expert, every: Callable[[Sequence[Request]], Any], said: str
) -> None:
    with pytest.raises(RunError, match=said) as caught:
        run(store, [*calls("a"), *calls("b", tool="fine")], expert(every=every), expert("fine"))
    assert caught.value.failures.keys() == {"a"}
    assert run(store, calls("b", tool="fine"), expert("fine")).cached == ("b",)


def test_an_unknown_tool_and_refused_parameters_fail_their_calls_only(store: Store, expert: Expert) -> None:
    with pytest.raises(RunError) as caught:
        run(store, [Call("x", "nosuch", {}), Call("y", "expert", {"loud": 1}), *calls("a")], tool := expert())
    assert {id: type(error) for id, error in caught.value.failures.items()} == {"x": UnknownTool, "y": Refused}
    assert tool.asked == ["a"]


def test_a_store_that_fails_ends_the_run_and_keeps_what_was_kept(
    store: Store, expert: Expert, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = store.put
    kept: list[str] = []

    def full(key: str, result: Result) -> Any:
        if len(kept) == 2:
            raise StoreError("the disk is full")
        kept.append(key)
        return put(key, result)

    monkeypatch.setattr(store, "put", full)
    with pytest.raises(StoreError, match="the disk is full"):
        run(store, calls(*"abcd"), expert(), cpu=1)
    monkeypatch.undo()
    assert run(store, calls(*"abcd"), expert()).cached == ("a", "b")


# Ctrl-C


def press_ctrl_c() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def test_ctrl_c_keeps_what_finished_and_what_is_about_to(store: Store, expert: Expert) -> None:
    def does(request: Request) -> Result:
        if request.params.text == "b":
            press_ctrl_c()
        return Result(Audio.silence(0.01, 8_000))

    with pytest.raises(Cancelled, match="what was finished is kept"):
        run(store, calls(*"abcd"), tool := expert(does=does), cpu=1)
    assert tool.asked[:2] == ["a", "b"]
    assert len(tool.asked) < 4
    made = run(store, calls(*"abcd"), again := expert())
    assert tool.asked + again.asked == list("abcd"), "nothing was made twice"
    assert made.cached == tuple(tool.asked)


def test_ctrl_c_does_not_wait_for_a_call_that_takes_long(
    store: Store, expert: Expert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wavagent.run.attempt.PATIENCE", 0.05)
    free, finished = threading.Event(), threading.Event()

    def does(request: Request) -> Result:
        if request.params.text == "b":
            press_ctrl_c()
            free.wait(timeout=30)
            finished.set()
        return Result(Audio.silence(0.01, 8_000))

    began = time.monotonic()
    with pytest.raises(Cancelled):
        run(store, calls(*"abc"), tool := expert(does=does), cpu=1)
    assert time.monotonic() - began < 5 < 30
    assert not finished.is_set()
    assert tool.asked == ["a", "b"]
    assert run(store, calls(*"abc"), again := expert()).cached == ("a",)
    assert again.asked == ["b", "c"]
    free.set()
    assert finished.wait(timeout=10)


def test_ctrl_c_while_a_batch_fails_does_not_start_it_call_by_call(
    store: Store, expert: Expert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wavagent.run.attempt.PATIENCE", 0.05)
    free = threading.Event()

    def every(requests: Sequence[Request]) -> list[Result]:
        press_ctrl_c()
        free.wait(timeout=30)
        raise Broken("crashed")

    before = set(threading.enumerate())
    with pytest.raises(Cancelled):
        run(store, calls(*"abc"), tool := expert(every=every, batch=4), cpu=1)
    (thread,) = [one for one in set(threading.enumerate()) - before if one.name == "wavagent-cpu-1"]
    free.set()
    thread.join(timeout=10)
    assert tool.batches == [3]


def test_ctrl_c_ends_the_process_within_two_seconds(tmp_path: Path) -> None:
    """Also when the call that runs has an hour to go."""
    assert PATIENCE + GOODBYE + SLICE < 2.0
    program = textwrap.dedent(
        """
        import runpy, sys, threading
        import wavagent.run.attempt as attempt
        from wavagent.graph import Call, Graph
        from wavagent.errors import Cancelled
        from wavagent.run.executor import Executor
        from wavagent.store import Store
        from wavagent.tool import Toolbox

        def hang(request):
            print("hanging", flush=True)
            threading.Event().wait()

        attempt.PATIENCE = 0.05
        tool = runpy.run_path(sys.argv[1])["make"]("expert", hang)
        try:
            Executor(Toolbox.of(tool), Store(sys.argv[2])).run(Graph.of(Call("a", "expert", {})))
        except Cancelled:
            sys.exit(130)
        """
    )
    fakes = Path(__file__).with_name("conftest.py")
    command = [sys.executable, "-c", program, str(fakes), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "hanging\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130


# Events


def test_a_run_tells_what_it_does(store: Store, expert: Expert) -> None:
    events: list[Event] = []
    run(store, calls("a"), expert())
    run(store, calls("a", "b"), expert(), cpu=1, listen=events.append)
    assert events == [
        Event("run", "start", 0, 2),
        Event("run", "progress", 1, 2, subject="a"),
        Event("run", "progress", 2, 2, subject="b"),
        Event("run", "end", 2, 2),
    ]


def test_a_failure_is_told_when_it_happens(store: Store, expert: Expert) -> None:
    events: list[Event] = []
    with pytest.raises(RunError):
        run(store, calls("a"), expert(does=raises(Refused("no"))), listen=events.append)
    assert Event("run", "warning", 0, 1, "no", "a") in events


# Any graph


@st.composite
def graphs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Call]:
    """Calls in any order, each needing some of those drawn before it; some of them equal."""
    made: list[Call] = []
    for place in range(draw(st.integers(0, 12))):
        params: dict[str, Any] = {"text": draw(st.sampled_from("abcdefgh"))}
        if made and draw(st.booleans()):
            params["audio"] = Ref(draw(st.sampled_from(made)).id)
        if made and draw(st.booleans()):
            below = draw(st.lists(st.sampled_from(made), max_size=3))
            params["seconds"] = Length(tuple(call.id for call in below), plus=0.01)
        made.append(Call(f"c{place}", draw(st.sampled_from(["cpu", "gpu"])), params))
    return list(draw(st.permutations(made)))


@given(graphs(), st.integers(1, 3), st.integers(1, 4))
def test_any_graph_is_made_once_and_is_the_same_however_it_was_spread(
    expert: Expert, graph: list[Call], depth: int, batch: int
) -> None:
    def tools() -> list[Any]:
        return [expert(pool, pool=pool, batch=batch) for pool in ("cpu", "gpu")]

    stores = [Store(f"memory://any-{id(graph)}-{name}") for name in ("spread", "serial")]
    made = run(stores[0], graph, *(spread := tools()), cpu=depth, gpu=depth)
    assert made.entries.keys() == {call.id for call in graph}
    assert sorted(made.ran + made.cached) == sorted(made.entries)
    assert sum(len(tool.asked) for tool in spread) == len(made.ran)
    assert run(stores[0], graph, *tools()).ran == ()
    alone = [expert(pool, pool=pool) for pool in ("cpu", "gpu")]
    assert run(stores[1], graph, *alone, cpu=1, gpu=1).entries == made.entries
