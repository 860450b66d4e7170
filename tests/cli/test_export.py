import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

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
    assert said["set"]["passed"] and said["set"]["files"] == 2
    lengths = [one["measured"]["seconds"] for one in said["certificates"]]
    assert sum(lengths) == pytest.approx(said["seconds"], abs=0.01)


def test_a_book_is_certified_and_can_be_lit_word_by_word(wavagent: Run, project: Path, tmp_path: Path) -> None:
    clips = []
    for options in ([], ["--by-word"]):
        done = wavagent("export", project, "-o", tmp_path / "a.epub", *options, "--json")
        assert done.returncode == 0, done.stderr
        checks = json.loads(done.stdout)["certificate"]["checks"]
        assert {"loudness", "texts lost or out of order"} <= {check["name"] for check in checks}
        with ZipFile(tmp_path / "a.epub") as book:
            clips.append(book.read("EPUB/001.smil").count(b"<par"))
    assert clips[1] > 2 * clips[0]


def test_a_sample_is_the_beginning_and_a_cover_goes_with_it(wavagent: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(99))
    options = ["--sample", 6, "--cover", tmp_path / "cover.jpg"]
    done = wavagent("export", project, "-o", tmp_path / "a.mp3", *options, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert 2.0 < said["certificate"]["measured"]["seconds"] <= 6.0 < said["seconds"]
    assert ID3(tmp_path / "a.mp3").getall("APIC")[0].data == (tmp_path / "cover.jpg").read_bytes()


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
        (["-o", "a.mp3", "--picture", "a.gif"], 1, "is no picture"),
        (["-o", "a.mp3", "--cover", "none.jpg"], 1, "the cover 'none.jpg' cannot be read"),
        (["-o", "out", "--per-chapter", "mp3", "--sample", "9"], 2, "a sample is one file"),
        (["-o", "a.mp3", "--profile", "vinyl"], 1, "no profile is called 'vinyl'"),
        (["-o", "a.xyz"], 1, "is no format"),
        (["-o", "a.mp3", "--cover", "../book"], 1, "cannot be read"),
        (["-o", "."], 1, "is no format"),
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.xyz"], "which is no format"),
        (["-o", "a.mp3", "--profile", "vinyl"], "no profile is called"),
        (["-o", "a.mp3", "--picture", "a.gif"], "is no picture"),
        (["-o", "out", "--per-chapter", "wma"], "which is no format"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_made(
    wavagent: Run, project: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    """With a store of its own, everything would have to be made."""
    done = wavagent("export", project, *arguments, cwd=tmp_path, WAVAGENT_STORE=str(tmp_path / "new"))
    assert done.returncode == 1 and said in done.stderr
    assert not list((tmp_path / "new").rglob("*.*"))


def test_a_narrative_is_no_script(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("export", project.parent / "book.txt", "-o", tmp_path / "a.mp3")
    assert done.returncode == 1 and "`wavagent make`" in done.stderr
