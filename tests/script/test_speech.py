from pathlib import Path

import pytest
from pydantic import ValidationError

from wavagent.errors import ScriptError
from wavagent.script import NARRATOR, Delivery, Script, Speech
from wavagent.script.stage import Stage
from wavagent.timeline import Moment
from wavagent.tool import Toolbox


@pytest.mark.parametrize(
    "wrong", [{"pace": 0.4}, {"pace": 2.1}, {"intensity": -0.1}, {"intensity": 1.1}, {"pace": float("nan")}]
)
def test_a_delivery_is_within_what_voices_do(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Delivery.model_validate(wrong)


def test_a_line_is_the_narrators_unless_it_says_so() -> None:
    assert Speech(id="e", text="Hi.").who == NARRATOR


def test_a_line_of_somebody_without_a_voice_is_not_lowered(toolbox: Toolbox) -> None:
    turn = Moment()
    cast = {character.id: character for character in Script().cast}
    stage = Stage(toolbox, cast, {}, "en", 0, Path(), "s", "dry", turn, turn, turn)
    with pytest.raises(ScriptError, match="'narrator' has no voice; cast the script before it is compiled"):
        Speech(id="e", text="Hi.").lower(stage)
