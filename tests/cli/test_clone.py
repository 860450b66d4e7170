"""`wavagent clone`, called in this process, with tools that need no weights; and what other commands make of it."""

import json
import wave
from pathlib import Path
from typing import Any

import pytest

import wavagent.studio
import wavagent.tool
from wavagent.cli.clone import clone
from wavagent.cli.render import render
from wavagent.cli.script import check
from wavagent.cli.voices import voices
from wavagent.errors import InputError, ScriptError
from wavagent.project import Project
from wavagent.script import Script
from wavagent.tool import Toolbox

SAID: dict[str, Any] = {"by": "Anna Smith", "statement": "You may.", "date": "2026-11-21"}


@pytest.fixture
def project(tmp_path: Path, script: Script, toolbox: Toolbox, parrot: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (wavagent.studio, wavagent.tool):
        monkeypatch.setattr(module, "installed", lambda: Toolbox.of(*toolbox, parrot))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    Project.create(tmp_path / "story", script)
    with wave.open(str(tmp_path / "Anna.wav"), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(b"\x00\x20" * 4_000)
    return tmp_path / "story"


def test_a_character_is_given_a_recordings_voice_with_the_consent_in_the_log(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clone(project, "Miss Mary", project.parent / "Anna.wav", words="Hello.", as_json=True, **SAID) == 0
    told = capsys.readouterr()
    assert "allowed by Anna Smith, 2026-11-21: “You may.”" in json.dumps(json.loads(told.out), ensure_ascii=False)
    assert "wavagent cast" in told.err
    voice = Project.open(project).script.character("mary").voice
    assert voice is not None and voice.reference == "added/anna.wav" and voice.consent is not None
    assert (project / "added" / "anna.wav").read_bytes() == (project.parent / "Anna.wav").read_bytes()


@pytest.mark.parametrize("left_out", ["by", "statement", "date"])
def test_without_consent_not_even_a_file_is_copied(project: Path, left_out: str) -> None:
    with pytest.raises(InputError, match="with --by, in which words with --statement, and when with --date"):
        clone(project, "mary", project.parent / "Anna.wav", words="Hello.", **{**SAID, left_out: " "})
    assert not (project / "added").exists()


def test_who_is_not_in_the_cast_is_named(project: Path) -> None:
    with pytest.raises(InputError, match="nobody called 'Bob' in the cast: Narrator, Mary"):
        clone(project, "Bob", project.parent / "Anna.wav", words="Hello.", **SAID)
    with pytest.raises(InputError, match="is no file"):
        clone(project, "mary", project, words="Hello.", **SAID)


def test_a_name_counts_before_what_somebody_else_is_called_as_well(project: Path) -> None:
    story = Project.open(project)
    mary = story.script.character("mary")
    ann = mary.model_copy(update={"id": "ann", "name": "Ann", "aliases": ("Mary",)})
    story.commit(story.script.model_copy(update={"cast": (story.script.cast[0], ann, mary)}))
    clone(project, "Mary", project.parent / "Anna.wav", words="Hello.", quiet=True, **SAID)
    voices = {one.id: one.voice for one in Project.open(project).script.cast}
    assert voices["ann"] is None and voices["mary"] is not None


def test_a_clone_is_checked_and_goes_along_into_another_folder(project: Path, tmp_path: Path, parrot: Any) -> None:
    clone(project, "mary", tmp_path / "Anna.wav", words="Hello.", quiet=True, **SAID)
    assert check(project) == 0
    assert render(project, output=tmp_path / "other", quiet=True) == 0
    assert (tmp_path / "other" / "added" / "anna.wav").read_bytes() == (tmp_path / "Anna.wav").read_bytes()
    assert len(parrot.asked) == 2
    assert check(tmp_path / "other") == 0
    (project / "added" / "anna.wav").write_bytes(b"RIFF somebody else")
    with pytest.raises(ScriptError, match="Anna Smith allowed another recording"):
        check(project)


def test_the_list_of_voices_says_who_clones(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert voices() == 0
    told = capsys.readouterr()
    assert "(wavagent clone): parrot" in told.err and "clone" not in told.out
