import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(planned: Path) -> Path:
    return planned


def test_a_planned_script_checks_out_word_for_word(wavagent: Run, project: Path, tale: Path) -> None:
    done = wavagent("script", "check", project, "--source", tale, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["calls"] > 5
    assert said["findings"] == []


def test_a_lost_word_is_shown_with_its_place(wavagent: Run, project: Path, tale: Path) -> None:
    path = project / "script.json"
    path.write_text(path.read_text("utf-8").replace("slammed, and", "slammed and"), encoding="utf-8")
    done = wavagent("script", "check", project, "--source", tale)
    assert done.returncode == 1
    assert "', and the dog barked.'" in done.stderr
    assert done.stderr.count("word for word") == 1


def test_what_no_tool_can_make_is_exit_code_3(wavagent: Run, project: Path) -> None:
    path = project / "script.json"
    script = json.loads(path.read_text("utf-8"))
    script["scenes"][0]["elements"].append({"kind": "sound", "id": "n", "what": "qwrtz blorp"})
    path.write_text(json.dumps(script), encoding="utf-8")
    done = wavagent("script", "check", project)
    assert done.returncode == 3
    assert "qwrtz blorp" in done.stdout


def test_a_script_is_shown_as_markdown(wavagent: Run, project: Path) -> None:
    done = wavagent("script", "show", project)
    assert done.stdout == (project / "script.md").read_text("utf-8")


def test_two_scripts_are_compared_by_id(wavagent: Run, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    text = (project / "script.json").read_text("utf-8")
    other.write_text(text.replace("A door slammed", "A door closed"), encoding="utf-8")
    assert wavagent("script", "diff", project, project).stdout == ""
    said = wavagent("script", "diff", project, other).stdout
    assert "A door slammed" in said and "A door closed" in said
    found = json.loads(wavagent("script", "diff", project, other, "--json").stdout)
    assert {"changed"} == {one["change"] for one in found}


def test_no_script_is_one_sentence(wavagent: Run, tmp_path: Path) -> None:
    for command in ("check", "show"):
        done = wavagent("script", command, tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
