"""The forecast: a run on paper, held against what any schedule must keep to."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from wavagent.graph import Call, Graph, Ref
from wavagent.quote.forecast import Forecast, critical_path, forecast
from wavagent.quote.foresight import foresee
from wavagent.speeds import Pace
from wavagent.store import Store
from wavagent.tool import Pool, Tool, Toolbox

Like = Callable[..., Any]
DEPTHS: Mapping[Pool, int] = {"cpu": 2, "gpu": 1, "http": 4}


@pytest.fixture
def box(louder: Tool, hum: Tool, like: Like) -> Toolbox:
    return Toolbox.of(like(hum, batch=1), like(louder, name="gpu", pool="gpu", batch=4))


def beds(*seconds: float) -> list[Call]:
    return [Call(f"h{n}", "hum", {"what": f"calm {n}", "seconds": one}) for n, one in enumerate(seconds)]


def run(graph: Graph, box: Toolbox, paces: Mapping[str, Pace] | None = None) -> Forecast:
    return forecast(foresee(graph, box, Store("memory://forecast")), paces or {}, DEPTHS)


def test_it_takes_as_long_as_the_card_says(box: Toolbox) -> None:
    assert run(Graph.of(*beds(3.0)), box).seconds == pytest.approx(3.0)


def test_what_was_measured_comes_before_the_card(box: Toolbox) -> None:
    assert run(Graph.of(*beds(3.0)), box, {"hum": Pace(1.0, 0.5, 2)}).seconds == pytest.approx(2.5)


def test_a_pool_does_as_much_at_once_as_it_is_deep(box: Toolbox) -> None:
    found = run(Graph.of(*beds(4.0, 2.0, 2.0)), box)
    assert found.seconds == pytest.approx(4.0)
    assert {slot.call: (slot.lane, slot.start) for slot in found.slots} == {"h0": (0, 0), "h1": (1, 0), "h2": (1, 2.0)}


def test_what_waits_for_a_clip_starts_after_it(box: Toolbox) -> None:
    graph = Graph.of(*beds(3.0, 1.0), Call("g", "gpu", {"audio": Ref("h0")}))
    found = run(graph, box)
    assert next(slot for slot in found.slots if slot.call == "g").start == pytest.approx(3.0)
    assert found.critical == ("h0", "g")
    assert found.seconds == pytest.approx(6.0)


@pytest.mark.parametrize("seed", range(8))
def test_any_run_keeps_to_its_pools_and_is_no_longer_than_it_must(box: Toolbox, seed: int) -> None:
    dice = random.Random(seed)
    calls = beds(*(round(dice.uniform(0.1, 5.0), 2) for _ in range(dice.randint(5, 40))))
    calls += [Call(f"g{n}", "gpu", {"audio": Ref(dice.choice(calls).id), "db": n / 100}) for n in range(12)]
    found = run(Graph.of(*calls), box)
    by = {slot.call: slot for slot in found.slots}
    assert by.keys() == {call.id for call in calls}
    assert all(by[need].end <= by[call.id].start + 1e-9 for call in calls for need in call.needs)
    for pool, depth in DEPTHS.items():
        lanes = [[s for s in found.slots if (s.pool, s.lane) == (pool, lane)] for lane in range(depth)]
        assert sum(map(len, lanes)) == sum(slot.pool == pool for slot in found.slots)
        for lane in lanes:
            ordered = sorted(lane, key=lambda slot: slot.start)
            assert all(a.end <= b.start + 1e-9 for a, b in zip(ordered, ordered[1:], strict=False))
    work = {pool: sum(slot.took for slot in found.slots if slot.pool == pool) / DEPTHS[pool] for pool in DEPTHS}
    path = sum(by[call].took for call in found.critical)
    # Graham's bound for a list schedule, a batch of the longest calls on top.
    assert max(path, *work.values()) - 1e-9 <= found.seconds <= sum(work.values()) + path + 4 * 5.0


def test_what_is_kept_takes_no_time(box: Toolbox, tmp_path: Any) -> None:
    graph = Graph.of(*beds(1.0, 1.0)[:1], Call("twin", "hum", {"what": "calm 0", "seconds": 1.0}))
    found = run(graph, box)
    assert {slot.call: (slot.took, slot.kept) for slot in found.slots} == {"h0": (1.0, False), "twin": (0.0, True)}


def test_nothing_takes_no_time(box: Toolbox) -> None:
    assert run(Graph(), box) == Forecast(())
    assert run(Graph(), box).seconds == 0.0


def test_the_critical_path_is_the_longest_chain() -> None:
    graph = Graph.of(
        Call("a", "x", {}), Call("b", "x", {"audio": Ref("a")}), Call("c", "x", {}), Call("d", "x", {"audio": Ref("c")})
    )
    assert critical_path(graph, {"a": 1.0, "b": 1.0, "c": 0.5, "d": 2.0}) == ("c", "d")
    assert critical_path(graph, {"a": 9.0, "b": 0.0, "c": 0.5, "d": 2.0}) == ("a",)
    assert critical_path(graph, {}) == ()
