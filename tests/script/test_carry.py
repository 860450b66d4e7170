"""What a person locked is as it was after a new plan."""

from wavagent.script import Character, Script, Sound, Speech, Voice
from wavagent.script.carry import carried
from wavagent.script.patch import Patch, apply, revision


def locked(script: Script) -> Script:
    operations = [
        {"op": "recast", "character": "mary", "tool": "voice", "voice": "fay"},
        {"op": "set_delivery", "ids": ["e2"], "emotion": "afraid"},
        {"op": "pick_take", "id": "e2", "take": 4},
        {"op": "add", "element": {"kind": "sound", "id": "mine", "what": "a bell", "take": 2}, "after": "e5"},
        {"op": "lock", "elements": ["e2", "mine"], "characters": ["mary"]},
    ]
    return apply(script, Patch.model_validate({"base": revision(script), "operations": operations}))


def renamed(script: Script) -> Script:
    """The same text planned anew, with ids of its own."""
    scenes = tuple(
        scene.model_copy(
            update={
                "elements": tuple(
                    line.model_copy(update={"id": f"l-{line.id}", "who": "narrator"})
                    for line in scene.elements
                    if isinstance(line, Speech)
                )
            }
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})


def test_nothing_is_carried_where_nothing_is_locked(script: Script) -> None:
    assert carried(script, renamed(script)) == (renamed(script), ())


def test_locked_voices_lines_and_sounds_are_carried_over(script: Script) -> None:
    made, left = carried(locked(script), renamed(script))
    assert left == ()
    line = next(one for one in made.lines if one.id == "l-e2")
    assert (line.who, line.delivery.emotion, line.take, line.locked) == ("mary", "afraid", 4, True)
    assert line.seed is not None  # the id is another, the take that was liked is not
    assert made.character("mary").voice == Voice(tool="voice", id="fay")
    assert made.character("mary").locked
    ids = [one.id for one in made.scenes[1].elements]
    assert ids[ids.index("l-e5") + 1] == "mine"


def test_the_same_plan_again_changes_nothing_that_is_locked(script: Script) -> None:
    made, left = carried(locked(script), script)
    assert left == ()
    assert [one for one in made.elements if one.locked] == [one for one in locked(script).elements if one.locked]
    assert isinstance(next(one for one in made.elements if one.id == "mine"), Sound)


def test_what_has_no_place_any_more_is_named(script: Script) -> None:
    other = Script(cast=(Character(id="narrator", name="Narrator"),), scenes=renamed(script).scenes[1:], seed=1)
    made, left = carried(locked(script), other)
    fault = "was not carried over: the new plan has no line with its text"
    assert left == (f"locked speech 'e2' (“Who is there?”) {fault}",)
    assert made.character("mary").locked
