"""The shortfall: a story without what could not be made, and what is said of it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wavagent.errors import OverBudget, Refused, RunError
from wavagent.script import Script
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.timeline import BEDS
from wavagent.tool import Price, Toolbox


def refuse(request: Any) -> Any:
    raise Refused("the server says no")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(str(tmp_path / "store"), workers=1)


def test_a_sound_and_a_bed_that_fail_are_left_out_and_said(
    settings: Settings, toolbox: Toolbox, script: Script, click: Any, hum: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "make", refuse)
    monkeypatch.setattr(hum, "make", refuse)
    with Studio(settings, toolbox) as studio:
        rendering = studio.render(script)
    said = {one.element: one.message for one in rendering.compiled.findings if one.degraded}
    assert said["n1"] == "sound 'a knock' is left out: the server says no"
    assert said["m1"] == "music 'calm piano' is left out: the server says no"
    cues = {one.cue.id: one for one in rendering.layout.placed}
    assert cues["n2"].start == cues["n2"].end, "it took a turn, and takes no time now"
    assert not [one for one in cues.values() if one.cue.role in BEDS and one.cue.id.startswith("m")]
    assert rendering.seconds > 5.0


def test_words_are_never_left_out(
    settings: Settings, toolbox: Toolbox, script: Script, voice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = voice.make
    monkeypatch.setattr(
        voice, "make", lambda request: refuse(request) if "Nobody" in request.params.text else make(request)
    )
    with Studio(settings, toolbox) as studio:
        with pytest.raises(RunError, match="'e7' could not be made: the server says no"):
            studio.render(script)
        monkeypatch.undo()
        mended = studio.render(script)
    assert mended.made.ran == ("e7",), "all else was kept"


def test_another_voice_says_it_and_the_report_says_so(
    settings: Settings, toolbox: Toolbox, script: Script, voice: Any, like: Callable[..., Any]
) -> None:
    spare = like(voice, name="spare")
    voice.make = refuse
    with Studio(settings, Toolbox.of(*toolbox, spare)) as studio:
        rendering = studio.render(script)
    said = {one.element: one.message for one in rendering.compiled.findings if one.degraded}
    assert said["e4"] == "speech 'The wind had risen.' was made by 'spare' instead: the server says no"
    assert {rendering.compiled.graph[line.id].tool for line in script.lines if line.id != "e6"} == {"spare"}
    assert rendering.made.substituted.keys() == {line.id for line in script.lines} - {"e6"}


def test_a_story_that_is_heard_meanwhile_goes_without_what_fails(
    settings: Settings, toolbox: Toolbox, script: Script, click: Any, hum: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "make", refuse)
    monkeypatch.setattr(hum, "make", refuse)
    with Studio(settings, toolbox) as studio:
        heard = sum(len(block) for block in studio.stream(script))
        assert heard == studio.render(script).layout.frames


def test_a_budget_holds_for_tools(
    tmp_path: Path, toolbox: Toolbox, script: Script, click: Any, like: Callable[..., Any]
) -> None:
    dear = like(click, name="click", price=Price(call=1.0))
    box = Toolbox.of(*(dear if tool.card.name == "click" else tool for tool in toolbox))
    with Studio(Settings(str(tmp_path / "store"), max_cost=1.5), box) as studio:
        with pytest.raises(OverBudget, match="1 calls were not started"):
            studio.render(script)
    assert len(dear.asked) == 1


def test_a_studio_keeps_its_workers_until_it_is_closed(settings: Settings, toolbox: Toolbox, script: Script) -> None:
    before = set(threading.enumerate())
    studio = Studio(settings, toolbox)
    assert set(threading.enumerate()) == before, "none before there is work"
    studio.render(script)
    executor = studio.executor
    studio.render(script)
    assert studio.executor is executor
    studio.close()
    studio.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
    assert set(threading.enumerate()) <= before
    assert len(studio.render(script).made.cached) > 0, "it hires others when it is asked again"
    studio.close()
