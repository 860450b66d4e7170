"""What every pass has in common."""

from pathlib import Path

import pytest

from wavagent.passes import PASSES, Draft, Pass
from wavagent.script import Scene, Script, Speech
from wavagent.script.file import dumps
from wavagent.tool import Toolbox

NO_PASSES = {"__init__", "draft"}


def _id(each: Pass) -> str:
    return str(getattr(each, "__name__", each))


def test_every_file_is_in_the_table() -> None:
    folder = Path(__file__).resolve().parents[2] / "wavagent" / "passes"
    files = {path.stem for path in folder.glob("*.py")} - NO_PASSES
    assert files == {_id(each) for each in PASSES}


@pytest.mark.parametrize("each", PASSES, ids=_id)
def test_a_pass_leaves_what_it_was_given(each: Pass, script: Script, toolbox: Toolbox) -> None:
    before = dumps(script)
    draft = Draft(script, toolbox)
    each(draft)
    assert dumps(script) == before
    assert draft == Draft(script, toolbox)


def test_the_passes_done_twice_change_nothing_more(script: Script, toolbox: Toolbox) -> None:
    long = Scene(id="s3", elements=(Speech(id="long", text="It went on. " * 60),))
    once = Draft(script.model_copy(update={"scenes": (*script.scenes, long)}), toolbox)
    for each in PASSES:
        once = each(once)
    for each in PASSES:
        again = each(once)
        assert again.script == once.script, _id(each)
        assert again.findings == once.findings


@pytest.mark.parametrize("each", PASSES, ids=_id)
def test_a_pass_takes_a_script_without_anything_in_it(each: Pass, toolbox: Toolbox) -> None:
    for empty in (Script(), Script(scenes=(Scene(id="s"),))):
        assert each(Draft(empty, toolbox)).script.scenes == empty.scenes


def test_the_text_itself_is_never_touched(script: Script, toolbox: Toolbox) -> None:
    draft = Draft(script, toolbox)
    for each in PASSES:
        draft = each(draft)
    assert draft.script.text == script.text
