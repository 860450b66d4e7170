"""What people read of an edit: every operation with its sentences, as they are to be."""

import json
from pathlib import Path
from typing import Any

import pytest

from wavagent.script import Character, Recording, Rule, Script, Source, Voice
from wavagent.script.file import dumps
from wavagent.script.patch import OPERATIONS, Patch, apply, changes, describe, invert, readable_diff, revision

TOLD = json.loads((Path(__file__).with_name("data") / "told.json").read_text(encoding="utf-8"))


@pytest.fixture
def story(script: Script) -> Script:
    """The story, verbatim, with a third character, a lock, a recording and a pronunciation."""
    tom = Character(id="tom", name="Tom", voice=Voice(tool="espeak", id="en-us"))
    first, second = script.scenes
    held = (one.model_copy(update={"locked": one.id == "m2"}) for one in second.elements)
    second = second.model_copy(update={"elements": (*held, Recording(id="r1", file="audio/door.wav"))})
    update = {
        "cast": (*script.cast, tom),
        "scenes": (first, second),
        "pronunciations": (Rule(word="Cholmondeley", say="Chumley"),),
        "source": Source(name="visit.txt", sha256="0" * 64),
    }
    return script.model_copy(update=update)


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["operations"][-1]["op"])
def test_an_edit_is_told_in_sentences_and_can_be_taken_back(story: Script, case: dict[str, Any]) -> None:
    operations, sentences = case["operations"], case["told"]
    patch = Patch.model_validate({"base": revision(story), "operations": operations, "words": "changed"})
    assert list(describe(story, patch)) == sentences
    done = apply(story, patch)
    assert dumps(done) != dumps(story)
    assert dumps(apply(done, invert(story, patch))) == dumps(story)
    assert describe(done, invert(story, patch))


def test_every_operation_is_told() -> None:
    told = {operation["op"] for case in TOLD for operation in case["operations"]}
    assert told == {kind.model_fields["op"].default for kind in OPERATIONS}


def test_what_does_not_change_is_not_told(story: Script) -> None:
    assert changes(story, story) == ()
    assert readable_diff(story, story) == ""


def test_the_readable_script_is_compared_line_by_line(story: Script) -> None:
    patch = Patch.model_validate(
        {"base": revision(story), "operations": [{"op": "set_what", "ids": ["a1"], "what": "a storm"}]}
    )
    lines = readable_diff(story, apply(story, patch)).splitlines()
    assert lines[:2] == ["--- before", "+++ after"]
    assert [line for line in lines[2:] if line[0] in "+-"] == ["-> ☂ rain on the roof", "+> ☂ a storm"]


def test_hostile_text_stays_on_its_line(story: Script) -> None:
    hostile = "x\x1b[31m\n\u202e$(id) `y`"
    patch = Patch.model_validate(
        {
            "base": revision(story),
            "operations": [
                {"op": "set_what", "ids": ["a1"], "what": hostile},
                {"op": "rename_character", "character": "mary", "name": hostile},
                {"op": "set_story", "title": hostile},
                {"op": "pronounce", "word": hostile, "say": hostile},
                {"op": "set_scene", "ids": ["s1"], "heading": hostile},
                {"op": "recast", "character": "tom", "tool": hostile, "voice": hostile},
                {"op": "set_tool", "ids": ["n2"], "tool": hostile},
            ],
        }
    )
    for sentence in describe(story, patch):
        assert sentence.isprintable(), sentence


def test_steps_that_name_no_tool_are_told_by_what_they_do_and_whose_voice_they_take(story: Script) -> None:
    consent = {"person": "Anna Smith", "statement": "Yes.", "date": "2026-11-21", "sha256": "a" * 64}
    chain = [
        {"do": "enhance"},
        {"do": "separate", "keep": "speech"},
        {"do": "convert_voice", "reference": "added/anna.wav", "consent": consent},
        {"tool": "louder"},
    ]
    operation = {"op": "set_recording", "ids": ["r1"], "chain": chain}
    patch = Patch.model_validate({"base": revision(story), "operations": [operation]})
    (told,) = describe(story, patch)
    assert told.endswith(
        "goes through enhance → separate speech → convert_voice added/anna.wav, allowed by Anna Smith, 2026-11-21: "
        "“Yes.” → louder (was no tool)"
    )
