"""The dispatcher: batches, models, retries; seen from outside, with a clock of the test's own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import pytest

from wavagent.audio import Audio
from wavagent.errors import (
    Broken,
    Cancelled,
    Died,
    Flawed,
    OutOfMemory,
    OverBudget,
    Refused,
    RunError,
    TimedOut,
    ToolError,
    Transient,
)
from wavagent.graph import Alternative, Call, Graph, Length, Ref
from wavagent.run.budget import Budget
from wavagent.run.call import Ready
from wavagent.run.crew import Outcome
from wavagent.run.executor import Executor, Made
from wavagent.run.patience import Patience
from wavagent.run.pool import Limits
from wavagent.store import Store
from wavagent.tool import Price, Request, Result, Tool, Toolbox

T = TypeVar("T")
Expert = Callable[..., Any]


class Leaping:
    """A clock on which nothing takes time but waiting: when nothing comes, it leaps, `most` seconds in all."""

    def __init__(self, most: float = 1000.0) -> None:
        self.time, self.most = 0.0, most

    def now(self) -> float:
        return self.time

    def get(self, inbox: "SimpleQueue[T]", timeout: float | None) -> T | None:
        while True:
            try:
                return inbox.get(timeout=0.05)
            except Empty:
                if timeout is not None and self.time + timeout <= self.most:
                    self.time += timeout
                    return None


def quiet(seconds: float = 0.01) -> Result:
    return Result(Audio.silence(seconds, 8_000))


def calls(*texts: str, tool: str = "expert", **more: Any) -> list[Call]:
    return [Call(text, tool, {"text": text}, element=f"line {text}", **more) for text in texts]


def run(store: Store, graph: Sequence[Call], *tools: Tool, cpu: int = 1, **options: Any) -> Made:
    with Executor(Toolbox.of(*tools), store, depths={"cpu": cpu, "gpu": 1}, **options) as executor:
        return executor.run(Graph.of(*graph))


def failing(*errors: BaseException) -> Callable[[Request], Result]:
    """Raises one after the other, and then does its work."""
    left = list(errors)

    def does(request: Request) -> Result:
        if left:
            raise left.pop(0)
        return quiet()

    return does


# Transient


def test_what_may_pass_is_asked_again_until_it_does(store: Store, expert: Expert) -> None:
    tool = expert(does=failing(Transient("busy"), Transient("busy")))
    assert run(store, calls("a"), tool, clock=Leaping(50.0)).ran == ("a",)
    assert tool.asked == ["a"] * 3


def test_it_is_asked_so_many_times_and_no_more(store: Store, expert: Expert) -> None:
    tool = expert(does=failing(*[Transient("busy")] * 99))
    with pytest.raises(RunError, match="'line a' could not be made: busy"):
        run(store, calls("a"), tool, clock=Leaping(50.0), patience=Patience(tries=3))
    assert tool.asked == ["a"] * 3


def test_a_call_that_waits_holds_no_slot(store: Store, expert: Expert) -> None:
    def does(request: Request) -> Result:
        if request.params.text == "a" and tool.asked.count("a") == 1:
            raise Transient("busy")
        return quiet()

    tool = expert(does=does)
    run(store, calls(*"abc"), tool, clock=Leaping(50.0), patience=Patience(draw=lambda low, high: high))
    assert tool.asked == ["a", "b", "c", "a"]


def test_a_server_that_says_when_is_not_asked_before_then_by_anyone(store: Store, expert: Expert) -> None:
    clock = Leaping(50.0)
    times: list[float] = []

    def does(request: Request) -> Result:
        times.append(clock.now())
        if len(times) == 1:
            raise Transient("slow down", retry_after=20.0)
        return quiet()

    run(store, calls(*"ab"), expert(does=does), clock=clock)
    assert times[0] == 0.0 and min(times[1:]) >= 20.0


@pytest.mark.parametrize("error", [Refused("no"), Broken("odd")])
def test_what_will_not_pass_is_not_asked_again(store: Store, expert: Expert, error: ToolError) -> None:
    tool = expert(does=failing(error))
    with pytest.raises(RunError):
        run(store, calls("a"), tool)
    assert tool.asked == ["a"]


def test_the_rate_of_a_server_is_kept(store: Store, expert: Expert) -> None:
    clock = Leaping(50.0)
    times: list[float] = []

    def does(request: Request) -> Result:
        times.append(clock.now())
        return quiet()

    run(store, calls(*"abc"), expert(does=does, pool="http"), clock=clock, rate=0.5)
    assert times == [0.0, 2.0, 4.0]


# Memory


def test_a_batch_that_does_not_fit_is_halved_and_so_are_those_after_it(store: Store, expert: Expert) -> None:
    def every(requests: Sequence[Request]) -> list[Result]:
        if len(requests) > 2:
            raise OutOfMemory("too many")
        return [quiet() for _ in requests]

    tool = expert(every=every, batch=8)
    assert len(run(store, calls(*"abcdefgh"), tool).ran) == 8
    assert tool.batches == [8, 4, 2, 2, 2, 2]


def test_one_that_does_not_fit_is_tried_without_the_other_models_and_then_fails(store: Store, expert: Expert) -> None:
    gone: list[str] = []
    other, big = expert("other", memory_mb=10), expert("big", failing(*[OutOfMemory("full")] * 9), memory_mb=10)
    other.unload = lambda: gone.append("other")
    late = Call("b", "big", {"text": "b", "audio": Ref("a")})
    with pytest.raises(RunError, match="full"):
        run(store, [*calls("a", tool="other"), late], other, big, memory_mb={"cpu": 100})
    assert (big.asked, gone) == (["b", "b"], ["other"])


def test_each_model_is_loaded_once_when_there_is_room_for_all(store: Store, expert: Expert) -> None:
    names = ["one", "two", "three"]
    tools = [expert(name, memory_mb=10, pool="gpu") for name in names]
    graph = [Call(str(n), names[n % 3], {"text": str(n)}) for n in range(30)]
    with Executor(Toolbox.of(*tools), store, memory_mb={"gpu": 30}) as executor:
        executor.run(Graph.of(*graph))
        assert executor.loads == dict.fromkeys(names, 1)


def test_without_room_for_all_a_model_does_its_calls_before_another_takes_its_place(
    store: Store, expert: Expert
) -> None:
    said: list[str] = []
    names = ["one", "two", "three"]

    def make(name: str) -> Any:
        def does(request: Request) -> Result:
            said.append(name)
            return quiet()

        tool = expert(name, does, memory_mb=10, pool="gpu")
        tool.unload = lambda: said.append(f"-{name}")
        return tool

    graph = [Call(str(n), names[n % 3], {"text": str(n)}) for n in range(12)]
    with Executor(Toolbox.of(*map(make, names)), store, memory_mb={"gpu": 20}) as executor:
        executor.run(Graph.of(*graph))
        assert executor.loads == dict.fromkeys(names, 1)
    (gone,) = [one for one in said if one.startswith("-")]
    assert said[: said.index(gone)].count(gone[1:]) == 4, "it did all of its own before it went"


def test_the_model_that_goes_is_the_one_needed_last(store: Store, expert: Expert) -> None:
    """`soon` is needed again after `now`, `never` is not."""
    gone: list[str] = []

    def make(name: str) -> Any:
        tool = expert(name, memory_mb=10, pool="gpu")
        tool.unload = lambda: gone.append(name)
        return tool

    graph = [
        *calls("a", tool="soon"),
        Call("b", "never", {"text": "b", "audio": Ref("a")}),
        Call("c", "now", {"text": "c", "audio": Ref("b")}),
        Call("d", "soon", {"text": "d", "audio": Ref("c")}),
    ]
    run(store, graph, *map(make, ["soon", "never", "now"]), memory_mb={"gpu": 20})
    assert gone == ["never"]


# Death, time-outs


def test_a_batch_whose_worker_died_is_made_again_then_call_by_call(store: Store, expert: Expert) -> None:
    def every(requests: Sequence[Request]) -> list[Result]:
        if any(request.params.text == "poison" for request in requests):
            raise Died("the worker died")
        return [quiet() for _ in requests]

    tool = expert(every=every, batch=3)
    with pytest.raises(RunError, match="'line poison' could not be made: the worker died") as caught:
        run(store, calls("a", "poison", "b"), tool)
    assert caught.value.failures.keys() == {"poison"}
    assert tool.batches == [3, 3, 1, 1, 1]


def test_one_death_is_forgiven(store: Store, expert: Expert) -> None:
    assert run(store, calls("a"), expert(does=failing(Died("out of the blue")))).ran == ("a",)


def test_a_call_that_hangs_is_named_and_the_others_go_on(store: Store, expert: Expert) -> None:
    free = threading.Event()

    def hang(request: Request) -> Result:
        free.wait(timeout=60)
        return quiet()

    graph = [*calls("a", tool="hangs"), *calls("b", "c", tool="fine")]
    with pytest.raises(RunError, match="tool 'hangs' did not answer in time for 'line a'") as caught:
        run(store, graph, expert("hangs", hang), fine := expert("fine"), clock=Leaping())
    free.set()
    assert isinstance(caught.value.failures["a"], TimedOut)
    assert sorted(fine.asked) == ["b", "c"], "its slot was given to others"


# Fallbacks


def otherwise(*tools: str) -> tuple[Alternative, ...]:
    return tuple(Alternative(tool, {"text": f"by {tool}"}) for tool in tools)


def test_the_next_tool_makes_what_the_first_could_not(store: Store, expert: Expert) -> None:
    graph = calls("a", tool="first", otherwise=otherwise("second", "third"))
    made = run(store, graph, expert("first", failing(Refused("no"))), expert("second"), third := expert("third"))
    assert (made.ran, made.failures, third.asked) == (("a",), {}, [])
    assert str(made.substituted["a"]) == "made by 'second' instead: no"


def test_what_a_fallback_made_is_kept_under_its_own_key(store: Store, expert: Expert) -> None:
    graph = calls("a", tool="first", otherwise=otherwise("second"))
    run(store, graph, expert("first", failing(Refused("no"))), expert("second"))
    own = [Call("b", "second", {"text": "by second"})]
    assert run(store, own, expert("second")).cached == ("b",)
    again = run(store, graph, first := expert("first"), second := expert("second"))
    assert (first.asked, second.asked, again.substituted) == (["a"], [], {}), "the first is asked again: it may be well"


def test_when_all_fail_the_first_says_why(store: Store, expert: Expert) -> None:
    tools = [expert(name, failing(Refused(f"{name} says no"))) for name in ("first", "second")]
    with pytest.raises(RunError, match="first says no") as caught:
        run(store, calls("a", tool="first", otherwise=otherwise("second", "nosuch")), *tools)
    assert caught.value.failures.keys() == {"a"}


def test_a_flawed_take_is_made_with_another_seed_the_same_each_time(store: Store, expert: Expert) -> None:
    seeds: list[int | None] = []

    def does(request: Request) -> Result:
        seeds.append(request.seed)
        if request.seed == 7:
            raise Flawed("nothing is heard")
        return quiet()

    graph = calls("a", seed=7)
    made = [run(Store(f"{store.url}-{n}"), graph, expert(does=does)) for n in range(2)]
    assert (seeds[0], len(seeds), seeds[:2]) == (7, 4, seeds[2:])
    assert not made[0].substituted


def test_a_flawed_take_of_a_tool_without_seeds_goes_to_the_next_tool(store: Store, expert: Expert) -> None:
    first = expert("first", failing(Flawed("nothing is heard")), seeded=False)
    made = run(store, calls("a", tool="first", otherwise=otherwise("second")), first, expert("second"))
    assert made.substituted["a"].tool == "second"


# What may be left out


def test_an_optional_call_that_fails_is_left_out_and_counts_as_no_time(store: Store, expert: Expert) -> None:
    bad = Call("bad", "bad", {"text": "bad"}, optional=True)
    bed = Call("bed", "expert", {"text": "bed", "seconds": Length(("bad", "a"), plus=0.5)})
    child = Call("child", "expert", {"text": "child", "audio": Ref("bad")}, optional=True)
    made = run(store, [bad, *calls("a"), bed, child], expert(), expert("bad", failing(Refused("no"))))
    assert made.entries.keys() == {"a", "bed"}
    assert made.entries["bed"].seconds == 0.5 + 0.01
    assert made.failures.keys() == {"bad"}


def test_fail_fast_starts_nothing_more_not_even_for_what_is_optional(store: Store, expert: Expert) -> None:
    bad = Call("bad", "bad", {"text": "bad"}, optional=True)
    tool = expert()
    with Executor(Toolbox.of(tool, expert("bad", failing(Refused("no")))), store, depths={"cpu": 1}) as executor:
        with pytest.raises(RunError, match="'bad' could not be made: no"):
            executor.run(Graph.of(bad, *calls(*"abcdef")), fail_fast=True)
    assert len(tool.asked) <= 1


# Several runs at once


def test_two_runs_share_the_pool_and_what_both_want_is_made_once(store: Store, expert: Expert) -> None:
    lock, inside, most = threading.Lock(), [0], [0]

    def does(request: Request) -> Result:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        with lock:
            inside[0] -= 1
        return quiet()

    made: list[Made] = []
    tool = expert(does=does)
    with Executor(Toolbox.of(tool), store, depths={"cpu": 1}) as executor:
        graphs = [Graph.of(*calls(*texts)) for texts in ("abcdef", "defghi", "ghiabc")]
        threads = [threading.Thread(target=lambda g=g: made.append(executor.run(g))) for g in graphs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert sorted(tool.asked) == list("abcdefghi")
    assert most == [1]
    assert sum(len(one.ran) for one in made) == 9 and sum(len(one.cached) for one in made) == 9


def test_a_run_that_fails_leaves_the_others_alone(store: Store, expert: Expert) -> None:
    with Executor(Toolbox.of(expert(), expert("bad", failing(*[Refused("no")] * 9))), store) as executor:
        with pytest.raises(RunError):
            executor.run(Graph.of(*calls("x", tool="bad")))
        assert executor.run(Graph.of(*calls("a"))).ran == ("a",)


def test_a_price_beyond_the_budget_is_never_paid(store: Store, expert: Expert) -> None:
    dear, free = expert("dear", price=Price(call=0.4)), expert("free")
    graph = Graph.of(*calls(*"abc", tool="dear"), *calls("d", tool="free"))
    with Executor(Toolbox.of(dear, free), store, depths={"cpu": 1}) as executor:
        with pytest.raises(OverBudget, match="1 calls were not started") as caught:
            executor.run(graph, budget=Budget(cost=0.8))
        assert (len(dear.asked), free.asked, list(caught.value.failures)) == (2, ["d"], ["c"])
        assert executor.run(graph, budget=Budget(cost=0.4)).ran == ("c",), "what is kept costs nothing"


def test_when_the_time_is_up_nothing_more_is_started(store: Store, expert: Expert) -> None:
    clock = Leaping()

    def does(request: Request) -> Result:
        clock.time += 40.0
        return quiet()

    with Executor(Toolbox.of(tool := expert(does=does)), store, depths={"cpu": 1}, clock=clock) as executor:
        with pytest.raises(OverBudget, match="the time is up: "):
            executor.run(Graph.of(*calls(*"abcdef")), budget=Budget(minutes=1.0))
    assert 1 <= len(tool.asked) <= 3


# Its life


def test_a_closed_executor_runs_no_more_and_says_so(store: Store, expert: Expert) -> None:
    executor = Executor(Toolbox.of(expert()), store)
    executor.run(Graph.of(*calls("a")))
    executor.close()
    executor.close()
    with pytest.raises(Cancelled, match="the executor was closed"):
        executor.run(Graph.of(*calls("b")))


def test_closing_ends_a_run_in_another_thread(store: Store, expert: Expert) -> None:
    begun, free = threading.Event(), threading.Event()

    def hang(request: Request) -> Result:
        begun.set()
        free.wait(timeout=60)
        return quiet()

    executor = Executor(Toolbox.of(expert(does=hang)), store)
    ended: list[BaseException] = []

    def work() -> None:
        try:
            executor.run(Graph.of(*calls("a", "b")))
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(timeout=10)
    executor.close()
    thread.join(timeout=10)
    free.set()
    assert isinstance(ended[0], Cancelled)


def test_an_executor_that_nobody_has_any_more_ends_its_threads(store: Store, expert: Expert) -> None:
    def threads() -> set[threading.Thread]:
        return {one for one in threading.enumerate() if one.name.startswith("wavagent-")}

    before = threads()
    executor = Executor(Toolbox.of(expert()), store)
    executor.run(Graph.of(*calls("a")))
    started = threads() - before
    assert started
    del executor
    for thread in started:
        thread.join(timeout=10)
    assert not threads() & started


# Other crews


class Cluster:
    """A crew that is no crew of this machine: it does its work at once, or fails as it is told."""

    def __init__(self, store: Store, *errors: BaseException) -> None:
        self.limits = Limits({"cpu": 2})
        self.closed = False
        self._store, self._errors = store, list(errors)

    def start(
        self, batch: Sequence[Ready], evict: Sequence[Tool] = (), patience: float | None = None
    ) -> Future[Outcome]:
        if self._errors:
            raise self._errors.pop(0)
        future: Future[Outcome] = Future()
        future.set_result([self._store.put(ready.key, quiet()) for ready in batch])
        return future

    def abandon(self, batch: Future[Outcome]) -> None:
        pass

    def close(self, patience: float | None = None) -> None:
        self.closed = True


def test_another_crew_does_the_work_and_is_closed_with_the_executor(store: Store, expert: Expert) -> None:
    crew = Cluster(store)
    with Executor(Toolbox.of(tool := expert()), store, crew=crew) as executor:
        assert len(executor.run(Graph.of(*calls(*"abc"))).ran) == 3
    assert crew.closed and tool.asked == []


def test_a_crew_that_cannot_begin_fails_its_call_and_no_more(store: Store, expert: Expert) -> None:
    with Executor(Toolbox.of(expert()), store, crew=Cluster(store, OSError("no node is left"))) as executor:
        with pytest.raises(RunError, match="tool 'expert' failed: OSError: no node is left") as caught:
            executor.run(Graph.of(*calls(*"ab")))
    assert list(caught.value.failures) == ["a"]
