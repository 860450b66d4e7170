import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.errors import ScriptError
from wavagent.graph import Call, Graph, Length, Ref, seed_for


def test_a_call_needs_the_clips_that_its_parameters_name() -> None:
    call = Call("c", "x", {"audio": Ref("a"), "seconds": Length(("a", "b"), 2.0), "what": "rain", "list": ["a"]})
    assert call.needs == {"a", "b"}


def test_a_graph_holds_its_calls_in_order() -> None:
    graph = Graph.of(Call("b", "x", {}), Call("a", "x", {"audio": Ref("b")}))
    assert [call.id for call in graph] == ["b", "a"]
    assert (len(graph), dict(graph.order)) == (2, {"b": 0, "a": 1})
    assert graph["a"].needs == {"b"}
    assert list(graph.sorter().static_order()) == ["b", "a"]


def test_a_graph_may_be_empty() -> None:
    assert list(Graph()) == list(Graph.of()) == []


def test_a_call_that_nothing_makes_is_named() -> None:
    with pytest.raises(ScriptError, match="call 'a' needs 'x', and no call makes it"):
        Graph.of(Call("a", "t", {"audio": Ref("x")}))


def test_a_circle_is_shown() -> None:
    with pytest.raises(ScriptError, match=r"in a circle: (a -> b -> a|b -> a -> b)"):
        Graph.of(Call("a", "t", {"audio": Ref("b")}), Call("b", "t", {"seconds": Length(("a",))}))


def test_no_call_is_lost_under_anothers_name() -> None:
    with pytest.raises(ScriptError, match=r"two calls are called 'e\.1'"):
        Graph.of(Call("e.1", "t", {}), Call("e.1", "u", {}))


def test_a_seed_is_the_same_on_every_machine() -> None:
    assert seed_for(0, "e1", 0) == 6625380977282770595
    assert seed_for(0, "e1", 0) != seed_for(0, "e1", 1) != seed_for(1, "e1", 0)
    assert seed_for("a", "b") != seed_for("ab")


@given(st.integers(), st.text(max_size=20))
def test_a_seed_fits_in_63_bits(seed: int, name: str) -> None:
    assert 0 <= seed_for(seed, name) < 2**63
