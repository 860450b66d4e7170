"""A model's plan for a recording: taken when it is whole, sent back with its fault when not, never a tool's name."""

import json
from typing import Any

import pytest

from wavagent.errors import PlanError
from wavagent.llm import Replay
from wavagent.planning.llm.treat import treat

WISH = "get rid of the hiss, let it rain, and let her speak French"


def answer(*steps: dict[str, Any], **more: Any) -> str:
    return json.dumps({"steps": steps, "behind": [], "gain": 0.0, "unknown": [], **more})


MADE_UP = {"person": "Anna", "statement": "Yes.", "date": "today", "sha256": "a" * 64}

GOOD = answer(
    {"do": "enhance"},
    {"do": "dub", "language": "fr", "behind": False},
    behind=[{"kind": "ambience", "what": "rain", "gain": 0}],
)


def test_what_the_model_plans_is_the_treatment() -> None:
    model = Replay(GOOD)
    made = treat(WISH, model, 12.5)
    assert [step.do for step in made.steps] == ["enhance", "dub"]
    assert [one.what for one in made.behind] == ["rain"]
    asked = json.loads(model.asked[0].messages[1].text)
    assert asked == {"request": WISH, "seconds": 12.5}


def test_the_model_is_offered_every_step_and_no_tool() -> None:
    model = Replay(GOOD)
    treat(WISH, model)
    form = json.dumps(model.asked[0].schema)
    for do in ("trim", "fade", "speed", "band", "room", "enhance", "separate", "extract", "mend", "replace", "dub"):
        assert f'"enum": ["{do}"]' in form
    for field in ("tool", "maker", "separator", "params"):
        assert f'"{field}"' not in form
    assert form in model.asked[0].messages[0].text.replace("\n", "") or "{{" not in model.asked[0].messages[0].text


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (answer({"do": "sing"}), "sing"),
        (answer({"do": "trim", "start": 3, "end": 1}), "`end` is after its `start`"),
        (answer({"do": "enhance", "tool": "shell"}), "name no tools"),
        (answer({"do": "tool", "tool": "edit", "params": {}}), "name no tools"),
        (answer({"tool": "edit"}), "name no tools"),
        (answer({"do": "binaural", "hrtf": "added/head.sofa"}), "name no files"),
        (answer({"do": "convert_voice", "reference": "anna.wav", "consent": MADE_UP}), "name no files"),
        ("I would rather not.", "JSON"),
    ],
)
def test_a_fault_is_sent_back_and_mended(wrong: str, fault: str) -> None:
    model = Replay(wrong, GOOD)
    assert treat(WISH, model).steps
    assert fault in model.asked[1].messages[-1].text


def test_a_model_that_does_not_learn_is_named() -> None:
    with pytest.raises(PlanError, match="the model found nothing that can be done: .*name no tools"):
        treat(WISH, Replay(answer({"tool": "edit"}), forever=True))


def test_what_the_model_cannot_do_stays_named() -> None:
    assert treat("sing it", Replay(answer(unknown=["sing it"]))).unknown == ("sing it",)
