import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

# What started the tests may have told its children to ignore Ctrl-C; a person's shell does not.
LISTENING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
PROGRAM = [sys.executable, "-c", f"{LISTENING}; from wavagent.cli import main; main()"]

LONG = "\n\n".join(f"This is sentence number {n} of a long tale." for n in range(900))

posix = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a POSIX signal")


@pytest.fixture
def tales(tale: Path) -> Path:
    """A folder with two narratives."""
    folder = tale.parent / "tales"
    folder.mkdir()
    tale.rename(folder / "one.txt")
    (folder / "two.md").write_text("# Two\n\n“Who is there?” asked Mary.\n", encoding="utf-8")
    return folder


@contextmanager
def started(folder: Path, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A batch on its way, with a store of its own; it is killed at the latest when the block ends."""
    command = [*PROGRAM, "batch", *map(str, arguments)]
    env = {**os.environ, "WAVAGENT_STORE": str(folder / "store"), "XDG_CACHE_HOME": str(folder / "cache")}
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def states(folder: Path) -> list[str]:
    """What the record of a batch says of each narrative; nothing while there is none."""
    try:
        return [one.get("state", "waiting") for one in json.loads((folder / "batch.json").read_text("utf-8"))["files"]]
    except FileNotFoundError:
        return []


def wait_for(running: "subprocess.Popen[str]", there: Callable[[], bool]) -> None:
    until = time.monotonic() + 60.0
    while not there():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


def test_narratives_become_projects_and_are_then_passed_over(wavagent: Run, tales: Path, tmp_path: Path) -> None:
    done = wavagent("batch", tales, "-o", tmp_path / "out", "--json", "--format", "mp3,vtt")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["counts"] == {"done": 2}
    assert all(one["certificates"][0]["passed"] for one in said["files"])
    assert {path.name for path in (tmp_path / "out" / "one" / "out").iterdir()} == {"story.mp3", "story.vtt"}
    assert [line for line in done.stderr.splitlines() if line.startswith("two.md: done: ")]
    assert "\x1b" not in done.stderr
    again = wavagent("batch", tales, "-o", tmp_path / "out", "--format", "mp3,vtt", "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    again = wavagent("batch", tales, "-o", tmp_path / "out", "--format", "mp3,vtt")
    assert again.stderr.count("skipped, for nothing changed") == 2


def test_exit_code_3_when_some_failed_and_1_when_all_did(wavagent: Run, tales: Path, tmp_path: Path) -> None:
    (tales / "bad.txt").write_bytes(bytes(range(256)) * 40)
    some = wavagent("batch", f"{tales}/*.txt", "-o", tmp_path / "out", "--format", "srt", "--quiet")
    assert some.returncode == 3
    assert some.stderr.startswith("bad.txt: failed: 'bad.txt' ")
    assert len(some.stderr.splitlines()) == 1
    every = wavagent("batch", tales / "bad.txt", tales / "none.txt", "-o", tmp_path / "out2", "--json")
    assert every.returncode == 1
    assert [one["state"] for one in json.loads(every.stdout)["files"]] == ["failed", "failed"]
    assert "Traceback" not in every.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "nothing to make"),
        (["a.txt", "--format", "aiff"], 1, ".mp3"),
        (["--watch", "nowhere"], 1, "no folder"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_made(
    wavagent: Run, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    done = wavagent("batch", *arguments, "-o", tmp_path / "out")
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_plans_every_narrative_and_one_that_it_fails_is_degraded(
    wavagent: Run, tales: Path, tmp_path: Path
) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text('"no labels"\n' * 50)
    done = wavagent("batch", tales, "-o", tmp_path / "out", "--format", "srt", "--llm", f"replay:{answers}", "--json")
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["counts"] == {"degraded": 2}


@posix
def test_a_killed_batch_goes_on_and_two_at_once_are_refused(wavagent: Run, tales: Path, tmp_path: Path) -> None:
    (tales / "zlong.txt").write_text(LONG, encoding="utf-8")
    out = tmp_path / "out"
    asked = [tales, "-o", out, "--format", "srt", "--jobs", 1]
    with started(tmp_path, *asked) as running:
        wait_for(running, lambda: states(out) == ["done", "done", "waiting"])
        second = wavagent("batch", *asked)
        assert second.returncode == 1
        assert "another batch is at work" in second.stderr
        running.kill()
    (tales / "zlong.txt").write_text("It was short.\n", encoding="utf-8")
    again = wavagent("batch", *asked, "--json")
    assert again.returncode == 0, again.stderr
    assert [one["state"] for one in json.loads(again.stdout)["files"]] == ["skipped", "skipped", "done"]


@posix
def test_ctrl_c_ends_a_batch_and_keeps_what_was_finished(tales: Path, tmp_path: Path) -> None:
    (tales / "zlong.txt").write_text(LONG, encoding="utf-8")
    out = tmp_path / "out"
    with started(tmp_path, tales, "-o", out, "--format", "srt", "--jobs", 1) as running:
        wait_for(running, lambda: states(out) == ["done", "done", "waiting"])
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert (
        said.splitlines()[-1] == "wavagent: stopped: 2 of 3 narratives are finished; the same command goes on from here"
    )
    assert states(out) == ["done", "done", "waiting"]


@posix
def test_a_watched_folder_is_followed_until_ctrl_c(tales: Path, tmp_path: Path) -> None:
    out = tales / "made"
    with started(tmp_path, "--watch", tales, "-o", out, "--format", "srt", "--json") as running:
        wait_for(running, lambda: states(out) == ["done", "done"])
        (tales / "three.txt").write_text("It was late.\n", encoding="utf-8")
        wait_for(running, lambda: states(out) == ["done", "done", "done"])
        running.send_signal(signal.SIGINT)
        said, noise = running.communicate(timeout=30)
    assert running.returncode == 0, noise
    assert json.loads(said)["counts"] == {"done": 3}
    assert "watching" in noise
