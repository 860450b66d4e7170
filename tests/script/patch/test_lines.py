from collections.abc import Callable
from typing import Any

import pytest

from wavagent.errors import ScriptError
from wavagent.script import Anchor, Script

Do = Callable[..., Script]


def one(script: Script, id: str) -> Any:
    return next(element for element in script.elements if element.id == id)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("“Well now, who is there?” ", Anchor(element="e2", edge="word", word=3, offset=-0.2)),
        ("“Is it you?” ", Anchor(element="e2", edge="word", word=0, offset=-0.2)),
        ("“Who was there?” ", Anchor(element="e2", edge="word", word=1, offset=-0.2)),
        ("“Mary!” ", Anchor(element="e2", edge="word", word=0, offset=-0.2)),
        ("“…” ", Anchor(element="e2", edge="start", offset=-0.2)),
    ],
)
def test_an_anchor_follows_its_word(script: Script, do: Do, text: str, anchor: Anchor) -> None:
    assert one(do(script, {"op": "replace_text", "id": "e2", "text": text}), "n1").anchor == anchor


def test_a_line_is_cut_and_joined_again(script: Script, do: Do) -> None:
    cut = do(script, {"op": "split_line", "id": "e2", "at": "there", "new_id": "e2b"})
    assert (one(cut, "e2").text, one(cut, "e2b").text) == ("“Who is ", "there?” ")
    assert one(cut, "e2b").who == "mary"
    assert one(cut, "n1").anchor == Anchor(element="e2", edge="word", word=1, offset=-0.2)
    later = do(script, {"op": "split_line", "id": "e2", "at": "is", "new_id": "e2b"})
    assert one(later, "n1").anchor == Anchor(element="e2b", edge="word", word=0, offset=-0.2)
    assert do(later, {"op": "merge_lines", "ids": ["e2", "e2b"]}) == script


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        ("nothing", "'nothing' is 0 times in 'e2'"),
        ("e", "is 2 times"),
        ("“Who", "nothing would be left"),
        ("ere", "starts inside a word"),
    ],
)
def test_a_line_is_cut_only_where_one_place_is_meant(script: Script, do: Do, at: str, fault: str) -> None:
    with pytest.raises(ScriptError, match=fault):
        do(script, {"op": "split_line", "id": "e2", "at": at})


def test_lines_of_two_speakers_or_places_are_not_joined(script: Script, do: Do) -> None:
    with pytest.raises(ScriptError, match="have different speakers"):
        do(script, {"op": "merge_lines", "ids": ["e1", "e2"]})
    with pytest.raises(ScriptError, match="do not follow each other"):
        do(script, {"op": "merge_lines", "ids": ["e1", "e3"]})
    with pytest.raises(ScriptError, match="'n2' is a sound; this needs a line"):
        do(script, {"op": "merge_lines", "ids": ["e3", "n2"]})


def test_a_decided_speaker_leaves_nothing_to_check(script: Script, do: Do) -> None:
    decided = one(do(script, {"op": "set_speaker", "ids": ["e7"], "who": "mary"}), "e7")
    assert (decided.who, decided.confidence, decided.evidence) == ("mary", 1.0, "")


def test_a_delivery_is_changed_only_in_what_is_said(script: Script, do: Do) -> None:
    sad = do(script, {"op": "set_delivery", "ids": ["e1", "e3"], "emotion": "sad"})
    fast = do(sad, {"op": "set_delivery", "ids": ["e1"], "pace": 1.5})
    assert (one(fast, "e1").delivery.emotion, one(fast, "e1").delivery.pace) == ("sad", 1.5)
    with pytest.raises(ScriptError, match="'m1' is a music; this needs a line"):
        do(script, {"op": "set_delivery", "ids": ["m1"], "emotion": "sad"})


def test_pauses_are_set_and_left_to_the_pacing_again(script: Script, do: Do) -> None:
    slow = do(script, {"op": "set_pause", "ids": ["e1"], "before": 0, "after": 2})
    assert (one(slow, "e1").pause_before, one(slow, "e1").pause_after) == (0.0, 2.0)
    assert do(slow, {"op": "set_pause", "ids": ["e1"], "automatic": ["before", "after"]}) == script
    assert one(do(script, {"op": "set_pause", "ids": ["p1"], "seconds": 4}), "p1").seconds == 4.0
    with pytest.raises(ScriptError, match="it has no seconds"):
        do(script, {"op": "set_pause", "ids": ["e1"], "seconds": 1})
    with pytest.raises(ScriptError, match="only lines and pauses"):
        do(script, {"op": "set_pause", "ids": ["m1"], "after": 1})
