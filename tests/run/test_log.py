"""What a process says is kept: all of it, up to a bound, and only if it says something."""

import os
import time
from pathlib import Path

import pytest

from wavagent.run import log
from wavagent.run.log import Log, tidy


def logged(folder: Path, *said: bytes, name: str = "tool-1") -> tuple[Log, str]:
    """A log of what was said, and the last line."""
    read, write = os.pipe()
    kept = Log(os.fdopen(read, "rb"), folder, name)
    with os.fdopen(write, "wb", buffering=0) as stream:
        for one in said:
            stream.write(one)
    return kept, kept.close(20.0)


def test_a_log_holds_all_that_was_said_and_knows_the_last_line(tmp_path: Path) -> None:
    kept, last = logged(tmp_path, b"one\ntwo\n", b"\xff three  \n\n")
    assert last == "\N{REPLACEMENT CHARACTER} three"
    assert kept.path is not None and kept.path.read_bytes() == b"one\ntwo\n\xff three  \n\n"


def test_silence_leaves_no_file(tmp_path: Path) -> None:
    kept, last = logged(tmp_path / "logs")
    assert (kept.path, last, list(tmp_path.iterdir())) == (None, "", [])


def test_a_log_keeps_the_end_and_stays_within_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LIMIT", 1000)
    kept, last = logged(tmp_path, *(b"line %d\n" % number for number in range(2000)))
    assert kept.path is not None
    text = kept.path.read_text()
    assert last == "line 1999"
    assert len(text) <= 1000
    assert text.startswith("... what was said before is cut\n")
    assert text.endswith("line 1997\nline 1998\nline 1999\n")


def test_one_who_says_more_at_once_than_fits_is_cut_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LIMIT", 1000)
    kept, _ = logged(tmp_path, b"x" * 70_000 + b"end")
    assert kept.path is not None
    assert kept.path.stat().st_size <= 1000
    assert kept.path.read_bytes().endswith(b"xend")


def test_a_grandchild_that_holds_the_stream_holds_up_nobody(tmp_path: Path) -> None:
    read, write = os.pipe()
    kept = Log(os.fdopen(read, "rb"), tmp_path, "tool-1")
    os.write(write, b"said\n")
    deadline = time.monotonic() + 20
    while kept.path is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    assert kept.close(0.01) == "said"
    os.close(write)
    kept.close(20.0)


def test_the_oldest_logs_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "KEPT", 3)
    for number in range(5):
        (tmp_path / f"2026010{number}-000000-tool-1.log").write_text("x")
    (tmp_path / "notes.txt").write_text("mine")
    tidy(tmp_path)
    assert sorted(path.name[:8] for path in tmp_path.iterdir()) == ["20260103", "20260104", "notes.tx"]
