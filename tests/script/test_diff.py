from typing import Any

from wavagent.script import Pause, Script, Sound
from wavagent.script.diff import differences


def edited(script: Script, id: str, **changes: Any) -> Script:
    scenes = tuple(
        scene.model_copy(
            update={
                "elements": tuple(one.model_copy(update=changes) if one.id == id else one for one in scene.elements)
            }
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})


def test_the_same_script_has_no_differences(script: Script) -> None:
    assert differences(script, script) == ()


def test_a_line_that_was_edited_is_shown_with_its_words(script: Script) -> None:
    found = [str(one) for one in differences(script, edited(script, "e1", text="It was very late.\n\n"))]
    assert found == [
        "changed script A Visit: words: 16 → 0 lost, 1 new",
        "changed speech e1: text: It was late. → It was very late.",
    ]


def test_another_speaker_is_one_difference(script: Script) -> None:
    found = differences(script, edited(script, "e3", who="mary"))
    assert [tuple(one) for one in found] == [("changed", "speech", "e3", "who", "narrator", "mary")]


def test_what_came_and_went_is_named(script: Script) -> None:
    first, second = script.scenes
    kept = tuple(element for element in first.elements if element.id != "n2")
    bell = Sound(id="n9", what="a bell rings")
    after = script.model_copy(update={"scenes": (first.model_copy(update={"elements": (*kept, bell)}), second)})
    assert [str(one) for one in differences(script, after)] == [
        "removed sound n2: a door opens",
        "added sound n9: a bell rings",
    ]


def test_what_moved_is_named_once(script: Script) -> None:
    first, second = script.scenes
    pause = next(element for element in first.elements if isinstance(element, Pause))
    kept = tuple(element for element in first.elements if element is not pause)
    after = script.model_copy(
        update={
            "scenes": (
                first.model_copy(update={"elements": kept}),
                second.model_copy(update={"elements": (pause, *second.elements)}),
            )
        }
    )
    assert [str(one) for one in differences(script, after)] == ["moved pause p1: to s2"]


def test_the_cast_and_the_scenes_are_compared_field_by_field(script: Script) -> None:
    mary = script.cast[1].model_copy(update={"locked": True})
    first = script.scenes[0].model_copy(update={"space": "hall"})
    after = script.model_copy(update={"cast": (script.cast[0], mary), "scenes": (first, script.scenes[1])})
    assert [str(one) for one in differences(script, after)] == [
        "changed character mary: locked: false → true",
        "changed scene s1: space: room → hall",
    ]
