"""Which seconds sound otherwise after an edit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wavagent.heard import Heard, heard
from wavagent.script import Script
from wavagent.script.patch import Patch, apply, revision
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox

Compare = Callable[..., Heard]


@pytest.fixture
def studio(toolbox: Toolbox, tmp_path: Path) -> Studio:
    return Studio(Settings(str(tmp_path / "store")), toolbox)


@pytest.fixture
def compared(script: Script, studio: Studio) -> Compare:
    def compare(*operations: dict[str, Any]) -> Heard:
        patch = Patch.model_validate({"base": revision(script), "operations": operations})
        return heard(script, apply(script, patch), studio)

    return compare


def placed(studio: Studio, script: Script, id: str) -> tuple[float, float]:
    one = next(one for one in studio.render(script).layout.placed if one.cue.id == id)
    return one.start / 48_000, one.end / 48_000


def test_the_same_script_sounds_the_same(compared: Compare) -> None:
    same = compared({"op": "set_scene", "ids": ["s1"], "mood": "calm"})
    assert (same.changed, same.gone) == ((), ())
    assert str(same).startswith("sounds the same")


def test_a_louder_line_is_a_change_where_it_sounds_and_nowhere_else(
    compared: Compare, studio: Studio, script: Script
) -> None:
    start, end = placed(studio, script, "e5")
    found = compared({"op": "relevel", "ids": ["e5"], "by": 3})
    assert found.exact
    assert found.before == found.after
    ((first, last),) = found.changed
    assert first == pytest.approx(start, abs=0.02)
    assert last == pytest.approx(end, abs=0.02)


def test_what_only_comes_later_is_no_change(compared: Compare, studio: Studio, script: Script) -> None:
    studio.render(script)
    longer = compared({"op": "replace_text", "id": "e1", "text": "It was late, later than it had ever been.\n\n"})
    start, end = placed(studio, script, "e1")
    assert longer.after > longer.before
    assert not longer.exact
    assert all(last <= end + (longer.after - longer.before) + 0.1 for _, last in longer.changed)
    assert longer.changed[0][0] == pytest.approx(start, abs=0.02)


def test_what_was_removed_is_gone_from_the_earlier(compared: Compare, studio: Studio, script: Script) -> None:
    start, end = placed(studio, script, "n2")
    found = compared({"op": "remove", "ids": ["n2"]})
    assert found.changed == ()
    ((first, last),) = found.gone
    assert [first, last] == pytest.approx([start, end], abs=0.02)
    assert "gone: " in str(found)


def test_another_voice_is_heard_in_each_of_its_lines(compared: Compare) -> None:
    found = compared({"op": "recast", "character": "mary", "tool": "voice", "voice": "fay"})
    assert len(found.changed) == 2
    assert found.to_json()["seconds"] == {"before": found.before, "after": found.after}
