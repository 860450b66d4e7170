"""`wavagent edit`, `log`, `undo`, `redo` and `diff`, as a user has them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(planned: Path) -> Path:
    return planned


@pytest.fixture
def patch(project: Path, tmp_path: Path) -> Path:
    script = json.loads((project / "script.json").read_text("utf-8"))
    line = next(one for scene in script["scenes"] for one in scene["elements"] if one["kind"] == "speech")
    path = tmp_path / "patch.json"
    path.write_text(json.dumps([{"op": "relevel", "ids": [line["id"]], "by": 3}]), encoding="utf-8")
    return path


def test_an_edit_is_shown_done_undone_and_done_again(wavagent: Run, project: Path, patch: Path) -> None:
    before = (project / "script.json").read_bytes()
    shown = wavagent("edit", project, patch, "--dry-run")
    assert "louder by 3 dB (0 → +3 dB)" in shown.stdout, shown.stderr
    assert (project / "script.json").read_bytes() == before
    done = wavagent("edit", project, patch, "-m", "louder, please", "--json")
    assert json.loads(done.stdout)["note"] == "louder, please"
    after = (project / "script.json").read_bytes()
    assert after != before
    undone = wavagent("undo", project, "--json")
    assert json.loads(undone.stdout)[0]["of"] == 2
    assert (project / "script.json").read_bytes() == before
    assert wavagent("redo", project).returncode == 0
    assert (project / "script.json").read_bytes() == after
    kinds = [one["kind"] for one in json.loads(wavagent("log", project, "--json").stdout)["entries"]]
    assert kinds == ["start", "edit", "undo", "redo"]
    assert "louder, please" in wavagent("log", project).stdout
    assert wavagent("undo", project, "--to", "1").returncode == 0
    assert (project / "script.json").read_bytes() == before
    found = json.loads(wavagent("diff", project, "1", "2", "--json").stdout)
    assert len(found["heard"]["changed"]) == 1
    assert found["changes"][0].endswith("louder by 3 dB (0 → +3 dB)")
    told = wavagent("diff", project, "1", "2").stdout
    assert "changed: 0:" in told


def test_a_patch_that_does_not_fit_is_one_sentence(wavagent: Run, project: Path, tmp_path: Path) -> None:
    for text, fault in (
        ("{", "cannot be read as a patch"),
        ('[{"op": "explode"}]', "is no patch"),
        ('[{"op": "remove", "ids": ["gone"]}]', "there is no element 'gone'"),
        (json.dumps({"base": "0" * 64, "operations": []}), "made for revision 000000000000"),
    ):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        done = wavagent("edit", project, tmp_path / "bad.json")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert fault in done.stderr
    for command in (["undo", project], ["redo", project], ["diff", project, "9"], ["log", tmp_path / "nowhere"]):
        done = wavagent(*command)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr


def test_a_second_plan_keeps_what_a_person_did(wavagent: Run, project: Path, patch: Path, tale: Path) -> None:
    operations = json.loads(patch.read_text("utf-8"))
    operations.append({"op": "lock", "elements": operations[0]["ids"]})
    patch.write_text(json.dumps(operations), encoding="utf-8")
    assert wavagent("edit", project, patch).returncode == 0
    edited = (project / "script.json").read_bytes()
    assert wavagent("plan", tale, "-o", project).returncode == 0
    assert (project / "script.json").read_bytes() == edited  # it was locked, and the rest is planned as it was
    unlocked = [{"op": "unlock", "elements": operations[0]["ids"]}]
    patch.write_text(json.dumps(unlocked), encoding="utf-8")
    assert wavagent("edit", project, patch).returncode == 0
    assert wavagent("plan", tale, "-o", project).returncode == 0
    assert (project / "script.json").read_bytes() != edited
    assert wavagent("undo", project, "-n", "2").returncode == 0
    assert (project / "script.json").read_bytes() == edited
