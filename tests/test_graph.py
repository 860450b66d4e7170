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


# --- what a call can do without

TAKES = (Call("a", "x", {}), Call("b", "x", {}), Call("h", "x", {"audio": Ref("b")}))
CHOICE = Graph.of(*TAKES, Call("c", "x", {"take-0": Ref("a", True), "take-1": Ref("b", True), "heard": Ref("h", True)}))


@pytest.mark.parametrize(
    ("made", "possible"), [((), False), (("a",), True), (("b", "h"), True), (("h",), True), (("z",), False)]
)
def test_a_choice_is_possible_with_any_of_what_it_may_have(made: tuple[str, ...], possible: bool) -> None:
    assert CHOICE["c"].possible(made) is possible


def test_what_a_call_requires_it_must_have() -> None:
    call = Call("c", "x", {"one": Ref("a"), "two": Ref("b", True)})
    assert [call.possible(made) for made in (["a"], ["b"], ["a", "b"])] == [False, False, True]
    assert call.needs == {"a", "b"}
    assert call.required == {"a"}


@pytest.mark.parametrize(
    ("made", "missed"),
    [
        (("a", "b", "h", "c"), set()),
        (("a", "c"), set()),  # the other take failed, and so what hears it
        (("a", "b", "c"), set()),  # what hears it failed
        ((), {"a", "b", "h", "c"}),
        (("a", "b", "h"), {"c"}),
    ],
)
def test_a_take_is_not_missed_where_another_was_chosen(made: tuple[str, ...], missed: set[str]) -> None:
    assert CHOICE.missed(made) == missed


def test_what_only_fails_to_be_heard_is_missed_with_what_needs_it() -> None:
    graph = Graph.of(Call("line", "x", {}), Call("bed", "x", {"seconds": Length(("line",))}))
    assert graph.missed(()) == {"line", "bed"}
    assert graph.missed(("line",)) == {"bed"}


def test_a_part_of_a_graph_has_all_that_it_needs_in_its_order() -> None:
    assert list(CHOICE.within(["h"]).calls) == ["b", "h"]
    assert CHOICE.within(["c"]) == CHOICE
    assert list(CHOICE.within([]).calls) == []
