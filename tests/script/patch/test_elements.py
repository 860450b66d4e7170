from collections.abc import Callable
from typing import Any

import pytest

from wavagent.errors import Locked, Orphaned, ScriptError
from wavagent.script import Anchor, Script

Do = Callable[..., Script]


def order(script: Script, scene: int = 0) -> list[str]:
    return [one.id for one in script.scenes[scene].elements]


def one(script: Script, id: str) -> Any:
    return next(element for element in script.elements if element.id == id)


@pytest.mark.parametrize(
    ("place", "at"), [({"after": "e1"}, 3), ({"before": "e1"}, 2), ({"first_in": "s1"}, 0), ({"last_in": "s1"}, 8)]
)
def test_an_element_is_added_where_it_is_wanted(script: Script, do: Do, place: dict[str, str], at: int) -> None:
    done = do(script, {"op": "add", "element": {"kind": "sound", "what": "a bell"}, **place})
    assert order(done)[at] == "sound-1"


def test_an_id_that_is_taken_is_refused_and_one_that_is_free_is_made(script: Script, do: Do) -> None:
    with pytest.raises(ScriptError, match="there is an element 'n1' already"):
        do(script, {"op": "add", "element": {"kind": "sound", "id": "n1", "what": "a bell"}, "after": "e1"})
    bell = {"op": "add", "element": {"kind": "sound", "what": "a bell"}, "after": "e1"}
    assert {"sound-1", "sound-2"} <= set(order(do(script, bell, bell)))


def test_what_depends_on_a_line_goes_with_it_or_stays_near(script: Script, do: Do) -> None:
    with pytest.raises(Orphaned) as caught:
        do(script, {"op": "remove", "ids": ["e2"]})
    assert caught.value.dependents == ("n1",)
    assert "n1" not in order(do(script, {"op": "remove", "ids": ["e2"], "dependents": "remove"}))
    kept = do(script, {"op": "remove", "ids": ["e2"], "dependents": "reanchor"})
    assert one(kept, "n1").anchor == Anchor(element="e1", edge="end")
    first = do(script, {"op": "remove", "ids": ["e4"], "dependents": "reanchor"})
    assert one(first, "m2").start == Anchor(element="e5")


def test_dependents_of_dependents_go_too(script: Script, do: Do) -> None:
    chained = do(script, {"op": "retime", "ids": ["n2"], "start": {"element": "n1", "edge": "end"}})
    gone = do(chained, {"op": "remove", "ids": ["e2"], "dependents": "remove"})
    assert not {"n1", "n2", "e2"} & set(order(gone))
    followed = do(chained, {"op": "remove", "ids": ["n1"], "dependents": "reanchor"})
    assert one(followed, "n2").anchor == Anchor(element="e2", edge="word", word=1, offset=-0.2)


def test_several_are_moved_in_the_order_they_are_named(script: Script, do: Do) -> None:
    done = do(script, {"op": "move", "ids": ["e3", "e1"], "last_in": "s2"})
    assert order(done, 1)[-2:] == ["e3", "e1"]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "relevel", "ids": ["e1"], "by": 1},
        {"op": "remove", "ids": ["e1"]},
        {"op": "move", "ids": ["e1"], "after": "e2"},
        {"op": "replace_text", "id": "e1", "text": "x"},
        {"op": "put", "element": {"kind": "pause", "id": "e1", "seconds": 1}},
        {"op": "remove_scene", "id": "s1", "dependents": "remove"},
        {"op": "split_line", "id": "e1", "at": "was"},
        {"op": "merge_characters", "into": "mary", "others": ["narrator"]},
        {"op": "another_take", "ids": ["e1"]},
        {"op": "recast", "character": "mary", "tool": "voice", "voice": "bea"},
        {"op": "set_traits", "character": "mary", "age": "old"},
        {"op": "rename_character", "character": "mary", "name": "Maria"},
        {"op": "remove_character", "character": "mary", "lines_to": "narrator"},
        {"op": "put_character", "character": {"id": "mary", "name": "Maria"}},
    ],
)
def test_what_is_locked_is_changed_by_nothing_until_it_is_unlocked(
    script: Script, do: Do, operation: dict[str, Any]
) -> None:
    held = do(script, {"op": "lock", "elements": ["e1"], "characters": ["mary"]})
    with pytest.raises(Locked, match="unlock"):
        do(held, operation)
    do(held, {"op": "unlock", "elements": ["e1"], "characters": ["mary"]}, operation)
