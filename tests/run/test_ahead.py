from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from wavagent.errors import RunError
from wavagent.graph import Call, Graph, Length
from wavagent.run.ahead import ahead
from wavagent.run.executor import Executor
from wavagent.run.order import FIRST
from wavagent.store import Store
from wavagent.tool import Toolbox


def lines(count: int) -> list[Call]:
    return [
        Call(f"l{n}", "voice", {"text": f"Line number {n}.", "voice": "adam", "language": "en"}) for n in range(count)
    ]


@pytest.fixture
def executor(toolbox: Toolbox, tmp_path: Any) -> Iterator[Executor]:
    with Executor(toolbox, Store(str(tmp_path / "store")), depths={"cpu": 1}) as executor:
        yield executor


def test_what_is_made_grows_until_it_is_all(executor: Executor) -> None:
    graph = Graph.of(*lines(20))
    with ahead(executor, graph) as made:
        found = [set(entries) for entries in made]
    assert all(one <= two for one, two in pairwise(found))
    assert found[-1] == graph.calls.keys()


def test_an_empty_graph_is_made_at_once(executor: Executor) -> None:
    with ahead(executor, Graph()) as made:
        assert list(made) == [{}]


def test_what_fails_is_raised_to_who_listens(executor: Executor) -> None:
    bad = Call("bad", "noise", {"what": "silence of the lambs", "seconds": 1.0})
    with pytest.raises(RunError, match="bad"), ahead(executor, Graph.of(*lines(FIRST), bad)) as made:
        list(made)


def test_the_opening_is_made_first_and_what_it_needs_before_it(executor: Executor, voice: Any) -> None:
    """Though what comes last takes longest by far, and others wait for it."""
    bed = Call("bed", "drone", {"what": "a hum", "seconds": Length(("l199",))})
    late = Call("late", "voice", {"text": "long " * 39, "voice": "adam", "language": "en"})
    with ahead(executor, Graph.of(bed, *lines(200), late)) as made:
        list(made)
    said = [request.params.text for request in voice.asked]
    first = {"Line number 199.", *(f"Line number {n}." for n in range(FIRST - 1))}
    assert set(said[: len(first)]) == first
    assert said.index(late.params["text"]) > 150


def test_leaving_early_ends_the_run(executor: Executor, voice: Any) -> None:
    with ahead(executor, Graph.of(*lines(2000))) as made:
        next(iter(made))
    asked = len(voice.asked)
    assert asked < 2000
    assert executor.run(Graph.of(*lines(1))).cached == ("l0",), "it runs on, and what was made is kept"


def test_what_is_left_out_is_told(executor: Executor) -> None:
    bad = Call("bad", "noise", {"what": "silence of the lambs", "seconds": 1.0}, optional=True)
    with ahead(executor, Graph.of(bad, *lines(3))) as made:
        entries = list(made)[-1]
    assert made.left_out == {"bad"}
    assert entries.keys() == {"l0", "l1", "l2"}
