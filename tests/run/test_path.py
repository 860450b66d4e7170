"""The critical path, and the order that follows from it."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.graph import Call, Graph, Length, Ref
from wavagent.run.order import FIRST, ranks
from wavagent.run.path import UNKNOWN, estimates
from wavagent.tool import Toolbox

Expert = Callable[..., Any]


@pytest.fixture
def toolbox(expert: Expert) -> Toolbox:
    return Toolbox.of(expert("slow", speed=0.5), expert("fast", speed=10.0))


def call(id: str, tool: str, seconds: Any, **more: Any) -> Call:
    return Call(id, tool, {"text": id, "seconds": seconds, **more})


def test_a_path_is_the_longest_to_the_end_by_each_tools_own_speed(toolbox: Toolbox) -> None:
    graph = Graph.of(
        call("a", "fast", 10.0),
        call("b", "slow", 2.0, audio=Ref("a")),
        call("c", "fast", 30.0, audio=Ref("a")),
        call("d", "fast", 5.0),
    )
    found = estimates(graph, toolbox)
    assert {id: one.path for id, one in found.items()} == pytest.approx({"a": 5.0, "b": 4.0, "c": 3.0, "d": 0.5})
    assert min(found, key=lambda id: ranks(graph, found, 0, heard=False)[id]) == "a"


def test_a_length_is_guessed_from_what_it_is_of(toolbox: Toolbox) -> None:
    graph = Graph.of(call("bed", "slow", Length(("a", "b"), plus=1.0)), call("a", "fast", 2.0), call("b", "fast", 3.0))
    assert estimates(graph, toolbox)["bed"].sound == 6.0


def test_what_nobody_can_say_is_some_seconds(toolbox: Toolbox) -> None:
    graph = Graph.of(Call("x", "nosuch", {}), Call("y", "slow", {"odd": 1}))
    assert {one.work for one in estimates(graph, toolbox).values()} == {UNKNOWN}


def test_what_is_heard_comes_in_parts_each_with_what_it_needs(toolbox: Toolbox) -> None:
    lines = [call(f"l{n}", "fast", 1.0) for n in range(40)]
    bed = call("bed", "slow", Length(("l39",)))
    graph = Graph.of(bed, *lines)
    order = ranks(graph, estimates(graph, toolbox), 0, heard=True)
    first = [id for id, rank in order.items() if rank[0] == 0]
    assert set(first) == {"bed", "l39", *(f"l{n}" for n in range(FIRST - 1))}
    assert order["l38"][0] > order["l10"][0] > 0


def test_an_older_run_comes_before_a_younger_and_what_is_heard_before_both(toolbox: Toolbox) -> None:
    graph = Graph.of(call("a", "fast", 1.0))
    found = estimates(graph, toolbox)
    heard, old, young = (ranks(graph, found, run, heard)["a"] for run, heard in ((9, True), (1, False), (2, False)))
    assert heard < old < young
