"""What runs measured, and the pace that follows from it."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from wavagent.speeds import KEPT, LARGEST, Pace, Speeds, Timing, fitted


def timing(tool: str = "voice", calls: int = 1, seconds: float = 1.0, took: float = 1.0) -> Timing:
    return Timing(tool, tuple(f"c{n}" for n in range(calls)), seconds, 0.0, took)


@pytest.fixture
def speeds(tmp_path: Path) -> Speeds:
    return Speeds(tmp_path / "cache" / "speeds.jsonl")


def test_the_two_numbers_of_a_pace_are_found_again(speeds: Speeds) -> None:
    dice = random.Random(1)
    true = Pace(0.3, 0.02)
    sizes = [(dice.randint(1, 16), dice.uniform(1.0, 200.0)) for _ in range(30)]
    speeds.record([timing("voice", calls, sound, true.took(calls, sound)) for calls, sound in sizes])
    found = speeds.read()["voice"]
    assert (found.call, found.second, found.runs) == pytest.approx((0.3, 0.02, 1), rel=0.01)


@pytest.mark.parametrize("per", [Pace(0.5, 0.0), Pace(0.0, 0.1)])
def test_neither_number_is_ever_below_nothing(per: Pace) -> None:
    dice = random.Random(2)
    sizes = [(dice.randint(1, 9), dice.uniform(1.0, 30.0)) for _ in range(12)]
    found = fitted([[(c, s, per.took(c, s) * dice.uniform(0.9, 1.1)) for c, s in sizes]])
    assert found.call >= 0.0 and found.second >= 0.0
    assert sum(found.took(*one) for one in sizes) == pytest.approx(sum(per.took(*one) for one in sizes), rel=0.1)


def test_one_batch_alone_is_a_pace(speeds: Speeds) -> None:
    speeds.record([timing("voice", 4, 20.0, 2.0)])
    assert speeds.read()["voice"].took(4, 20.0) == pytest.approx(2.0)


def test_a_run_on_a_busy_machine_changes_little(speeds: Speeds) -> None:
    for took in (1.0, 1.02, 60.0, 0.98, 1.01):
        speeds.record([timing("voice", 1, 10.0, took)])
    assert speeds.read()["voice"].took(1, 10.0) == pytest.approx(1.0, rel=0.1)


def test_a_machine_that_became_slower_is_believed(speeds: Speeds) -> None:
    for took in [1.0] * KEPT + [3.0] * 6:
        speeds.record([timing("voice", 1, 10.0, took)])
    assert speeds.read()["voice"].took(1, 10.0) > 2.5


def test_a_large_run_counts_more_than_one_line(speeds: Speeds) -> None:
    speeds.record([timing("voice", 16, 100.0, 1.0) for _ in range(10)])
    speeds.record([timing("voice", 1, 5.0, 1.0)])  # the model was loaded for it
    assert speeds.read()["voice"].took(160, 1000.0) < 20.0


def test_runs_of_another_process_are_found(speeds: Speeds, tmp_path: Path) -> None:
    speeds.record([timing("voice"), timing("hum", took=5.0)])
    there = Speeds(tmp_path / "cache" / "speeds.jsonl").read()
    assert {tool: pace.took(1, 1.0) for tool, pace in there.items()} == pytest.approx({"voice": 1.0, "hum": 5.0})


MANY = """
import sys
from pathlib import Path
from wavagent.speeds import KEPT, Speeds, Timing

for _ in range(KEPT):
    Speeds(Path(sys.argv[1])).record([Timing(sys.argv[2], ("a",), 1.0, 0.0, 2.0)] * 30)
"""


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "speeds.jsonl"
    processes = [subprocess.Popen([sys.executable, "-c", MANY, str(path), f"tool{n}"]) for n in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert {tool: pace.runs for tool, pace in Speeds(path).read().items()} == {f"tool{n}": KEPT for n in range(3)}


DAMAGED = {
    "noise": b"\xff\x00\xfe nonsense",
    "half a line": b'{"tool":"voice","meas',
    "another shape": b'{"tool":"voice","measures":[[1,2]]}\n[]\n7\n',
    "no numbers": b'{"tool":"voice","measures":[[1,"x",3]]}\n',
    "no calls": b'{"tool":"voice","measures":[[0,1,1]]}\n',
    "not finite": b'{"tool":"voice","measures":[[1,NaN,1],[1,1,Infinity]]}\n',
    "nothing": b"",
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_knows_nothing_and_is_gone_on_with(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "speeds.jsonl"
    path.write_bytes(data)
    speeds = Speeds(path)
    assert speeds.read() == {}
    speeds.record([timing()])
    assert speeds.read()["voice"].runs == 1


def test_a_place_that_cannot_be_written_is_no_fault_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Speeds(tmp_path / "file" / "speeds.jsonl").record([timing()])
    Speeds(None).record([timing()])
    assert Speeds(None).read() == Speeds(tmp_path / "no" / "file").read() == {}


def test_the_file_stays_small_and_the_pace_what_it_was(speeds: Speeds, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "speeds.jsonl"
    for _ in range(600):
        speeds.record([timing("voice", 3, 7.0, 1.5)] * 40)
    assert path.stat().st_size < LARGEST + 2000
    assert speeds.read()["voice"].took(3, 7.0) == pytest.approx(1.5)
    assert [one.name for one in path.parent.iterdir()] == ["speeds.jsonl"]


def test_a_long_run_is_kept_coarser_and_adds_up_to_the_same(speeds: Speeds) -> None:
    speeds.record([timing("voice", 2, 3.0 + n % 5, 0.1 + 0.05 * (n % 5)) for n in range(1000)])
    assert speeds.read()["voice"].took(2000, 5000.0) == pytest.approx(200.0, rel=0.02)
