import json
from typing import Any

import pytest

from wavagent.errors import PlanError
from wavagent.llm import Replay
from wavagent.planning.llm.revise import MOST, revise
from wavagent.script import Scene, Script, Speech
from wavagent.script.patch import Patch, Recast, apply, revision

LOUDER = {"operations": [{"op": "relevel", "ids": ["a1"], "by": 3}], "words": "kept", "note": "louder rain"}
NOBODY = {"operations": [{"op": "relevel", "ids": ["a9"], "by": 3}], "words": "kept", "note": ""}


def test_a_wish_becomes_a_patch_for_the_script_as_it_is(script: Script) -> None:
    patch = revise(script, "louder rain", Replay(json.dumps(LOUDER)))
    assert patch.base == revision(script)
    assert next(one for one in apply(script, patch).elements if one.id == "a1").gain == 3.0  # type: ignore[union-attr]


def test_a_fault_is_sent_back_and_mended(script: Script) -> None:
    model = Replay(json.dumps(NOBODY), json.dumps(LOUDER))
    assert revise(script, "louder rain", model).note == "louder rain"
    assert "a9" in model.asked[1].messages[-1].text


def test_a_model_that_finds_no_edit_is_a_plan_error(script: Script) -> None:
    with pytest.raises(PlanError, match="a9"):
        revise(script, "louder rain", Replay(json.dumps(NOBODY), forever=True))


MADE_UP = {"person": "Anna", "statement": "Yes.", "date": "today", "sha256": "a" * 64}
RECAST = {"op": "recast", "character": "mary", "tool": "t", "voice": "v", "reference": "anna.wav", "consent": MADE_UP}
CHANGED = {
    "op": "add",
    "last_in": "s2",
    "element": {
        "kind": "recording",
        "id": "r9",
        "file": "a.wav",
        "chain": [{"do": "convert_voice", "reference": "anna.wav", "consent": MADE_UP}],
    },
}


@pytest.mark.parametrize("operation", [RECAST, CHANGED], ids=["a character's", "a recording's"])
def test_a_consent_that_the_model_made_up_is_none(script: Script, operation: dict[str, Any]) -> None:
    edit = json.dumps({"operations": [operation], "words": "kept", "note": ""})
    model = Replay(edit, json.dumps(LOUDER))
    assert revise(script, "let her sound like Anna", model).note == "louder rain"
    assert "nobody but the person says" in model.asked[1].messages[-1].text


def test_a_consent_that_is_there_is_none_of_the_models_doing(script: Script) -> None:
    cloned = apply(script, Patch.of(script, Recast.model_validate(RECAST)))
    assert revise(cloned, "louder rain", Replay(json.dumps(LOUDER))).note == "louder rain"


def test_words_of_a_narrative_are_not_changed_unless_it_says_so(script: Script) -> None:
    from wavagent.script.script import Source

    verbatim = script.model_copy(update={"source": Source(name="x", sha256="0" * 64)})
    edit = {"operations": [{"op": "replace_text", "id": "e1", "text": "It was early."}], "words": "kept", "note": ""}
    with pytest.raises(PlanError):
        revise(verbatim, "make it early", Replay(json.dumps(edit), forever=True))


def test_the_story_is_data_beside_the_request_and_bounded() -> None:
    scenes = tuple(Scene(id=f"s{n}", elements=(Speech(id=f"l{n}", text="word " * 4000),)) for n in range(20))
    long = Script(scenes=scenes)
    edit = {"operations": [{"op": "set_story", "title": "X"}], "words": "kept", "note": ""}
    model = Replay(json.dumps(edit))
    revise(long, "call it X", model)
    told = json.loads(model.asked[0].messages[-1].text)
    assert told["request"] == "call it X" and told["script"]["scenes_left_out"] > 0
    assert len(model.asked[0].messages[-1].text) < MOST + 5_000
