"""Scripts as values: what they refuse, and what they hold together."""

from typing import Any

import pytest
from pydantic import ValidationError

from wavagent.script import Anchor, Character, Music, Pause, Scene, Script, Sound, Speech, anchors_of


def script_of(*elements: Any, **more: Any) -> Script:
    return Script(scenes=(Scene(id="s1", elements=elements),), **more)


def test_the_lines_and_pauses_joined_are_the_text(script: Script) -> None:
    assert script.text == (
        "It was late.\n\n“Who is there?” said Mary.\n* * *\nThe wind had risen. “Come in!” …Nobody came.\n"
    )


def test_the_narrator_is_in_every_cast_by_default() -> None:
    assert [character.id for character in Script().cast] == ["narrator"]
    assert Script().character("narrator").name == "Narrator"


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda: Script(scenes=(Scene(id="s1"), Scene(id="s1"))), "scene id 's1' is used 2 times"),
        (lambda: script_of(Pause(id="p", seconds=1), Pause(id="p", seconds=1)), "element id 'p' is used 2 times"),
        (
            lambda: Script(cast=(Character(id="a", name="A"), Character(id="a", name="B"))),
            "character id 'a' is used 2 times",
        ),
        (lambda: script_of(Speech(id="e", who="bob", text="Hi")), "'e' is spoken by 'bob', who is not in the cast"),
        (lambda: script_of(Sound(id="n", what="x", anchor=Anchor(element="gone"))), "'gone', which is not in the"),
        (lambda: script_of(Music(id="m", what="x", end=Anchor(element="gone"))), "'gone', which is not in the"),
        (
            lambda: script_of(
                Pause(id="p", seconds=1), Sound(id="n", what="x", anchor=Anchor(element="p", edge="word", word=0))
            ),
            "a word of 'p', which is no line",
        ),
    ],
)
def test_a_script_that_does_not_hold_together_is_refused(broken: Any, fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        broken()


def test_an_id_in_two_scenes_is_still_used_twice() -> None:
    twice = [Scene(id=id, elements=(Pause(id="p", seconds=1),)) for id in ("s1", "s2")]
    with pytest.raises(ValidationError, match="element id 'p'"):
        Script(scenes=tuple(twice))


@pytest.mark.parametrize("id", ["", "E1", "1e", "a b", "a/b", "a\n", "ä", "a" * 65])
def test_ids_are_plain(id: str) -> None:
    with pytest.raises(ValidationError):
        Pause(id=id, seconds=1)


def test_every_anchor_of_an_element_is_found() -> None:
    start, end = Anchor(element="a"), Anchor(element="b", edge="end")
    assert anchors_of(Music(id="m", what="x", start=start, end=end)) == (start, end)
    assert anchors_of(Sound(id="n", what="x", anchor=start)) == (start,)
    assert anchors_of(Speech(id="e", text="x", start=end)) == (end,)
    assert anchors_of(Pause(id="p", seconds=1)) == ()


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_is_one_that_every_tool_takes(seed: int) -> None:
    with pytest.raises(ValidationError):
        Script(seed=seed)
    with pytest.raises(ValidationError):
        Sound(id="n", what="x", seed=seed)
