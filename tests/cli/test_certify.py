import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Stereo at -16 LUFS."""
    path = tmp_path / "tone.wav"
    wave = 10 ** (-16.0 / 20) * np.sin(2 * np.pi * 997 * np.arange(48_000 * 6) / 48_000)
    soundfile.write(path, np.stack([wave, wave], 1), 48_000, "PCM_24")
    return path


def test_a_file_that_passes_is_exit_code_0(wavagent: Run, tone: Path) -> None:
    done = wavagent("certify", tone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "universal: PASS" in done.stdout and "−16 LUFS" in done.stdout


def test_several_profiles_are_several_tables_and_one_miss_is_exit_code_3(wavagent: Run, tone: Path) -> None:
    done = wavagent("certify", tone, "--profile", "universal,spotify")
    assert done.returncode == 3
    assert "universal: PASS" in done.stdout and "spotify: FAIL" in done.stdout


def test_json_is_one_certificate_or_a_list(wavagent: Run, tone: Path) -> None:
    one = json.loads(wavagent("certify", tone, "--json").stdout)
    assert (one["profile"], one["passed"]) == ("universal", True)
    every = json.loads(wavagent("certify", tone, "--profile", "all", "--json").stdout)
    assert len(every) > 10 and {"acx", "ebu", "m4b"} <= {each["profile"] for each in every}


@pytest.fixture
def chapters(tone: Path) -> Path:
    """A folder with two chapters of one kind and level, and what is no sound."""
    folder = tone.parent / "book"
    folder.mkdir()
    for name in ("01.wav", "02.WAV"):
        (folder / name).write_bytes(tone.read_bytes())
    (folder / "notes.txt").write_text("no sound")
    return folder


def test_a_folder_is_its_files_and_what_they_are_together(wavagent: Run, chapters: Path) -> None:
    done = wavagent("certify", chapters)
    assert (done.returncode, done.stderr) == (0, "")
    assert "01.wav" in done.stdout and "02.WAV" in done.stdout and "notes" not in done.stdout
    assert "2 files together" in done.stdout and "pcm_s24le, 48000 Hz, stereo" in done.stdout


def test_files_that_do_not_belong_together_are_exit_code_3(wavagent: Run, tone: Path, chapters: Path) -> None:
    wave = 10 ** (-16.0 / 20) * np.sin(2 * np.pi * 997 * np.arange(44_100 * 6) / 44_100)
    soundfile.write(chapters / "03.wav", np.stack([wave, wave], 1), 44_100, "PCM_24")
    done = wavagent("certify", tone, chapters, "--profile", "universal,youtube", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 3
    assert len(said["certificates"]) == 8
    assert [(one["profile"], one["files"], one["passed"]) for one in said["sets"]] == [
        ("universal", 4, False),
        ("youtube", 4, False),
    ]
    assert said["sets"][0]["checks"][0]["name"] == "kind of file"


def test_the_picture_is_written(wavagent: Run, tone: Path, tmp_path: Path) -> None:
    done = wavagent("certify", tone, "--picture", tmp_path / "a.svg")
    assert done.returncode == 0
    assert ET.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.wav"], "no file 'missing.wav'"),
        (["tone.wav", "--profile", "vinyl"], "no profile is called 'vinyl'"),
        (["tone.wav", "--picture", "a.gif"], "'a.gif' is no picture"),
        (["tone.wav", "tone.wav", "--picture", "a.svg"], "2 were named; name one"),
        (["empty"], "no sound lies in the folder 'empty'"),
        (["text.mp3"], "'text.mp3' is no audio file"),
        (["text.epub"], "'text.epub' is no EPUB"),
        (["nothing.wav"], "'nothing.wav'"),
        (["tone.wav", "missing.wav"], "no file 'missing.wav'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    wavagent: Run, tone: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tone.parent)
    Path("empty").mkdir()
    for name in ("text.mp3", "text.epub"):
        Path(name).write_text("Once upon a time.\n" * 99)
    Path("nothing.wav").touch()
    done = wavagent("certify", *arguments)
    assert done.returncode == 1
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
