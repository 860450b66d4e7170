"""The bill: what it adds up, and what it does not do."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.mix.place import place
from wavagent.mix.premaster import premaster
from wavagent.quote.bill import MIX, Output, Quote, quote, writing
from wavagent.run.executor import Executor
from wavagent.script import Script
from wavagent.speeds import Speeds, Timing
from wavagent.store import Store
from wavagent.tool import Licence, Pool, Price, Tool, Toolbox

Like = Callable[..., Any]
DEPTHS: Mapping[Pool, int] = {"cpu": 2, "gpu": 1, "http": 4}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def with_text(script: Script, line: str, text: str) -> Script:
    values = script.model_dump(by_alias=True)
    for element in (element for scene in values["scenes"] for element in scene["elements"]):
        if element["id"] == line:
            element["text"] = text
    return Script.model_validate(values)


def quoted(script: Script, box: Toolbox, store: Store, speeds: Speeds | None = None, *outputs: Output) -> Quote:
    return quote(compile_script(script, box), box, store, speeds or Speeds(None), DEPTHS, outputs)


def rendered(script: Script, box: Toolbox, store: Store) -> float:
    """Run and mix `script`; the seconds it lasts."""
    compiled = compile_script(script, box)
    with Executor(box, store) as executor:
        made = executor.run(compiled.graph)
    return premaster(place(compiled.timeline, made.entries), made.entries, store).frames / 48_000


def test_every_call_is_on_one_line_of_the_bill(script: Script, toolbox: Toolbox, store: Store) -> None:
    found = quoted(script, toolbox, store)
    assert {item.card.name: item.calls for item in found.items} == {"hum": 2, "noise": 1, "voice": 6, "click": 2}
    assert (found.calls, found.kept, found.money) == (11, 0, 0.0)


def test_the_length_of_the_story_is_what_it_then_is(script: Script, toolbox: Toolbox, store: Store) -> None:
    expected = quoted(script, toolbox, store).seconds
    assert rendered(script, toolbox, store) == pytest.approx(expected, rel=0.01)


def test_after_a_run_there_is_nothing_to_make_or_to_mix(script: Script, toolbox: Toolbox, store: Store) -> None:
    rendered(script, toolbox, store)
    found = quoted(script, toolbox, store)
    assert found.kept == found.calls
    assert [step.took for step in found.steps] == [0.0, 0.0]
    assert all(item.memory_mb == 0 for item in found.items)


def test_an_edit_mixes_only_what_it_changes(script: Script, toolbox: Toolbox, store: Store) -> None:
    whole = quoted(script, toolbox, store).steps[1].took
    rendered(script, toolbox, store)
    found = quoted(with_text(script, "e4", "The wind had gone."), toolbox, store)
    assert found.calls - found.kept == 1
    assert 0.0 < found.steps[1].took < whole


def test_measured_speeds_are_used_for_every_step(
    script: Script, toolbox: Toolbox, store: Store, tmp_path: Path
) -> None:
    speeds = Speeds(tmp_path / "speeds.jsonl")
    mp3 = Output(".mp3", "universal")
    assert not quoted(script, toolbox, store, speeds, mp3).measured
    seconds = quoted(script, toolbox, store).seconds
    names = [*("hum", "noise", "voice", "click"), MIX, writing(".mp3", "universal")]
    speeds.record([Timing(name, ("x",), seconds, 0.0, 100.0) for name in names])
    found = quoted(script, toolbox, store, speeds, mp3)
    assert found.measured
    assert found.steps[2].took == pytest.approx(100.0)
    assert found.took == pytest.approx(sum(step.took for step in found.steps))
    assert quoted(script, toolbox, store, speeds, Output(".mp3", "acx")).measured is False


def test_money_and_caps(script: Script, voice: Tool, toolbox: Toolbox, like: Like, store: Store) -> None:
    box = Toolbox({**toolbox.tools, "voice": like(voice, price=Price(call=0.25))})
    found = quoted(script, box, store)
    assert found.money == pytest.approx(1.5)
    assert found.over() is None
    assert found.over(cost=1.5) is None
    assert found.over(cost=1.49) == "it would cost $1.5000, and $1.4900 are allowed"
    assert "minutes, and 0 are allowed" in str(found.over(minutes=0.0))
    assert found.over(cost=2.0, minutes=60.0) is None
    rendered(script, box, store)
    assert quoted(script, box, store).over(cost=0.0) is None


def test_memory_is_that_of_every_worker(
    script: Script, toolbox: Toolbox, voice: Tool, like: Like, store: Store
) -> None:
    tools = {**toolbox.tools, "voice": like(voice, memory_mb=500, isolated=True)}
    tools["hum"] = like(toolbox["hum"], memory_mb=900, pool="gpu", isolated=True)
    assert quoted(script, Toolbox(tools), store).memory_mb == {"gpu": 900, "cpu": 1000}


def test_a_licence_that_forbids_it_is_told(script: Script, toolbox: Toolbox, like: Like, store: Store) -> None:
    assert quoted(script, toolbox, store).obstacles == ()
    fenced = Licence(name="CC-BY-NC-4.0", commercial=False)
    unknown = Licence(name="unknown", commercial=None)
    tools = {**toolbox.tools, "hum": like(toolbox["hum"], weights_licence=fenced)}
    tools["noise"] = like(toolbox["noise"], weights_licence=unknown)
    found = quoted(script, Toolbox(tools), store).obstacles
    assert found == (
        "tool 'hum' may not be used commercially: the licence of its weights, CC-BY-NC-4.0, forbids it",
        "tool 'noise' may not be used commercially: it is not known whether the licence of its weights, unknown, "
        "allows it",
    )


def test_it_is_json(script: Script, toolbox: Toolbox, store: Store) -> None:
    found = json.loads(json.dumps(quoted(script, toolbox, store, None, Output(".srt", "universal", False)).to_json()))
    assert found["calls"] == sum(tool["calls"] for tool in found["tools"]) == 11
    assert [step["name"] for step in found["steps"]] == ["run", "mix", ".srt"]
    assert found["commercial"] is True


def test_a_story_without_anything_in_it_is_quoted(toolbox: Toolbox, store: Store) -> None:
    found = quoted(Script(), toolbox, store)
    assert (found.calls, found.money, found.steps[0].took, found.faults) == (0, 0.0, 0.0, ())
