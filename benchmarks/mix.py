"""The mixer against what a user would pick instead: `python -m benchmarks.mix [--minutes N] [--runs N] [--rows a,b]`.

Every row is a whole process that does the same work on the same synthetic session: place, resample, fade, duck, sum,
integrated loudness, gain, limit, true peak; `wavagent-sum` places, resamples, fades, ducks and sums, and no more. Its
clips are there in the form in which each keeps them: WAV files with the gain that brings each to its level, and for
wavagent a store. Medians; rows whose program or library is not installed are left out, and said.
"""

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.mixes import ours
from benchmarks.process import Spent, middle, spend
from benchmarks.report import Row, report

ROWS: dict[str, tuple[str, ...]] = {
    "wavagent": ("ours", "1"),
    "wavagent-2": ("ours", "2"),
    "wavagent-sum": ("ours", "1", "sum"),
    "numpy": ("arrays",),
    "ffmpeg": ("graph",),
    "pydub": ("segments",),
}
NEEDS = {"numpy": ("scipy", "pyloudnorm"), "pydub": ("pydub", "scipy", "pyloudnorm")}

PREPARE = """
import sys
from pathlib import Path
from benchmarks.mixes import ours, session
session.write(Path(sys.argv[1]), float(sys.argv[2]))
ours.keep(Path(sys.argv[1]))
"""

RUN = """
import runpy, sys
sys.stdout = open(sys.argv.pop(1), "w")
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--rows", default=",".join(ROWS))
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        # apart: a process that is started from one with much memory seems to have needed as much itself
        subprocess.run([sys.executable, "-c", PREPARE, folder, str(asked.minutes)], check=True)
        for name in asked.rows.split(","):
            if missing := _missing(name):
                print(f"{name}: left out, {missing} is not installed", file=sys.stderr)
                continue
            rows.append(_row(name, Path(folder), asked.minutes, asked.runs))
    report("mix", rows, asked.json)


def _missing(name: str) -> str:
    if name == "ffmpeg":
        return "" if shutil.which("ffmpeg") else "ffmpeg"
    return next((library for library in NEEDS.get(name, ()) if importlib.util.find_spec(library) is None), "")


def _row(name: str, folder: Path, minutes: float, runs: int) -> Row:
    module, *arguments = ROWS[name]
    said = folder / "said.json"
    command = [sys.executable, "-c", RUN, str(said), f"benchmarks.mixes.{module}", str(folder), *arguments]
    spent = middle([_afresh(command, folder) for _ in range(runs)])
    found = json.loads(said.read_text())
    return {
        "name": name,
        "seconds": round(spent.wall, 2),
        "cpu_seconds": round(spent.cpu, 2),
        "x_realtime": round(minutes * 60 / spent.wall, 1),
        "peak_mb": round(spent.peak_mb, 1),
        "lufs": found["lufs"] and round(found["lufs"], 2),
        "true_peak": found["true_peak"] and round(found["true_peak"], 3),
    }


def _afresh(command: list[str], folder: Path) -> Spent:
    """Run `command` where nothing is mixed yet."""
    for kind in ours.MIXED:
        shutil.rmtree(folder / ours.STORE / kind, ignore_errors=True)
    return spend(command)


if __name__ == "__main__":
    main()
