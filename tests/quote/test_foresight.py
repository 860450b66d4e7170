"""Foresight: what a run would do, against what it then does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wavagent.audio import RATE
from wavagent.compiler import compile_script
from wavagent.errors import UnknownTool
from wavagent.graph import Call, Graph, Length, Ref
from wavagent.quote.foresight import foresee
from wavagent.run.executor import Executor
from wavagent.script import Scene, Script, Speech
from wavagent.store import Store
from wavagent.tool import Price, Tool, Toolbox

Like = Callable[..., Any]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def chain(*ids: str) -> Graph:
    """A line, and one enhancement after another of it."""
    first = Call(ids[0], "voice", {"text": "It was late.", "voice": "adam"})
    return Graph.of(first, *(Call(b, "louder", {"audio": Ref(a)}) for a, b in zip(ids, ids[1:], strict=False)))


def states(graph: Graph, toolbox: Toolbox, store: Store) -> dict[str, str]:
    return {one.call.id: one.state for one in foresee(graph, toolbox, store)}


def test_everything_runs_on_an_empty_store_and_nothing_on_a_full_one(
    script: Script, toolbox: Toolbox, store: Store
) -> None:
    graph = compile_script(script, toolbox).graph
    assert not foresee(graph, toolbox, store).complete
    with Executor(toolbox, store) as executor:
        made = executor.run(graph)
    assert foresee(graph, toolbox, store).complete
    assert {one.ready.key for one in foresee(graph, toolbox, store) if one.ready} == {
        one.ready.key for one in foresee(graph, toolbox, Store("memory://none")) if one.ready
    }, "what needs no clip has its key before anything runs"
    assert len(made.ran) == len(graph)


def test_what_was_found_of_a_tool_with_other_weights_is_looked_for_anew(toolbox: Toolbox, store: Store) -> None:
    weights = ["one"]
    voice = type("Voiced", (type(toolbox["voice"]),), {"edition": property(lambda self: weights[0])})()
    box = Toolbox.of(*(tool for tool in toolbox if tool.card.name != "voice"), voice)
    graph = chain("a", "b")
    with Executor(box, store) as executor:
        executor.run(graph)
        found = foresee(graph, box, store, foresee(graph, box, store))
        assert found.complete
        weights[0] = "two"
        assert [one.state for one in foresee(graph, box, store, found)] == ["to run", "unknown"]
        assert executor.run(graph).ran == ("a",), "the sound came out the same, so that nothing is built on it"
        assert foresee(graph, box, store, found).complete


def test_it_says_exactly_what_then_runs(script: Script, toolbox: Toolbox, store: Store) -> None:
    with Executor(toolbox, store) as executor:
        executor.run(compile_script(script, toolbox).graph)
        values = script.model_dump(by_alias=True)
        values["scenes"][0]["elements"][2]["text"] = "It was early."
        edited = Script.model_validate(values)
        graph = compile_script(edited, toolbox).graph
        expected = {one.call.id for one in foresee(graph, toolbox, store) if one.runs}
        assert set(executor.run(graph).ran) == expected == {"e1"}


def test_what_works_on_clips_that_are_not_made_is_unknown(toolbox: Toolbox, store: Store) -> None:
    assert states(chain("a", "b", "c"), toolbox, store) == {"a": "to run", "b": "unknown", "c": "unknown"}
    with Executor(toolbox, store) as executor:
        executor.run(chain("a", "b"))
    assert states(chain("a", "b", "c"), toolbox, store) == {"a": "kept", "b": "kept", "c": "to run"}


def test_the_same_call_twice_runs_once(toolbox: Toolbox, store: Store) -> None:
    graph = Graph.of(*(Call(id, "click", {"what": "a knock"}) for id in "ab"))
    assert states(graph, toolbox, store) == {"a": "to run", "b": "twin"}


def test_a_clip_made_of_another_is_expected_to_be_as_long(toolbox: Toolbox, store: Store) -> None:
    found = foresee(chain("a", "b"), toolbox, store)
    assert [one.seconds for one in found] == pytest.approx([0.6, 0.6])
    assert found.entries["b"].seconds == pytest.approx(0.6)


def test_a_length_is_worked_out_from_what_is_expected(toolbox: Toolbox, store: Store) -> None:
    lines = [Call(id, "voice", {"text": "x" * 100, "voice": "adam"}) for id in "ab"]
    bed = Call("bed", "hum", {"what": "calm", "seconds": Length(("a", "b"), 2.0)})
    (found,) = (one for one in foresee(Graph.of(*lines, bed), toolbox, store) if one.call.id == "bed")
    assert found.ready is not None
    assert found.ready.params.model_dump()["seconds"] == pytest.approx(12.0)
    assert found.state == "unknown"


def test_what_a_tool_refuses_is_named_and_so_is_what_waits_for_it(toolbox: Toolbox, store: Store) -> None:
    graph = Graph.of(
        Call("a", "voice", {"text": "", "voice": "adam"}), Call("b", "louder", {"audio": Ref("a")}), *chain("c")
    )
    found = foresee(graph, toolbox, store)
    assert {one.call.id: one.state for one in found} == {"a": "refused", "b": "refused", "c": "to run"}
    assert "does not take text" in found.calls["a"].fault
    assert found.calls["b"].fault == "what it works on will not be made"


def test_money_is_that_of_what_runs(voice: Tool, like: Like, store: Store) -> None:
    box = Toolbox.of(like(voice, price=Price(call=0.01, thousand_characters=0.1, second=0.001)))
    (one,) = foresee(chain("a"), box, store)
    assert one.money == pytest.approx(0.01 + 0.1 * 12 / 1000 + 0.001 * 0.6)
    with Executor(box, store) as executor:
        executor.run(chain("a"))
    (one,) = foresee(chain("a"), box, store)
    assert (one.state, one.money) == ("kept", 0.0)


def test_a_rate_that_a_card_leaves_open_is_that_of_the_mix(louder: Tool, voice: Tool, like: Like, store: Store) -> None:
    box = Toolbox.of(voice, like(louder, rate=0))
    assert foresee(chain("a", "b"), box, store).entries["b"].rate == RATE


def test_a_damaged_store_is_an_empty_one(toolbox: Toolbox, store: Store, tmp_path: Path) -> None:
    with Executor(toolbox, store) as executor:
        executor.run(chain("a"))
    for file in (tmp_path / "store" / "calls").rglob("*.bin"):
        file.write_bytes(b"nonsense")
    assert states(chain("a"), toolbox, store) == {"a": "to run"}


def test_a_tool_that_is_gone_is_named(store: Store) -> None:
    with pytest.raises(UnknownTool, match="no tool is called 'voice'"):
        foresee(chain("a"), Toolbox.of(), store)


def test_nothing_is_asked_of_any_tool(script: Script, toolbox: Toolbox, store: Store) -> None:
    foresee(compile_script(script, toolbox).graph, toolbox, store)
    assert [tool.asked for tool in toolbox if hasattr(tool, "asked")] == [[]] * 6


def test_an_empty_story_is_complete(toolbox: Toolbox, store: Store) -> None:
    assert foresee(Graph(), toolbox, store).complete
    assert (
        compile_script(Script(scenes=(Scene(id="s", elements=(Speech(id="e", text="…"),)),)), toolbox).graph is not None
    )
