import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def project(told: Path) -> Path:
    return told


def edit(project: Path, change: Edit) -> None:
    path = project / "script.json"
    script = json.loads(path.read_text(encoding="utf-8"))
    change(script)
    path.write_text(json.dumps(script), encoding="utf-8")


def lines(script: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for scene in script["scenes"] for element in scene["elements"] if element["kind"] == "speech"]


def test_a_script_is_rendered_into_its_own_project(wavagent: Run, project: Path) -> None:
    (project / "out" / "story.mp3").unlink()
    assert wavagent("render", project).returncode == 0
    assert (project / "out" / "story.mp3").exists()


def test_an_edited_line_is_one_speech_call(wavagent: Run, project: Path) -> None:
    edit(project, lambda script: lines(script)[2].update(text="Who on earth is it at this hour?\n\n"))
    done = wavagent("render", project, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ran"] == 1


def test_a_render_without_an_edit_runs_nothing(wavagent: Run, project: Path) -> None:
    said = json.loads(wavagent("render", project, "--json").stdout)
    assert (said["ran"], said["mixed"]) == (0, 0)


BAD_SCRIPTS: dict[str, tuple[Edit, str]] = {
    "an unknown speaker": (lambda s: lines(s)[1].update(who="nobody"), "'nobody', who is not in the cast"),
    "an unknown field": (lambda s: s.update(colour="red"), "colour"),
    "an unknown kind": (lambda s: s["scenes"][0]["elements"].append({"kind": "noise", "id": "n"}), "noise"),
    "an unknown tool": (
        lambda s: s["scenes"][0]["elements"].append({"kind": "sound", "id": "n", "what": "rain", "tool": "theremin"}),
        "no tool is called 'theremin'",
    ),
    "an unknown voice": (
        lambda s: s["cast"][0].update(voice={"tool": "espeak", "id": "caruso"}),
        "'caruso', which tool 'espeak' does not have",
    ),
    "an anchor to nothing": (
        lambda s: s["scenes"][0]["elements"].append(
            {"kind": "sound", "id": "n", "what": "rain", "anchor": {"element": "nowhere"}}
        ),
        "anchored to 'nowhere'",
    ),
    "a circle of anchors": (
        lambda s: s["scenes"][0]["elements"].extend(
            [
                {"kind": "sound", "id": "n", "what": "rain", "anchor": {"element": "m"}},
                {"kind": "sound", "id": "m", "what": "rain", "anchor": {"element": "n"}},
            ]
        ),
        "in a circle: ",
    ),
    "an id used twice": (lambda s: s["scenes"][0]["elements"].append({**lines(s)[0]}), "is used 2 times"),
    "another schema": (lambda s: s.update(schema="wavagent.script/99"), "wavagent.script/99"),
    "a recording outside": (
        lambda s: s["scenes"][0]["elements"].append({"kind": "recording", "id": "n", "file": "../../etc/passwd"}),
        "inside the project",
    ),
}


@pytest.mark.parametrize("fault", BAD_SCRIPTS)
def test_a_faulty_script_is_one_sentence_that_names_the_fault(wavagent: Run, project: Path, fault: str) -> None:
    change, words = BAD_SCRIPTS[fault]
    edit(project, change)
    before = (project / "out" / "story.mp3").read_bytes()
    done = wavagent("render", project)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert words in done.stderr
    assert (project / "out" / "story.mp3").read_bytes() == before


def test_a_torn_script_is_named(wavagent: Run, project: Path) -> None:
    path = project / "script.json"
    path.write_text(path.read_text("utf-8")[:100], encoding="utf-8")
    done = wavagent("render", project)
    assert done.returncode == 1
    assert "is not JSON" in done.stderr


def test_no_script_says_how_to_get_one(wavagent: Run, tmp_path: Path) -> None:
    done = wavagent("render", tmp_path)
    assert done.returncode == 1
    assert "wavagent plan" in done.stderr


def test_a_sound_that_nothing_can_make_is_reported_and_the_exit_code_says_so(wavagent: Run, project: Path) -> None:
    edit(project, lambda s: s["scenes"][0]["elements"].append({"kind": "sound", "id": "n", "what": "qwrtz blorp"}))
    done = wavagent("render", project)
    assert done.returncode == 3
    assert "qwrtz blorp" in done.stderr
    findings = json.loads((project / "report.json").read_text("utf-8"))["findings"]
    assert findings[0]["element"] == "n"


def test_when_the_time_is_up_the_exit_code_says_so_and_the_next_render_goes_on(wavagent: Run, project: Path) -> None:
    edit(project, lambda script: lines(script)[2].update(text="Who on earth is it at this late hour?\n\n"))
    done = wavagent("render", project, "--max-minutes", "0")
    assert done.returncode == 1
    assert "the time is up" in done.stderr and "Traceback" not in done.stderr
    assert json.loads(wavagent("render", project, "--fail-fast", "--max-cost", "0", "--json").stdout)["ran"] <= 1
