"""Patches as a whole: done whole or not at all, taken back byte for byte, refused in sentences."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wavagent.errors import Locked, Orphaned, ScriptError, Stale, Unknown, WordsLost
from wavagent.script import Script
from wavagent.script.file import dumps, loads
from wavagent.script.patch import (
    Patch,
    Put,
    Relevel,
    RemoveScene,
    ReplaceText,
    SetScene,
    SetSpeaker,
    apply,
    difference,
    invert,
    rebase,
    replay,
    revision,
    things,
    touched,
)
from wavagent.script.patch.check import faults

AnyPatch = Callable[..., st.SearchStrategy[Patch]]
Do = Callable[..., Script]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_edits_leave_a_script_that_holds_and_can_be_taken_back_byte_for_byte(
    any_script: st.SearchStrategy[Script], any_patch: AnyPatch, data: st.DataObject
) -> None:
    script = data.draw(any_script)
    for _ in range(3):
        patch = data.draw(any_patch(script))
        before = dumps(script)
        try:
            done = apply(script, patch)
        except ScriptError as error:
            assert str(error).isprintable()
            assert dumps(script) == before
            continue
        assert dumps(apply(script, patch)) == dumps(replay(script, patch)) == dumps(done)
        assert loads(dumps(done)) == done
        assert faults(done) == ()
        back = invert(script, patch)
        assert dumps(apply(done, back)) == before
        assert dumps(apply(script, invert(done, back))) == dumps(done)
        script = done


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_script_is_made_of_any_other_by_a_patch(any_script: st.SearchStrategy[Script], data: st.DataObject) -> None:
    one, other = data.draw(any_script), data.draw(any_script)
    patch = difference(one, other)
    assert dumps(apply(one, patch)) == dumps(other)
    assert difference(one, one).operations == ()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_patch_comes_back_from_its_json(
    any_script: st.SearchStrategy[Script], any_patch: AnyPatch, data: st.DataObject
) -> None:
    patch = data.draw(any_patch(data.draw(any_script)))
    written = patch.model_dump_json()
    assert Patch.model_validate_json(written) == patch
    assert Patch.model_validate_json(written).model_dump_json() == written


def test_planned_stories_are_edited_and_come_back_byte_for_byte(
    planned: list[tuple[str, Script]], any_patch: AnyPatch
) -> None:
    accepted: set[str] = set()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(data=st.data())
    def attempt(data: st.DataObject) -> None:
        name, script = data.draw(st.sampled_from(planned))
        patch = data.draw(any_patch(script))
        try:
            done = apply(script, patch)
        except ScriptError:
            return
        accepted.add(name)
        assert dumps(apply(done, invert(script, patch))) == dumps(script)

    attempt()
    assert len(accepted) > 2


def test_what_is_refused_changes_nothing_at_all(script: Script) -> None:
    written = dumps(script)
    patch = Patch.of(script, Relevel(ids=("m1",), by=3), Relevel(ids=("gone",), by=3))
    with pytest.raises(Unknown, match="there is no element 'gone'"):
        apply(script, patch)
    assert dumps(script) == written


def test_an_id_that_is_not_there_is_answered_with_those_that_are_near(script: Script) -> None:
    for operation in ({"op": "relevel", "ids": ["n11"], "by": 1}, {"op": "remove", "ids": ["n11"]}):
        with pytest.raises(Unknown, match="is it 'n1'"):
            apply(script, Patch.model_validate({"base": revision(script), "operations": [operation]}))
    with pytest.raises(Unknown, match="there is no character 'marie'.*'mary'"):
        apply(script, Patch.of(script, SetSpeaker(ids=("e1",), who="marie")))
    with pytest.raises(Unknown, match="there is no scene 's3'"):
        apply(script, Patch.of(script, SetScene(ids=("s3",), space="hall")))


def test_a_patch_for_another_revision_is_refused_and_says_what_changed(script: Script, do: Do) -> None:
    patch = Patch.of(script, Relevel(ids=("m1",), by=3))
    now = do(script, {"op": "set_scene", "ids": ["s1"], "space": "hall"})
    with pytest.raises(Stale, match=f"made for revision {revision(script)[:12]} and the script is at"):
        apply(now, patch)
    with pytest.raises(Stale, match="meanwhile: changed scene s1: space: room → hall") as caught:
        apply(now, patch, base=script)
    assert caught.value.changes == ("changed scene s1: space: room → hall",)


def test_a_patch_is_moved_when_nothing_it_touches_changed(script: Script, do: Do) -> None:
    patch = Patch.of(script, Relevel(ids=("m1",), by=3))
    now = do(script, {"op": "set_scene", "ids": ["s1"], "space": "hall"})
    moved = rebase(patch, script, now)
    assert moved.base == revision(now)
    assert moved.operations == patch.operations
    with pytest.raises(Stale, match="what this patch touches was changed meanwhile: changed music m1: gain"):
        rebase(patch, script, do(script, {"op": "relevel", "ids": ["m1"], "by": 6}))
    with pytest.raises(Stale, match="another script than the one it is moved from"):
        rebase(patch, now, now)
    with pytest.raises(Stale, match="removed music m1"):
        rebase(patch, script, do(script, {"op": "remove", "ids": ["m1"]}))


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"op": "replace_text", "id": "e4", "text": "Wind. "},
        {"op": "add", "element": {"kind": "sound", "id": "new", "what": "a bell"}, "last_in": "s2"},
    ],
)
def test_a_scene_is_not_removed_over_what_was_done_in_it_meanwhile(
    script: Script, do: Do, meanwhile: dict[str, Any]
) -> None:
    patch = Patch.of(script, RemoveScene(id="s2"))
    assert len(apply(script, patch).scenes) == 1
    with pytest.raises(Stale, match="e4|new"):
        rebase(patch, script, do(script, meanwhile))


def test_words_of_a_verbatim_script_are_changed_only_when_the_patch_says_so(verbatim: Script) -> None:
    changing = ReplaceText(id="e1", text="It was very late.\n\n")
    with pytest.raises(WordsLost, match=r"words of 'visit.txt'.*1 new \(“very”\).*words=\"changed\""):
        apply(verbatim, Patch.of(verbatim, changing))
    done = apply(verbatim, Patch.of(verbatim, changing, words="changed"))
    assert done.source is not None and not done.source.verbatim
    back = apply(done, invert(verbatim, Patch.of(verbatim, changing, words="changed")))
    assert dumps(back) == dumps(verbatim)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "ids": ["e7"]},
        {"op": "remove", "ids": ["p1"]},
        {"op": "remove_scene", "id": "s2"},
        {"op": "move", "ids": ["e4"], "after": "e7"},
        {"op": "move_scene", "id": "s2"},
        {"op": "add", "element": {"kind": "speech", "text": "Oh. "}, "after": "e1"},
        {"op": "replace_text", "id": "e1", "text": "It was late!\n\n"},
        {"op": "put", "element": {"kind": "speech", "id": "e1", "text": "No."}},
    ],
)
def test_there_is_no_quiet_way_to_lose_a_word(verbatim: Script, operation: dict[str, Any]) -> None:
    patch = Patch.model_validate({"base": revision(verbatim), "operations": [operation]})
    with pytest.raises(WordsLost):
        apply(verbatim, patch)
    assert apply(verbatim, patch.model_copy(update={"words": "changed"})).text != verbatim.text


def test_a_split_and_a_merge_of_verbatim_lines_lose_no_word(verbatim: Script, do: Do) -> None:
    one = do(verbatim, {"op": "split_line", "id": "e4", "at": "had"})
    assert one.text == verbatim.text
    assert one.source == verbatim.source
    assert do(one, {"op": "split_scene", "at": "e5"}).text == verbatim.text


def test_a_gain_out_of_bounds_is_refused(script: Script, do: Do) -> None:
    with pytest.raises(
        ScriptError, match=r"'m1' stands at \+0 dB; \+13 dB more would be \+13, .* between -40 and \+12"
    ):
        do(script, {"op": "relevel", "ids": ["m1"], "by": 13})
    for bad in (float("nan"), float("inf"), 1e9, "loud"):
        with pytest.raises(ValidationError):
            Relevel(ids=("m1",), by=bad)
    with pytest.raises(ValidationError, match="say how loud with"):
        Relevel(ids=("m1",), by=1, gain=1)


def test_numbers_that_are_none_are_refused_wherever_they_hide(script: Script, do: Do) -> None:
    voice = {"op": "recast", "character": "mary", "tool": "voice", "voice": "bea", "settings": {"pitch": float("nan")}}
    with pytest.raises(ScriptError, match="NaN is no number"):
        do(script, voice)
    with pytest.raises(ScriptError, match="surrogates not allowed"):
        do(script, {"op": "set_story", "title": "\ud800"})


def test_two_operations_may_break_and_mend(script: Script, do: Do) -> None:
    with pytest.raises(Orphaned, match="'n1' \\(sound\\) is anchored to 'e2'"):
        do(script, {"op": "remove", "ids": ["e2"]})
    mended = do(script, {"op": "remove", "ids": ["e2"]}, {"op": "retime", "ids": ["n1"], "start": {"element": "e1"}})
    assert next(one for one in mended.elements if one.id == "n1").anchor.element == "e1"  # type: ignore[union-attr]


def test_elements_that_would_wait_for_each_other_are_refused(script: Script, do: Do) -> None:
    with pytest.raises(ScriptError, match="in a circle"):
        do(script, {"op": "retime", "ids": ["e1"], "start": {"element": "e5", "edge": "end"}})


def test_an_inverse_needs_no_right_of_its_own(script: Script, do: Do) -> None:
    held = do(script, {"op": "lock", "elements": ["m1"], "characters": ["mary"]})
    patch = Patch.model_validate(
        {
            "base": revision(held),
            "operations": [
                {"op": "unlock", "elements": ["m1"], "characters": ["mary"]},
                {"op": "relevel", "ids": ["m1"], "by": 3},
                {"op": "move", "ids": ["m1"], "last_in": "s2"},
                {"op": "uncast", "character": "mary"},
                {"op": "lock", "elements": ["m1"]},
            ],
        }
    )
    done = apply(held, patch)
    assert dumps(apply(done, invert(held, patch))) == dumps(held)
    with pytest.raises(Locked):
        apply(done, Patch.of(done, Put(element=next(one for one in script.elements if one.id == "m1"))))


def test_a_patch_says_what_it_touches(script: Script) -> None:
    patch = Patch.of(script, SetSpeaker(ids=("e3", "e1"), who="mary"), SetScene(ids=("s1",), space="hall"))
    assert touched(patch) == ("e1", "e3")
    assert {tuple(thing) for thing in things(patch)} == {("element", "e1"), ("element", "e3"), ("scene", "s1")}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "explode", "ids": ["e1"]},
        {"op": "remove", "ids": []},
        {"op": "remove", "ids": ["e1"], "colour": "red"},
        {"op": "move", "ids": ["e1"]},
        {"op": "move", "ids": ["e1"], "after": "e2", "before": "e3"},
        {"op": "move", "ids": ["e1", "e1"], "after": "e2"},
        {"op": "move", "ids": ["e1"], "after": "e1"},
        {"op": "add", "element": {"kind": "noise"}, "after": "e1"},
        {"op": "add", "element": {"kind": "sound", "what": "x", "gain": 99}, "after": "e1"},
        {"op": "lock"},
        {"op": "relevel", "ids": ["m1"]},
        {"op": "retime", "ids": ["m1"]},
        {"op": "retime", "ids": ["m1"], "seconds": 1, "clear": ["seconds"]},
        {"op": "retime", "ids": ["m1"], "seconds": -1},
        {"op": "set_delivery", "ids": ["e1"]},
        {"op": "set_delivery", "ids": ["e1"], "pace": 9},
        {"op": "set_pause", "ids": ["e1"]},
        {"op": "set_scene", "ids": ["s1"]},
        {"op": "set_scene", "ids": ["s1"], "heading": "x", "clear_heading": True},
        {"op": "set_scene", "ids": ["s1"], "space": "moon"},
        {"op": "set_recording", "ids": ["r"], "end": 1, "whole": True},
        {"op": "set_recording", "ids": ["r"]},
        {"op": "set_story"},
        {"op": "set_traits", "character": "mary"},
        {"op": "merge_lines", "ids": ["e1"]},
        {"op": "merge_characters", "into": "mary", "others": ["mary"]},
        {"op": "recast", "character": "Mary Ann", "tool": "x", "voice": "y"},
    ],
)
def test_what_is_no_operation_is_refused_before_anything_is_done(operation: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Patch.model_validate({"base": "0" * 64, "operations": [operation]})
