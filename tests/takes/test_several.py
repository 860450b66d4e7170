"""Several takes are nothing but more calls in the graph."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.errors import UnknownTool
from wavagent.graph import Graph, Length, Ref
from wavagent.script import Music, Script, Sound
from wavagent.takes import several
from wavagent.tool import Toolbox

Box = Callable[..., Toolbox]
Line = Callable[..., Script]


def expanded(script: Script, box: Toolbox, takes: int = 3) -> Graph:
    compiled = compile_script(script, box)
    return several(compiled.graph, compiled.script, box, takes)


def test_a_line_becomes_takes_and_a_choice_with_its_own_id(line: Line, box: Box) -> None:
    graph = expanded(line(), box())
    assert list(graph.calls) == ["e1/0", "e1/1", "e1/2", "e1"]
    assert graph["e1"].tool == "choose"
    assert graph["e1"].params["take-1"] == Ref("e1/1", optional=True)


@pytest.mark.parametrize("take", [1, 2])
def test_a_take_is_the_call_that_the_script_would_make_for_its_number(line: Line, box: Box, take: int) -> None:
    graph = expanded(line(), box())
    picked = compile_script(line(take=take), box()).graph["e1"]
    assert (graph[f"e1/{take}"].seed, graph[f"e1/{take}"].params) == (picked.seed, picked.params)


@pytest.mark.parametrize("fields", [{"take": 2}, {"seed": 5}, {"locked": True}])
def test_what_the_script_picks_is_not_chosen_over(line: Line, box: Box, fields: dict[str, Any]) -> None:
    script = line(**fields)
    assert expanded(script, box()) == compile_script(script, box()).graph


def test_one_take_without_a_judge_is_the_graph_as_it_was(script: Script, box: Box) -> None:
    assert expanded(script, box(), takes=1) == compile_script(script, box()).graph


def test_a_tool_without_a_seed_makes_one(line: Line, box: Box) -> None:
    graph = expanded(line(Sound(id="n1", what="a knock")), box())
    assert [call.id for call in graph if call.element == "n1"] == ["n1"]


def test_a_bed_waits_for_the_line_that_was_chosen(line: Line, box: Box, drone: Any) -> None:
    bed = Music(id="m1", what="tense strings", tool="drone")
    graph = expanded(line(bed), box())
    assert graph["m1/0"].params["seconds"] == Length(("e1",), 0.0)


def test_each_take_is_written_down_again(line: Line, box: Box, clerk: Any) -> None:
    graph = expanded(line(), box(clerk), takes=2)
    assert graph["e1/1/transcribe"].params == {"audio": Ref("e1/1"), "language": "en"}
    assert graph["e1"].params["transcript-1"] == Ref("e1/1/transcribe", optional=True)


def test_a_single_take_is_judged_too(line: Line, box: Box, clerk: Any) -> None:
    assert list(expanded(line(), box(clerk), takes=1).calls) == ["e1/0", "e1/0/transcribe", "e1"]


def test_a_bed_is_held_against_its_description(line: Line, box: Box, critic: Any) -> None:
    graph = expanded(line(Music(id="m1", what="calm piano")), box(critic), takes=1)
    assert graph["m1/0/score"].params == {"audio": Ref("m1/0"), "what": "calm piano"}


def test_a_judge_of_another_language_is_not_asked(line: Line, box: Box, clerk: Any, like: Any) -> None:
    assert "e1/0/transcribe" not in expanded(line(), box(like(clerk, languages=("fr",)))).calls
    assert "e1/0/transcribe" in expanded(line(), box(like(clerk, languages=("en-GB",)))).calls


def test_a_judge_that_is_not_installed_is_not_asked(line: Line, box: Box, clerk: Any, like: Any) -> None:
    assert "e1/0/transcribe" not in expanded(line(), box(like(clerk, requires=("no_such_module",)))).calls


def test_takes_without_anybody_who_chooses_are_refused(line: Line, toolbox: Toolbox, actor: Any) -> None:
    with pytest.raises(UnknownTool, match="no tool chooses among takes"):
        expanded(line(), Toolbox.of(actor, *toolbox))
