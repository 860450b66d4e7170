import pytest

from wavagent.errors import ScriptError, UnknownTool
from wavagent.passes import Draft, takes_a_turn
from wavagent.passes.validate import validate
from wavagent.script import (
    Ambience,
    Anchor,
    Character,
    Element,
    Music,
    Operation,
    Pause,
    Recording,
    Scene,
    Script,
    Sound,
    Speech,
    Voice,
)
from wavagent.tool import Toolbox


def checked(toolbox: Toolbox, *elements: Element, cast: tuple[Character, ...] = ()) -> None:
    scene = Scene(id="s", elements=(Speech(id="line", text="Two words."), *elements))
    draft = Draft(Script(scenes=(scene,), cast=(*Script().cast, *cast)), toolbox)
    assert validate(draft) is draft


def test_a_word_that_is_not_there_is_refused(toolbox: Toolbox) -> None:
    def on(word: int) -> Sound:
        return Sound(id="n", what="bell", anchor=Anchor(element="line", edge="word", word=word))

    checked(toolbox, on(1))
    with pytest.raises(ScriptError, match="'n' is anchored to word 2 of 'line', which has 2 words counted from 0"):
        checked(toolbox, on(2))


def test_a_line_without_a_word_has_none_to_be_anchored_to(toolbox: Toolbox) -> None:
    silent = Speech(id="dots", text="…")
    with pytest.raises(ScriptError, match="which has 0 words"):
        checked(toolbox, silent, Music(id="m", what="x", end=Anchor(element="dots", edge="word", word=0)))


@pytest.mark.parametrize(
    "element",
    [
        Sound(id="x", what="bell", tool="nobody"),
        Music(id="x", what="calm", tool="nobody"),
        Ambience(id="x", what="rain", tool="nobody"),
        Recording(id="x", file="a.wav", chain=(Operation(tool="louder"), Operation(tool="nobody"))),
    ],
    ids=lambda element: element.kind,
)
def test_an_unknown_tool_is_refused_with_who_asks_and_what_there_is(toolbox: Toolbox, element: Element) -> None:
    with pytest.raises(UnknownTool, match="'x': no tool is called 'nobody'; there are: click, drone, hum"):
        checked(toolbox, element)


def test_an_unknown_tool_of_a_voice_is_refused_with_its_character(toolbox: Toolbox) -> None:
    with pytest.raises(UnknownTool, match="'bob': no tool is called 'nobody'"):
        checked(toolbox, cast=(Character(id="bob", name="Bob", voice=Voice(tool="nobody", id="x")),))


def test_lines_take_turns_and_anchored_sounds_do_not() -> None:
    anchor = Anchor(element="e")
    assert takes_a_turn(Speech(id="e", text="x"))
    assert takes_a_turn(Speech(id="e", text="x", start=anchor))
    assert takes_a_turn(Pause(id="e", seconds=1))
    assert takes_a_turn(Sound(id="e", what="x"))
    assert takes_a_turn(Recording(id="e", file="x"))
    assert not takes_a_turn(Sound(id="e", what="x", anchor=anchor))
    assert not takes_a_turn(Recording(id="e", file="x", anchor=anchor))
    assert not takes_a_turn(Music(id="e", what="x"))
    assert not takes_a_turn(Ambience(id="e", what="x"))
