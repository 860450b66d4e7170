import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from wavagent.cli.cache import age, amount, size
from wavagent.store import Store

Run = Callable[..., Any]

AB, CD = "ab" * 32, "cd" * 32


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two segments of a mix, one of them last used two days ago."""
    folder = tmp_path / "store"
    store = Store(str(folder))
    for key in (AB, CD):
        store.put_bytes("mix", key, bytes(5_000))
    os.utime(segment(folder, AB), (time.time() - 2 * 86_400,) * 2)
    return folder


def segment(folder: Path, key: str) -> Path:
    return folder / "mix" / key[:2] / f"{key[2:]}.bin"


def test_ls_tells_what_there_is(wavagent: Run, store: Path) -> None:
    done = wavagent("cache", "ls", "--store", store)
    assert (done.returncode, done.stderr) == (0, "")
    assert "mix" in done.stdout and "2 files, 10.1 kB" in done.stdout
    said = json.loads(wavagent("cache", "ls", "--store", store, "--json").stdout)
    assert said["store"] == str(store)
    assert (said["files"], said["at_work"], said["kinds"]["mix"]["files"]) == (2, 0, 2)
    assert said["kinds"]["mix"]["newest"] - said["kinds"]["mix"]["oldest"] > 86_400
    assert len(said["biggest"]) == 2


def test_a_store_that_is_not_there_is_empty(wavagent: Run, tmp_path: Path) -> None:
    for command in ("ls", "gc", "verify"):
        assert wavagent("cache", command, "--store", tmp_path / "nowhere").returncode == 0
    assert not (tmp_path / "nowhere").exists()


def test_gc_removes_what_is_old_and_says_so(wavagent: Run, store: Path) -> None:
    done = wavagent("cache", "gc", "--older", "1d", "--dry-run", WAVAGENT_STORE=str(store))
    assert done.stdout.startswith("would remove 1 old (5.0 kB); 5.0 kB would be left")
    assert segment(store, AB).exists()
    done = wavagent("cache", "gc", "--older", "1d", WAVAGENT_STORE=str(store))
    assert done.stdout.startswith("removed 1 old (5.0 kB)")
    assert not segment(store, AB).exists() and segment(store, CD).exists()


def test_gc_makes_the_store_fit(wavagent: Run, store: Path) -> None:
    said = json.loads(wavagent("cache", "gc", "--to", "6kB", "--store", store, "--json").stdout)
    assert said["removed"] == {"least recently used": {"files": 1, "bytes": 5_032}}
    assert (said["left"], said["over"]) == (5_032, 0)
    assert segment(store, CD).exists()


def test_what_a_project_needs_is_kept_and_is_enough_to_render_it(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    store, project = tmp_path / "kept", tmp_path / "story"
    assert wavagent("make", tale, "-o", project, "-q", WAVAGENT_STORE=str(store)).returncode == 0
    Store(str(store)).put_bytes("mix", AB, bytes(1_000))
    done = wavagent("cache", "gc", "--to", "0", "--project", project, "--json", WAVAGENT_STORE=str(store))
    said = json.loads(done.stdout)
    assert done.returncode == 3, "it does not fit, and that is said"
    assert said["over"] == said["left"] > 0
    assert said["removed"] == {"least recently used": {"files": 1, "bytes": 1_032}}
    again = json.loads(wavagent("render", project, "-q", "--json", WAVAGENT_STORE=str(store)).stdout)
    assert (again["ran"], again["mixed"]) == (0, 0)
    assert wavagent("cache", "gc", "--to", "0", WAVAGENT_STORE=str(store)).returncode == 0
    assert json.loads(wavagent("cache", "ls", "--json", WAVAGENT_STORE=str(store)).stdout)["files"] == 0


def test_a_project_that_cannot_be_read_stops_the_sweep(wavagent: Run, store: Path, tmp_path: Path) -> None:
    done = wavagent("cache", "gc", "--to", "0", "--project", tmp_path / "nowhere", "--store", store)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "nowhere" in done.stderr
    assert segment(store, AB).exists()


def test_verify_names_what_is_damaged_and_repairs_when_asked(wavagent: Run, store: Path) -> None:
    assert wavagent("cache", "verify", "--store", store).stdout == "2 files checked (10.1 kB), 0 damaged\n"
    segment(store, AB).write_bytes(segment(store, AB).read_bytes()[:-1])
    done = wavagent("cache", "verify", "--store", store)
    assert done.returncode == 1
    assert f"damaged: mix/ab/{AB[2:]}.bin" in done.stdout
    said = json.loads(wavagent("cache", "verify", "--repair", "--store", store, "--json").stdout)
    assert (said["files"], said["damaged"], said["repaired"]) == (2, [f"mix/ab/{AB[2:]}.bin"], True)
    assert wavagent("cache", "verify", "--store", store).returncode == 0


@pytest.mark.parametrize("arguments", [["--older", "soon"], ["--to", "10XB"], ["--to", "-1"], ["--older", "30"]])
def test_wrong_amounts_are_wrong_usage(wavagent: Run, store: Path, arguments: list[str]) -> None:
    done = wavagent("cache", "gc", *arguments, "--store", store)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert segment(store, AB).exists()


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90.0), ("30m", 1_800.0), ("12h", 43_200.0), ("1.5 d", 129_600.0), ("2W", 1_209_600.0)]
)
def test_ages(text: str, seconds: float) -> None:
    assert age(text) == seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("500", 500),
        ("500MB", 500_000_000),
        ("10g", 10**10),
        ("1.5GiB", 3 * 2**29),
        ("2 kib", 2_048),
        ("7B", 7),
    ],
)
def test_sizes(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "GB", "1e3", "10 GBB", "ten", "1,5GB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        size(text)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (32_400_000, "32.4 MB"), (7e15, "7000.0 TB")]
)
def test_amounts(count: float, text: str) -> None:
    assert amount(count) == text
