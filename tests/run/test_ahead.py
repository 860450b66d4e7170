from collections.abc import Callable
from typing import Any

import pytest

from wavagent.errors import RunError
from wavagent.graph import Call, Graph, Length
from wavagent.run.ahead import FIRST, LONGEST, ahead, stretches
from wavagent.run.executor import Executor
from wavagent.store import Store
from wavagent.tool import Toolbox


def lines(count: int) -> list[Call]:
    return [
        Call(f"l{n}", "voice", {"text": f"Line number {n}.", "voice": "adam", "language": "en"}) for n in range(count)
    ]


@pytest.fixture
def executor(toolbox: Toolbox, tmp_path: Any) -> Executor:
    return Executor(toolbox, Store(str(tmp_path / "store")), depths={"cpu": 1})


def test_stretches_are_the_graph_in_order_each_longer_than_the_last() -> None:
    graph = Graph.of(*lines(300))
    found = [list(stretch.calls) for stretch in stretches(graph)]
    assert [id for stretch in found for id in stretch] == list(graph.calls)
    assert len(found[0]) == FIRST and max(map(len, found)) == LONGEST


def test_a_stretch_brings_all_that_its_calls_need() -> None:
    bed = Call("bed", "drone", {"what": "a hum", "seconds": Length(("l250", "l251"))})
    first = next(stretches(Graph.of(bed, *lines(300))))
    assert {"bed", "l250", "l251", "l0"} <= first.calls.keys()


def test_what_is_made_grows_until_it_is_all(executor: Executor) -> None:
    graph = Graph.of(*lines(20))
    with ahead(executor, graph) as made:
        found = [set(entries) for entries in made]
    assert all(one < two for one, two in zip(found, found[1:], strict=False))
    assert found[-1] == graph.calls.keys()


def test_an_empty_graph_is_made_at_once(executor: Executor) -> None:
    with ahead(executor, Graph()) as made:
        assert list(made) == [{}]


def test_what_fails_is_raised_to_who_listens(executor: Executor) -> None:
    bad = Call("bad", "noise", {"what": "silence of the lambs", "seconds": 1.0})
    with pytest.raises(RunError, match="bad"), ahead(executor, Graph.of(*lines(FIRST), bad)) as made:
        list(made)


def test_leaving_early_makes_no_more_than_the_stretch_under_way(
    toolbox: Toolbox, voice: Any, tmp_path: Any, like: Callable[..., Any]
) -> None:
    executor = Executor(toolbox, Store(str(tmp_path / "store")), depths={"cpu": 1})
    with ahead(executor, Graph.of(*lines(300))) as made:
        next(iter(made))
    assert len(voice.asked) < 300
