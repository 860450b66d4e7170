"""A project on disk."""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.errors import OutputError, ScriptError
from wavagent.project import Project, save, save_report, script_in
from wavagent.run.executor import Made
from wavagent.script import Script, Speech
from wavagent.script.readable import readable
from wavagent.tool import Toolbox


def test_a_project_comes_back_from_its_folder_or_its_file(tmp_path: Path, script: Script) -> None:
    folder = tmp_path / "new" / "story"
    save(script, folder)
    assert script_in(folder) == (script, folder)
    assert script_in(folder / "script.json") == (script, folder)


def test_a_project_has_views_for_people(tmp_path: Path, script: Script) -> None:
    save(script, tmp_path)
    assert (tmp_path / "script.md").read_text(encoding="utf-8") == readable(script)
    assert json.loads((tmp_path / "cast.json").read_text(encoding="utf-8")) == [
        {"id": "narrator", "name": "Narrator"},
        {"id": "mary", "name": "Mary", "aliases": ["Miss Mary"], "traits": {"gender": {"value": "female"}}},
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cast.json", "script.json", "script.md"]


def test_a_folder_without_a_script_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="there is no script at"):
        script_in(tmp_path)


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path, script: Script) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match=r"script\.json' cannot be written \(.+\); choose another folder with -o"):
        save(script, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_disk_that_is_full_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(script, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        save(script.model_copy(update={"title": "New"}), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_half_a_character_cannot_be_written_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="surrogates not allowed"):
        save(Script(title="\ud800"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def rendering(script: Script, toolbox: Toolbox) -> Any:
    """What a report reads of a rendering."""
    compiled = compile_script(script, toolbox)
    return SimpleNamespace(
        script=compiled.script,
        compiled=compiled,
        seconds=12.3456,
        takes=(),
        timings=(),
        made=Made({}, ran=("e1", "e2"), cached=("e3",)),
        premaster=SimpleNamespace(segments=(1, 2, 3), mixed=(1,)),
    )


def test_a_report_says_what_was_done_and_what_is_unsure(tmp_path: Path, script: Script, toolbox: Toolbox) -> None:
    certificate = SimpleNamespace(to_json=lambda: {"loudness": -16.0})
    files: Any = [
        SimpleNamespace(path=tmp_path / "out.mp3", certificate=certificate, timing=None),
        SimpleNamespace(path=tmp_path / "out.srt", certificate=None, timing=None),
    ]
    save_report(rendering(script, toolbox), files, toolbox, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (report["seconds"], report["calls"], report["ran"], report["cached"]) == (12.346, 11, 2, 1)
    assert (report["segments"], report["mixed"], report["findings"]) == (3, 1, [])
    assert report["unsure"] == [{"line": "e7", "who": "narrator", "confidence": 0.4, "evidence": "no tag near"}]
    assert [file["certificate"] for file in report["files"]] == [{"loudness": -16.0}, None]


def test_a_lock_names_the_tools_and_seeds_that_were_used(tmp_path: Path, script: Script, toolbox: Toolbox) -> None:
    save_report(rendering(script, toolbox), [], toolbox, tmp_path)
    lock = json.loads((tmp_path / "wavagent.lock").read_text(encoding="utf-8"))
    assert lock["seed"] == 7
    assert lock["tools"] == {"click": "1", "hum": "1", "noise": "1", "voice": "1"}
    assert lock["seeds"].keys() == {"m1", "a1", "m2"}


def test_a_report_of_the_same_work_is_the_same(tmp_path: Path, script: Script, toolbox: Toolbox) -> None:
    for name in ("one", "two"):
        save_report(rendering(script, toolbox), [], toolbox, tmp_path / name)
    for file in ("report.json", "wavagent.lock"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_lines_that_are_sure_are_not_listed(tmp_path: Path, toolbox: Toolbox) -> None:
    scene = {"id": "s", "elements": (Speech(id="e", text="Yes.", confidence=0.5),)}
    save_report(rendering(Script.model_validate({"scenes": (scene,)}), toolbox), [], toolbox, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["unsure"] == []


def test_a_project_is_a_folder_or_its_script(tmp_path: Path, script: Script) -> None:
    Project.create(tmp_path / "story", script)
    assert Project.open(tmp_path / "story" / "script.json").script == script
    with pytest.raises(ScriptError, match="is no project; a project is a folder with a script.json"):
        Project.open(tmp_path / "other.json")
    with pytest.raises(ScriptError, match="there is no script at"):
        Project.open(tmp_path)


def test_two_revisions_are_compared_in_words_and_in_text(tmp_path: Path, script: Script) -> None:
    project = Project.create(tmp_path, script)
    project.commit(script.model_copy(update={"title": "A Call"}), "renamed")
    compared = project.diff()
    assert compared.changes == ("Title: “A Visit” → “A Call”",)
    assert "-# A Visit\n+# A Call\n" in compared.text
    assert project.diff("first", "1").changes == ()
    with pytest.raises(ScriptError, match="'9' is no revision of this project; name one of 1 to 2"):
        project.at("9")
