"""Sweeping: what nobody can use goes first, then what was used longest ago, and never what somebody is using."""

import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import StoreError
from wavagent.inventory import verify
from wavagent.store import Store, key_of
from wavagent.sweep import DAY, sweep
from wavagent.tool import Result

AB, CD = "ab" * 32, "cd" * 32

counter = itertools.count()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def tone(level: float, frames: int = 1_000) -> Result:
    return Result(Audio(np.full((frames, 1), level, np.float32), 8_000))


def fill(folder: Path, calls: int = 3) -> list[str]:
    """Keep so many calls, each a day older than the next; nobody is at work afterwards."""
    store = Store(str(folder))
    keys = [key_of(turn=turn) for turn in range(calls)]
    for turn, key in enumerate(keys):
        store.put(key, tone(0.1 + turn))
        used(folder, key, calls - turn)
    return keys


def used(folder: Path, key: str, days: float) -> None:
    """Make everything under a key look as if it was last used so many days ago."""
    for path in folder.rglob(f"{key[2:]}.*"):
        os.utime(path, (time.time() - days * DAY,) * 2)


def there(folder: Path, kind: str = "") -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lease")
    return sorted(str(path.relative_to(folder)) for path in found if str(path.relative_to(folder)).startswith(kind))


# What nobody can use


def test_a_sound_store_is_left_as_it_is(folder: Path) -> None:
    fill(folder)
    before = there(folder)
    swept = sweep(Store(str(folder)))
    assert (swept.removed, swept.over) == ({}, 0)
    assert there(folder) == before
    assert swept.left == sum((folder / path).stat().st_size for path in before)


def test_a_store_that_is_not_there_is_not_made(folder: Path) -> None:
    assert sweep(Store(str(folder)), to=0).left == 0
    assert not folder.exists()


def test_a_clip_that_no_call_names_goes(folder: Path) -> None:
    first, *_ = fill(folder)
    (folder / "calls" / first[:2] / f"{first[2:]}.bin").unlink()
    assert list(sweep(Store(str(folder))).removed) == ["unreferenced"]
    assert len(there(folder, "clips")) == 2


def test_a_damaged_call_goes_with_its_clip(folder: Path) -> None:
    first, *_ = fill(folder)
    path = folder / "calls" / first[:2] / f"{first[2:]}.bin"
    path.write_bytes(path.read_bytes()[:-1])
    assert {reason: files for reason, (files, _) in sweep(Store(str(folder))).removed.items()} == {
        "damaged": 1,
        "unreferenced": 1,
    }
    assert (len(there(folder, "calls")), len(there(folder, "clips"))) == (2, 2)


def test_a_call_whose_clip_is_gone_goes(folder: Path) -> None:
    fill(folder)
    (folder / there(folder, "clips")[0]).unlink()
    sweep(Store(str(folder)))
    assert len(there(folder, "calls")) == 2


def test_what_another_version_wrote_keeps_its_clips_until_they_are_old(folder: Path) -> None:
    fill(folder)
    store = Store(str(folder))
    for path in there(folder, "calls"):
        store.put_bytes("calls", path[6:8] + path[9:-4], b'{"clip": "in a form of tomorrow"}')
    del store
    assert sweep(Store(str(folder))).removed == {}
    assert len(there(folder, "clips")) == 3
    sweep(Store(str(folder)), to=0)
    assert there(folder) == []


def test_files_of_others_are_left_alone(folder: Path) -> None:
    fill(folder)
    (folder / "notes.txt").write_text("buy milk")
    (folder / "clips" / "readme.txt").write_text("mine")
    sweep(Store(str(folder)), older=0.0, to=0)
    assert there(folder) == ["clips/readme.txt", "notes.txt"]


HALF = (
    "import os, sys; from wavagent.store import Store\n"
    "def stop(*_): print('half', flush=True); input()\n"
    "os.replace = stop\n"
    "Store(sys.argv[1]).put_bytes('mix', 'ab' * 32, b'half')"
)


@pytest.mark.skipif(sys.platform == "win32", reason="leases are locks of POSIX")
def test_a_temporary_file_goes_when_its_process_is_gone_and_not_before(folder: Path) -> None:
    command = [sys.executable, "-c", HALF, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "half\n"
        assert sweep(Store(str(folder)), older=0.0, to=0).removed == {}
        assert len(there(folder, "tmp")) == 1
        process.kill()
        process.wait()
    assert list(sweep(Store(str(folder)), dry=True).removed) == ["temporary"]
    assert len(there(folder, "tmp")) == 1
    assert list(sweep(Store(str(folder))).removed) == ["temporary"]
    assert os.listdir(folder / "tmp") == []


def test_a_temporary_file_of_nobody_knows_whom_goes_after_a_day(folder: Path) -> None:
    (folder / "tmp").mkdir(parents=True)
    draft = folder / "tmp" / ("0" * 32)
    draft.write_bytes(b"half")
    assert sweep(Store(str(folder)), to=0).removed == {}
    os.utime(draft, (time.time() - DAY - 60.0,) * 2)
    assert sweep(Store(str(folder))).removed == {"temporary": (1, 4)}


# Age and size


def test_what_was_not_used_for_long_goes_with_its_clip(folder: Path) -> None:
    keys = fill(folder)
    swept = sweep(Store(str(folder)), older=1.5 * DAY)
    assert swept.removed["old"][0] == 4
    store = Store(str(folder))
    assert [store.get(key) is not None for key in keys] == [False, False, True]
    assert len(there(folder)) == 2


def test_what_was_used_longest_ago_goes_until_the_rest_fits(folder: Path) -> None:
    keys = fill(folder)
    whole = sweep(Store(str(folder))).left
    assert sweep(Store(str(folder)), to=whole).removed == {}
    swept = sweep(Store(str(folder)), to=whole - 1)
    assert swept.removed["least recently used"][0] == 2
    assert swept.left == whole - swept.size
    store = Store(str(folder))
    assert [store.get(key) is not None for key in keys] == [False, True, True]


def test_a_clip_stays_as_long_as_one_call_names_it(folder: Path) -> None:
    store = Store(str(folder))
    for key, days in ((AB, 9.0), (CD, 1.0)):
        store.put(key, tone(0.5))
        used(folder, key, days)
    del store
    assert sweep(Store(str(folder)), older=5 * DAY).removed["old"][0] == 1
    assert len(there(folder, "clips")) == 1
    assert Store(str(folder)).get(CD) is not None


def test_what_is_of_use_only_together_goes_together(folder: Path) -> None:
    store = Store(str(folder))
    for kind in ("mix", "levels"):
        store.put_bytes(kind, AB, bytes(100))
    used(folder, AB, 9.0)
    os.utime(folder / there(folder, "levels")[0])
    del store
    assert sweep(Store(str(folder)), older=5 * DAY).removed == {}, "the levels were used, so the mix is wanted"
    used(folder, AB, 9.0)
    assert sweep(Store(str(folder)), older=5 * DAY).removed["old"][0] == 2


def test_answers_cost_money_and_go_last(folder: Path) -> None:
    store = Store(str(folder))
    store.put_bytes("answers", AB, bytes(100))
    used(folder, AB, 90.0)
    store.put_bytes("mix", CD, bytes(100))
    del store
    sweep(Store(str(folder)), to=150)
    assert [path.split("/")[0] for path in there(folder)] == ["answers"]


def test_what_is_to_be_kept_stays_and_what_is_over_is_said(folder: Path) -> None:
    first, *_ = fill(folder)
    swept = sweep(Store(str(folder)), older=0.0, to=10, keep={first})
    assert Store(str(folder)).get(first) is not None
    assert len(there(folder)) == 2
    assert swept.over == swept.left - 10


def test_a_dry_run_says_the_same_and_removes_nothing(folder: Path) -> None:
    fill(folder)
    before = there(folder)
    said = sweep(Store(str(folder)), older=1.5 * DAY, to=10, dry=True)
    assert there(folder) == before
    assert sweep(Store(str(folder)), older=1.5 * DAY, to=10) == said


# Who is at work


@pytest.mark.skipif(sys.platform == "win32", reason="leases are locks of POSIX")
def test_what_a_process_that_is_at_work_has_used_stays(folder: Path) -> None:
    keys = fill(folder)
    working = Store(str(folder))
    entry = working.get(keys[0])
    made = working.put(AB, tone(0.7))
    swept = sweep(Store(str(folder)), older=0.0, to=0)
    assert swept.removed["old"][0] == 4, "the other two calls and their clips"
    assert swept.over == swept.left > 0
    assert entry is not None and working.clip(entry) is not None and working.clip(made) is not None
    del working
    assert sweep(Store(str(folder)), to=0).left == 0


@pytest.mark.skipif(sys.platform == "win32", reason="leases are locks of POSIX")
def test_a_clip_whose_call_is_about_to_be_written_stays(folder: Path) -> None:
    fill(folder, calls=1)
    (call,) = there(folder, "calls")
    (folder / call).unlink()
    working = Store(str(folder))
    working.put_samples((folder / there(folder, "clips")[0]).read_bytes(), 8_000)
    assert sweep(Store(str(folder)), to=0).removed == {}
    assert len(there(folder, "clips")) == 1


def test_where_it_cannot_be_told_who_is_at_work_a_day_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = fill(folder)
    used(folder, keys[0], 0.9)
    monkeypatch.setattr("wavagent.sweep.take", lambda folder: None)
    sweep(Store(str(folder)), to=0)
    assert [Store(str(folder)).get(key) is not None for key in keys] == [True, False, False]


def test_in_a_store_that_is_no_folder_a_day_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(f"memory://sweep-{next(counter)}")
    store.put(AB, tone(0.5))
    assert sweep(store, older=0.0, to=0).removed == {}
    later = time.time() + 2 * DAY
    monkeypatch.setattr("wavagent.sweep.time.time", lambda: later)
    assert sweep(store, to=0).removed["least recently used"][0] == 2
    assert list(store.shelf.files()) == []


# Clocks


def test_a_clock_that_was_set_back_loses_nothing(folder: Path) -> None:
    keys = fill(folder)
    used(folder, keys[0], -400.0)
    sweep(Store(str(folder)), older=5 * DAY)
    store = Store(str(folder))
    assert all(store.get(key) is not None for key in keys)


def test_a_use_in_the_future_counts_as_one_now_so_that_it_ages(folder: Path) -> None:
    fill(folder, calls=1)
    (call,) = there(folder, "calls")
    os.utime(folder / call, (time.time() + 400 * DAY,) * 2)
    sweep(Store(str(folder)), dry=True)
    assert (folder / call).stat().st_mtime > time.time() + DAY, "a dry run changes nothing"
    sweep(Store(str(folder)))
    assert (folder / call).stat().st_mtime <= time.time() + 60.0


@pytest.mark.skipif(sys.platform == "win32", reason="leases are locks of POSIX")
def test_while_a_process_works_whose_beginning_lies_in_the_future_only_rubbish_goes(folder: Path) -> None:
    """The clock was set back under it: when it used what, cannot be told."""
    fill(folder)
    working = Store(str(folder))
    working.put_bytes("mix", AB, b"1")
    (lease,) = (folder / "tmp").glob("*.lease")
    os.utime(lease, (time.time() + DAY,) * 2)
    before = there(folder)
    assert sweep(Store(str(folder)), older=0.0, to=0).removed == {}
    assert there(folder) == before


# Faults


def test_a_call_that_cannot_be_read_stops_the_sweep(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may name a clip; what cannot be known is not removed."""
    fill(folder)
    before = there(folder)

    def fail(*_: object, **__: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("fsspec.implementations.local.LocalFileSystem.cat_file", fail)
    with pytest.raises(StoreError, match="cannot be read: Input/output error"):
        sweep(Store(str(folder)), to=0)
    assert there(folder) == before


def test_a_file_that_cannot_be_removed_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder)

    def fail(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("wavagent.shelf.os.remove", fail)
    with pytest.raises(StoreError, match="cannot be removed: Read-only file system"):
        sweep(Store(str(folder)), to=0)


# All at once

KEYS = [key_of(turn=turn) for turn in range(12)]


def of(turn: int) -> Result:
    """What the call of a turn makes, always the same: two turns share a clip."""
    return tone(0.1 + turn % 6, frames=2_000 + 500 * (turn % 6))


def mess(url: str, seed: int, turns: int) -> None:
    """Write, read, check, sweep, and empty the store in a random order; what is found is always right and whole."""
    chance, store = random.Random(seed), Store(url)
    for _ in range(turns):
        turn = chance.randrange(len(KEYS))
        match chance.choices(["put", "get", "bytes", "sweep", "verify", "vandal", "anew"], [8, 8, 6, 2, 1, 1, 1])[0]:
            case "put":
                store.put(KEYS[turn], of(turn))
            case "get":
                if (entry := store.get(KEYS[turn])) is not None and (clip := store.clip(entry)) is not None:
                    np.testing.assert_array_equal(clip.samples, of(turn).audio.samples)
            case "bytes":
                found = store.get_bytes("mix", KEYS[turn])
                assert found in (None, bytes([turn]) * 3_000)
                store.put_bytes("mix", KEYS[turn], bytes([turn]) * 3_000)
            case "sweep":
                sweep(store, older=chance.choice([None, 0.0]), to=chance.choice([None, 0, 20_000]))
            case "verify":
                assert verify(store).damaged == ()
            case "vandal":
                shutil.rmtree(os.path.join(url, chance.choice(["clips", "calls", "mix", "tmp", ""])), True)
            case _:
                store = Store(url)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_crowd_that_writes_reads_sweeps_and_dies_never_sees_half_a_file(folder: Path) -> None:
    program = (
        "import runpy, sys; mess, seed = runpy.run_path(sys.argv[1])['mess'], int(sys.argv[3])\n"
        "mess(sys.argv[2], seed, 20); print('at it', flush=True); mess(sys.argv[2], seed, 10**9)"
    )

    def start(seed: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", program, __file__, str(folder), str(seed)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kill(victim: "subprocess.Popen[bytes]") -> None:
        assert victim.stdout is not None
        begun = victim.stdout.readline()
        victim.kill()
        assert (victim.communicate()[1], begun, victim.returncode) == (b"", b"at it\n", -9)

    crowd = [start(seed) for seed in range(3)]
    for seed in range(3, 5):
        kill(crowd.pop(0))
        crowd.append(start(seed))
        mess(str(folder), seed, 60)  # in this process too, meanwhile
    for left in crowd:
        kill(left)
    sweep(Store(str(folder)))
    assert there(folder, "tmp") == []
    assert verify(Store(str(folder))).damaged == ()
