"""Whatever happens to the store, a run ends with the right exit code and a sentence, and goes on from there."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

TALE = "“Hush!” said Mara. A door slammed.\n\n“Who is there?” asked Tom.\n\nNobody said a word for a while.\n"

PROGRAM = [sys.executable, "-c", "from wavagent.cli import main; main()"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, wavagent: Run) -> tuple[Path, Path]:
    """A narrative's file, told once: `told.mp3` and `store` lie beside it. And the folder."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "tale.txt").write_text(TALE, encoding="utf-8")
    done = wavagent("make", folder / "tale.txt", "-o", folder / "told.mp3", WAVAGENT_STORE=str(folder / "store"))
    assert done.returncode == 0, done.stderr
    return folder / "tale.txt", folder


def sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence of a failed command: no traceback, nothing on standard output."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("note:")]
    assert (done.returncode, done.stdout, len(lines)) == (1, "", 1), done.stderr
    return lines[0]


def calls(store: Path) -> int:
    return len(list((store / "calls").rglob("*.bin")))


def flip(path: Path) -> None:
    """Change one bit in the middle of a file, where it lies."""
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def start(*arguments: object, store: Path) -> "subprocess.Popen[str]":
    command = [*PROGRAM, *map(str, arguments)]
    env = {**os.environ, "WAVAGENT_STORE": str(store)}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kinds", [["clips", "mix"], ["calls", "levels"]])
def test_damage_between_runs_is_made_again(
    wavagent: Run, made: tuple[Path, Path], tmp_path: Path, kinds: list[str]
) -> None:
    tale, folder = made
    shutil.copytree(folder / "store", tmp_path / "store")
    for kind in kinds:
        for path in sorted((tmp_path / "store" / kind).rglob("*.*")):
            flip(path)
    done = wavagent("make", tale, "-o", tmp_path / "told.mp3", WAVAGENT_STORE=str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "told.mp3").read_bytes() == (folder / "told.mp3").read_bytes()


def test_damage_during_a_run_is_made_again_by_it_or_by_the_next(
    wavagent: Run, made: tuple[Path, Path], tmp_path: Path
) -> None:
    tale, folder = made
    store, chance, hit = tmp_path / "store", random.Random(3), set[Path]()
    running = start("make", tale, "-o", tmp_path / "told.mp3", store=store)
    while running.poll() is None and len(hit) < 6:
        if found := sorted(path for path in store.rglob("*.*") if path.suffix in (".bin", ".npy") and path not in hit):
            hit.add(path := chance.choice(found))
            flip(path)
        time.sleep(0.02)
    out, said = running.communicate()
    assert hit
    if running.returncode:
        sentence(subprocess.CompletedProcess([], running.returncode, out, said))
        done = wavagent("make", tale, "-o", tmp_path / "told.mp3", WAVAGENT_STORE=str(store))
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "told.mp3").read_bytes() == (folder / "told.mp3").read_bytes()


def test_a_store_that_is_deleted_during_a_run_is_made_again(made: tuple[Path, Path], tmp_path: Path) -> None:
    tale, folder = made
    store = tmp_path / "store"
    running = start("make", tale, "-o", tmp_path / "told.mp3", store=store)
    while running.poll() is None and calls(store) < 2:
        time.sleep(0.005)
    shutil.rmtree(store, ignore_errors=True)
    said = running.communicate()[1]
    assert running.returncode == 0, said
    assert (tmp_path / "told.mp3").read_bytes() == (folder / "told.mp3").read_bytes()


def test_two_that_render_the_same_story_at_once_both_succeed_with_the_same_bytes(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    tale, folder = made
    both = [start("make", tale, "-o", tmp_path / f"{n}.mp3", store=tmp_path / "store") for n in range(2)]
    for running in both:
        said = running.communicate()[1]
        assert running.returncode == 0, said
    assert {(tmp_path / f"{n}.mp3").read_bytes() for n in range(2)} == {(folder / "told.mp3").read_bytes()}
    assert calls(tmp_path / "store") == calls(folder / "store")
    assert os.listdir(tmp_path / "store" / "tmp") == []


def test_a_clock_that_was_set_back_changes_nothing(wavagent: Run, made: tuple[Path, Path], tmp_path: Path) -> None:
    _, folder = made
    shutil.copytree(folder / "store", tmp_path / "store")
    for path in (tmp_path / "store").rglob("*.*"):
        os.utime(path, (time.time() + 4e7,) * 2)
    env = {"WAVAGENT_STORE": str(tmp_path / "store")}
    assert json.loads(wavagent("cache", "gc", "--older", "1d", "--json", **env).stdout)["removed"] == {}
    assert calls(tmp_path / "store") == calls(folder / "store")


def test_a_file_where_the_store_should_be_is_one_sentence(
    wavagent: Run, made: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("I am a file.")
    done = wavagent("make", made[0], "-o", tmp_path / "a.mp3", WAVAGENT_STORE=str(tmp_path / "store"))
    assert "Not a directory; name another one in WAVAGENT_STORE" in sentence(done)
    done = wavagent("cache", "gc", WAVAGENT_STORE=str(tmp_path / "store"))
    assert "Not a directory" in sentence(done)
    assert (tmp_path / "store").read_text() == "I am a file."


DENIED = """
import errno, wavagent.shelf
real, written = wavagent.shelf._write_new, []
def denied(path, pieces):
    if len(written) == 7:
        raise PermissionError(errno.EACCES, "Permission denied")
    written.append(path)
    real(path, pieces)
wavagent.shelf._write_new = denied
from wavagent.cli import main; main()
"""


def test_a_store_that_may_not_be_written_any_more_keeps_what_it_has(
    wavagent: Run, made: tuple[Path, Path], tmp_path: Path
) -> None:
    tale, folder = made
    store, env = tmp_path / "store", {"WAVAGENT_STORE": str(tmp_path / "store")}
    command = [sys.executable, "-c", DENIED, "make", str(tale), "-o", str(tmp_path / "told.mp3")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env})
    assert "cannot be written: Permission denied; name another one in WAVAGENT_STORE" in sentence(done)
    kept = calls(store)
    assert kept > 0 and os.listdir(store / "tmp") == []
    again = json.loads(wavagent("make", tale, "-o", tmp_path / "told.mp3", "--json", **env).stdout)
    assert again["ran"] == calls(folder / "store") - kept
    assert (tmp_path / "told.mp3").read_bytes() == (folder / "told.mp3").read_bytes()


# A disk of our own

SMALL_DISK = """
mount -t tmpfs -o "size=$SIZE" none "$STORE" || exit 77
told() { "$@" --json > "$OUT/$name.json" 2> "$OUT/$name.err"; echo $? > "$OUT/$name.code"; }
name=full; told "$@"
ls "$STORE/calls"/*/* | wc -l > "$OUT/kept"; ls "$STORE/tmp" > "$OUT/drafts"
mount -o remount,size=200m "$STORE"
name=more; told "$@"
mount -o remount,ro "$STORE"
name=warm; told "$@"
name=cold; told "$@" --seed 9
"""


@pytest.fixture
def disk(made: tuple[Path, Path], tmp_path: Path) -> Callable[[str], Any]:
    """What the command did on a small disk ('full'), when there was more room ('more'), and when the disk could only
    be read ('warm', and 'cold' with another seed): its exit code, what it printed and what it said."""
    (tmp_path / "store").mkdir()
    store = str(tmp_path / "store")
    needed = sum(path.stat().st_size for path in (made[1] / "store").rglob("*.*"))
    env = {"STORE": store, "OUT": str(tmp_path), "WAVAGENT_STORE": store, "SIZE": str(needed * 4 // 5)}
    command = [*PROGRAM, "make", str(made[0]), "-o", str(tmp_path / "told.mp3")]
    try:
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", *command], env={**os.environ, **env}, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if done.returncode == 77 or not (tmp_path / "cold.code").exists():
        pytest.skip("a disk cannot be mounted here")

    def read(name: str) -> "subprocess.CompletedProcess[str]":
        code, out, said = ((tmp_path / f"{name}.{end}").read_text("utf-8") for end in ("code", "json", "err"))
        return subprocess.CompletedProcess(command, int(code), out, said)

    return read


def test_a_full_disk_and_one_that_can_only_be_read(
    disk: Callable[[str], "subprocess.CompletedProcess[str]"], made: tuple[Path, Path], tmp_path: Path
) -> None:
    full = sentence(disk("full"))
    assert "is full; free some space and run the same command again: what was finished is kept" in full
    kept = int((tmp_path / "kept").read_text())
    assert kept > 0
    assert (tmp_path / "drafts").read_text() == ""
    more = disk("more")
    assert more.returncode == 0, more.stderr
    assert json.loads(more.stdout)["ran"] == calls(made[1] / "store") - kept
    assert json.loads(disk("warm").stdout)["ran"] == 0, "what is there can be read"
    assert "cannot be written: Read-only file system; name another one" in sentence(disk("cold"))
    assert (tmp_path / "told.mp3").read_bytes() == (made[1] / "told.mp3").read_bytes()
