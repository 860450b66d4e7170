import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence of a failed command: no traceback, nothing on standard output."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("note:")]
    assert done.stdout == ""
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_a_narrative_becomes_a_project(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("make", tale, "-o", tmp_path / "story", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["certificate"]["passed"]
    made = {str(path.relative_to(tmp_path / "story")) for path in (tmp_path / "story").rglob("[!.]*") if path.is_file()}
    made = {name for name in made if not name.startswith(".wavagent")}
    out = ["story.mp3", "story.srt", "story.vtt", "story.credits.md", "story.credits.json"]
    beside = {"script.json", "script.md", "cast.json", "report.json", "wavagent.lock"}
    assert made == beside | {f"out/{name}" for name in out}
    assert [Path(file).name for file in said["files"]] == out


@pytest.mark.parametrize("suffix", [".mp3", ".m4b", ".flac", ".wav", ".srt", ".vtt"])
def test_the_suffix_picks_the_format(wavagent: Run, tale: Path, tmp_path: Path, suffix: str) -> None:
    done = wavagent("make", tale, "-o", tmp_path / f"story{suffix}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"story{suffix}").stat().st_size > 0
    assert {path.name for path in tmp_path.iterdir()} == {"tale.txt", f"story{suffix}"}


def test_twice_is_the_same_file_and_calls_no_tool(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    files = []
    for name in ("one.mp3", "two.mp3"):
        done = wavagent("make", tale, "-o", tmp_path / name, "--seed", 7, "--json")
        files.append((tmp_path / name).read_bytes())
    assert json.loads(done.stdout)["ran"] == 0
    assert files[0] == files[1]


def test_an_emptied_store_gives_the_same_file_again(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = wavagent("make", tale, "-o", tmp_path / f"{name}.mp3", "--json", WAVAGENT_STORE=str(tmp_path / name))
        assert json.loads(done.stdout)["ran"] > 0
    assert (tmp_path / "one.mp3").read_bytes() == (tmp_path / "two.mp3").read_bytes()


def test_offline_makes_a_story(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    done = wavagent("make", tale, "-o", tmp_path / "a.mp3", "--offline", WAVAGENT_STORE=store)
    assert done.returncode == 0, done.stderr


def test_quiet_says_nothing(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("make", tale, "-o", tmp_path / "a.wav", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


BAD_INPUT: dict[str, tuple[bytes | None, str]] = {
    "missing.txt": (None, "no file"),
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\n ", "nothing to read|empty|white"),
    "binary.txt": (bytes(range(256)) * 40, "binary|text"),
    "song.mp3": (b"ID3\x04" + bytes(500), "kind|sound|MP3|text"),
    "story.docx": (b"PK\x03\x04" + bytes(500), "archive"),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_one_sentence_and_exit_code_1(wavagent: Run, tmp_path: Path, name: str) -> None:
    data, words = BAD_INPUT[name]
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = wavagent("make", tmp_path / name, "-o", tmp_path / "out.mp3")
    assert done.returncode == 1
    said = sentence(done)
    assert name in said
    assert any(word in said for word in words.split("|")), said
    assert not (tmp_path / "out.mp3").exists()


def test_a_folder_is_no_narrative(wavagent: Run, tmp_path: Path) -> None:
    done = wavagent("make", tmp_path, "-o", tmp_path / "out.mp3")
    assert done.returncode == 1
    assert "folder" in sentence(done)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_any_encoding_is_read_and_said(wavagent: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(("Café à la crème. " * 8 + "“Déjà vu,” said Zoë.\n").encode(encoding, "replace"))
    done = wavagent("plan", path, "-o", tmp_path / "story", "--json")
    assert done.returncode == 0, done.stderr
    assert "Café à la crème" in done.stdout


def test_an_unknown_format_lists_those_there_are(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("make", tale, "-o", tmp_path / "story.aiff")
    assert done.returncode == 1
    assert ".mp3" in sentence(done)


def test_an_output_that_cannot_be_written_is_one_sentence(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = wavagent("make", tale, "-o", tmp_path / "file" / "story.mp3")
    assert done.returncode == 1
    assert "cannot be written" in sentence(done)


def test_a_store_that_cannot_be_written_is_one_sentence(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = wavagent("make", tale, "-o", tmp_path / "a.mp3", WAVAGENT_STORE=str(tmp_path / "file" / "store"))
    assert done.returncode == 1
    assert "WAVAGENT_STORE" in sentence(done)


@pytest.mark.parametrize(
    "arguments", [["make"], ["make", "a.txt"], ["nothing"], ["make", "a", "-o", "b", "--seed", "x"]]
)
def test_wrong_usage_is_exit_code_2(wavagent: Run, arguments: list[str]) -> None:
    done = wavagent(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a POSIX signal")
def test_ctrl_c_keeps_what_was_finished(tmp_path: Path) -> None:
    story = tmp_path / "long.txt"
    story.write_text("\n\n".join(f"This is sentence number {n} of a long tale." for n in range(300)), encoding="utf-8")
    env = {**os.environ, "WAVAGENT_STORE": str(tmp_path / "store")}
    # what started the tests may have told its children to ignore Ctrl-C; a person's shell does not
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{listening}; from wavagent.cli import main; main()", "make", str(story), "-o"]
    running = subprocess.Popen([*command, str(tmp_path / "a.mp3")], env=env, stderr=subprocess.PIPE, text=True)
    clips = tmp_path / "store" / "calls"
    while running.poll() is None and len(list(clips.rglob("*.bin"))) < 20:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    began = time.perf_counter()
    said = running.communicate()[1]
    assert running.returncode == 130, said
    assert time.perf_counter() - began < 10
    assert "kept" in said
    kept = len(list(clips.rglob("*.bin")))
    assert kept >= 20
    again = subprocess.run([*command, str(tmp_path / "a.srt"), "--json"], env=env, capture_output=True, text=True)
    assert json.loads(again.stdout)["cached"] >= kept
