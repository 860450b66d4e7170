from collections.abc import Callable
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.errors import ScriptError
from wavagent.script import Script
from wavagent.tool import Toolbox

Do = Callable[..., Script]


def cues(script: Script, toolbox: Toolbox) -> Any:
    """What is heard, after what, and how, whatever scene it is in; the pause between scenes is not looked at."""
    found = {cue.id: cue for cue in compile_script(script, toolbox).timeline}
    return {id: (cue.start.of, cue.end or cue.seconds, cue.gain, cue.space) for id, cue in found.items()}


def test_a_split_moves_nothing_that_is_heard_and_a_merge_brings_it_together(
    script: Script, do: Do, toolbox: Toolbox
) -> None:
    two = do(script, {"op": "split_scene", "at": "e3", "heading": "Later"})
    assert [scene.id for scene in two.scenes] == ["s1", "scene-1", "s2"]
    assert two.scenes[1].space == "room"
    assert cues(two, toolbox) == cues(script, toolbox)
    one = do(two, {"op": "merge_scenes", "ids": ["s1", "scene-1"]})
    assert [element.id for element in one.scenes[0].elements] == [element.id for element in script.scenes[0].elements]
    assert cues(one, toolbox) == cues(script, toolbox)


def test_beds_stay_where_they_sound_when_scenes_are_merged(script: Script, do: Do, toolbox: Toolbox) -> None:
    flat = do(script, {"op": "set_scene", "ids": ["s1", "s2"], "space": "dry"})
    assert cues(do(flat, {"op": "merge_scenes", "ids": ["s1", "s2"]}), toolbox) == cues(flat, toolbox)


def test_scenes_that_do_not_follow_each_other_are_not_merged(script: Script, do: Do) -> None:
    with pytest.raises(ScriptError, match="do not follow each other"):
        do(script, {"op": "merge_scenes", "ids": ["s2", "s1"]})


def test_a_scene_is_split_behind_something(script: Script, do: Do) -> None:
    with pytest.raises(ScriptError, match="nothing that takes its turn stands before 'e1'"):
        do(script, {"op": "split_scene", "at": "e1"})


def test_a_heading_comes_and_goes(script: Script, do: Do) -> None:
    plain = do(script, {"op": "set_scene", "ids": ["s1"], "clear_heading": True, "mood": "calm"})
    assert (plain.scenes[0].heading, plain.scenes[0].mood) == (None, "calm")


def test_a_scene_with_something_in_it_is_added(script: Script, do: Do) -> None:
    dawn = {"id": "s3", "heading": "Dawn", "elements": [{"kind": "pause", "id": "p9", "seconds": 1}]}
    done = do(script, {"op": "add_scene", "scene": dawn, "after": "s1"})
    assert [scene.id for scene in done.scenes] == ["s1", "s3", "s2"]
    with pytest.raises(ScriptError, match="there is a scene 's3' already"):
        do(done, {"op": "add_scene", "scene": {"id": "s3"}})
