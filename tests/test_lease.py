"""A lease is held while its process lives, and no longer; no clock and no process number is asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wavagent.lease import DRAFT, SUFFIX, drafting, held, take

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="leases are locks of POSIX")

TAKE = "from wavagent.lease import take; lease = take({folder!r}); print(lease.name, flush=True); input()"
DRAW = (
    "from pathlib import Path; from wavagent.lease import drafting\n"
    "with drafting(Path({folder!r})) as fresh: fresh.write_text('half'); print(fresh.name, flush=True); input()"
)


@contextmanager
def other(program: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Another process, and the first line that it prints; it ends with the block."""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_lease_is_seen_while_somebody_has_it(tmp_path: Path) -> None:
    lease = take(str(tmp_path / "new" / "tmp"))
    assert lease is not None
    assert held(str(tmp_path / "new" / "tmp"), clear=True) == {lease.name: lease.since}
    assert not lease.lost
    del lease
    assert files(tmp_path / "new" / "tmp") == []


def test_a_lease_of_a_killed_process_is_dead_at_once(tmp_path: Path) -> None:
    with other(TAKE.format(folder=str(tmp_path))) as (process, name):
        assert list(held(str(tmp_path), clear=True)) == [name]
        process.kill()
        process.wait()
        assert files(tmp_path) == [name + SUFFIX], "nobody could remove it"
        assert held(str(tmp_path)) == {}
        assert files(tmp_path) == [name + SUFFIX], "looking removes nothing"
        assert held(str(tmp_path), clear=True) == {}
        assert files(tmp_path) == []


def test_a_process_that_ends_well_takes_its_lease_with_it(tmp_path: Path) -> None:
    with other(TAKE.format(folder=str(tmp_path))) as (process, _):
        process.communicate("\n", timeout=10)
    assert files(tmp_path) == []


def test_a_lease_whose_file_was_removed_is_lost(tmp_path: Path) -> None:
    lease = take(str(tmp_path))
    assert lease is not None
    (tmp_path / (lease.name + SUFFIX)).unlink()
    assert lease.lost
    assert held(str(tmp_path)) == {}


def test_a_fork_that_ends_leaves_the_lease_alone(tmp_path: Path) -> None:
    program = (
        "import os, sys; from wavagent.lease import take, held\n"
        f"lease = take({str(tmp_path)!r})\n"
        "if not (child := os.fork()): sys.exit()\n"
        f"os.waitpid(child, 0); print(list(held({str(tmp_path)!r}, clear=True)) == [lease.name], not lease.lost)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "True True\n", done.stderr


def test_where_nothing_can_be_written_there_is_no_lease(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert take(str(tmp_path / "file" / "tmp")) is None
    assert held(str(tmp_path / "nowhere")) == {}


def test_where_there_are_no_locks_there_is_no_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wavagent.lease._lock", lambda descriptor, wait: False)
    assert take(str(tmp_path)) is None
    assert files(tmp_path) == []
    with drafting(tmp_path) as fresh:
        fresh.write_text("whole")
        with drafting(tmp_path):
            assert fresh.exists(), "whose it is cannot be told, so it is left alone"


def test_a_draft_is_there_for_the_block_only(tmp_path: Path) -> None:
    with drafting(tmp_path) as fresh:
        assert fresh.suffix == DRAFT and fresh.exists()
    with drafting(tmp_path) as fresh:
        fresh.rename(tmp_path / "done")
    with pytest.raises(KeyboardInterrupt), drafting(tmp_path):
        raise KeyboardInterrupt
    assert files(tmp_path) == ["done"]


def test_the_next_draft_clears_away_what_a_killed_process_left_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "theirs.part").write_text("somebody's own")
    with other(DRAW.format(folder=str(tmp_path))) as (process, name):
        with drafting(tmp_path) as fresh:
            assert files(tmp_path) == sorted([name, fresh.name, "theirs.part"]), "it lives, so its draft is its own"
        process.kill()
        process.wait()
        with drafting(tmp_path) as fresh:
            assert files(tmp_path) == sorted([fresh.name, "theirs.part"])
