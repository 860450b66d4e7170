"""A cloned voice without consent is always refused; what may not be sold is in commercial mode, and in no other."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.errors import ScriptError, UnknownTool
from wavagent.passes import Draft
from wavagent.passes.rights import obstacles, rights
from wavagent.script import Character, Element, Operation, Recording, Scene, Script, Speech, Voice
from wavagent.script.character import Consent
from wavagent.tool import Licence, Tool, Toolbox

Like = Callable[..., Any]
CONSENT = Consent(person="Ann", statement="Yes, use it.", date="2026-01-02", sha256="0" * 64)


def story(*elements: Element, voice: Voice | None = None) -> Script:
    cast = (Character(id="narrator", name="Narrator", voice=voice),)
    return Script(cast=cast, scenes=(Scene(id="s", elements=elements),))


def refusal(script: Script, toolbox: Toolbox) -> str:
    assert rights(Draft(script, toolbox)).script == script
    with pytest.raises(ScriptError) as caught:
        rights(Draft(script, toolbox, commercial=True))
    return str(caught.value)


def test_a_voice_of_a_recording_needs_consent(toolbox: Toolbox) -> None:
    mine = Voice(tool="voice", id="mine", reference="me.wav")
    for commercial in (False, True):
        with pytest.raises(ScriptError, match="'me.wav', without the consent .* `consent` .*wavagent clone"):
            rights(Draft(story(voice=mine), toolbox, commercial=commercial))
        allowed = story(voice=mine.model_copy(update={"consent": CONSENT}))
        assert rights(Draft(allowed, toolbox, commercial=commercial)).script == allowed
    assert len(list(obstacles(story(voice=mine), toolbox))) == 1


@pytest.mark.parametrize("licence", ["CC-BY-NC-4.0", "cc by-nc-sa", "Non-commercial", "all rights reserved", "unknown"])
def test_a_recording_that_may_not_be_sold_is_refused(toolbox: Toolbox, licence: str) -> None:
    said = refusal(story(Recording(id="r", file="door.wav", licence=licence)), toolbox)
    assert said.startswith("recording 'r' ('door.wav') may not be used commercially")


@pytest.mark.parametrize("licence", ["", " "])
def test_a_recording_that_says_nothing_of_its_licence_is_refused(toolbox: Toolbox, licence: str) -> None:
    assert "give it `licence`" in refusal(story(Recording(id="r", file="door.wav", licence=licence)), toolbox)


@pytest.mark.parametrize("licence", ["own", "CC0-1.0", "CC-BY-4.0", "MIT", "bought of Franc & Co"])
def test_a_recording_with_a_licence_passes(toolbox: Toolbox, licence: str) -> None:
    assert list(obstacles(story(Recording(id="r", file="door.wav", licence=licence)), toolbox)) == []


@pytest.mark.parametrize("commercial", [False, None])
def test_a_tool_named_in_a_chain_is_looked_at(louder: Tool, like: Like, commercial: bool | None) -> None:
    fenced = like(louder, weights_licence=Licence(name="X", commercial=commercial))
    chained = Recording(id="r", file="door.wav", licence="own", chain=(Operation(tool="louder"),))
    assert "tool 'louder' may not be used commercially" in refusal(story(chained), Toolbox.of(fenced))


def test_no_lowering_reaches_a_tool_that_may_not_be_sold(voice: Tool, hum: Tool, like: Like) -> None:
    fenced = like(hum, name="fenced", code_licence=Licence(name="X", commercial=None))
    box = Toolbox.of(voice, fenced, hum)
    assert [tool.card.name for tool in box.commercial.doing("music")] == ["hum"]
    with pytest.raises(UnknownTool, match="'fenced' was left out: it may not be used commercially: it is not known"):
        box.commercial["fenced"]


def test_a_script_of_free_parts_compiles_the_same_in_either_mode(script: Script, toolbox: Toolbox) -> None:
    assert compile_script(script, toolbox, commercial=True).graph == compile_script(script, toolbox).graph


def test_lines_alone_have_no_obstacles(toolbox: Toolbox) -> None:
    assert list(obstacles(story(Speech(id="e", text="Hello.")), toolbox)) == []
