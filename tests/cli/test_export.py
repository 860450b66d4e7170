import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3

Run = Callable[..., Any]

BOOK = (
    "The Two Knocks\n\n"
    "Chapter One\n\nRain fell on the roof all evening. “Who is there?” asked Mary.\n\n"
    "Chapter Two\n\n“Only me,” said old Tom. A door slammed, and the dog barked.\n"
)


@pytest.fixture(scope="module")
def project(wavagent: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    (folder / "book.txt").write_text(BOOK, encoding="utf-8")
    done = wavagent("make", folder / "book.txt", "-o", folder / "book")
    assert done.returncode == 0, done.stderr
    return folder / "book"


@pytest.mark.parametrize("suffix", [".m4b", ".flac", ".vtt", ".chapters.json"])
def test_any_format_from_what_is_in_the_store(wavagent: Run, project: Path, tmp_path: Path, suffix: str) -> None:
    done = wavagent("export", project, "-o", tmp_path / f"a{suffix}", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["ran"], said["mixed"]) == (0, 0)
    assert [path.name for path in tmp_path.iterdir()] == [f"a{suffix}"]


def test_a_profile_decides_the_shape(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("export", project, "-o", tmp_path / "a.mp3", "--profile", "acx", "--json")
    measured = json.loads(done.stdout)["certificate"]["measured"]
    assert done.returncode == 0, done.stderr
    assert (measured["rate"], measured["channels"], measured["kbps"]) == (44_100, 1, 192.0)
    assert "human narration" in done.stderr


def test_a_bit_rate_and_a_variable_one_can_be_asked_for(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("export", project, "-o", tmp_path / "a.mp3", "--kbps", 320, "--json")
    assert json.loads(done.stdout)["certificate"]["measured"]["kbps"] == 320.0
    done = wavagent("export", project, "-o", tmp_path / "b.mp3", "--vbr", "--json")
    assert json.loads(done.stdout)["certificate"]["measured"]["cbr"] is False


def test_every_chapter_is_a_certified_file_with_its_number(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("export", project, "-o", tmp_path / "out", "--per-chapter", "mp3", "--json")
    assert done.returncode == 0, done.stderr
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["01-chapter-one.mp3", "02-chapter-two.mp3"]
    said = json.loads(done.stdout)
    assert [one["passed"] for one in said["certificates"]] == [True, True]
    tags = [ID3(tmp_path / "out" / name) for name in files]
    assert [str(tag["TRCK"]) for tag in tags] == ["1/2", "2/2"]
    assert [str(tag["TALB"]) for tag in tags] == ["The Two Knocks"] * 2
    assert [str(tag["TIT2"]) for tag in tags] == ["Chapter One", "Chapter Two"]
    lengths = [one["measured"]["seconds"] for one in said["certificates"]]
    assert sum(lengths) == pytest.approx(said["seconds"], abs=0.01)


def test_stems_are_named_by_who_sounds_and_of_one_length(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("export", project, "--stems", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    stems = {path.stem.partition("-")[2]: soundfile.read(path) for path in sorted(tmp_path.iterdir())}
    assert {"narrator", "mary"} <= set(stems)
    lengths = {(len(sound), rate) for sound, rate in stems.values()}
    assert lengths == {(round(json.loads(done.stdout)["seconds"] * 48_000), 48_000)}
    assert all(np.abs(sound).max() > 0.001 for sound, _ in stems.values())


def test_the_picture_of_an_export_shows_who_speaks(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("export", project, "-o", tmp_path / "a.mp3", "--picture", tmp_path / "a.svg")
    assert done.returncode == 0, done.stderr
    svg = (tmp_path / "a.svg").read_text("utf-8")
    assert ">Mary</text>" in svg and ">Chapter One</text>" in svg


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "nothing to write"),
        (["-o", "out", "--per-chapter", "srt"], 1, "'.srt' is no sound"),
        (["-o", "out", "--per-chapter", "wma"], 1, "which is no format"),
        (["-o", "out.mp3", "--kbps", "100"], 1, "100 kbps"),
        (["--stems", "out", "--picture", "a.svg"], 1, "name it with -o"),
    ],
)
def test_what_cannot_be_done_is_said(
    wavagent: Run,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = wavagent("export", project, *arguments)
    assert done.returncode == code
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
