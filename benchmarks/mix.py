"""The mixer against what a user would pick instead: `python -m benchmarks.mix [--minutes N] [--json] [--rows a,b]`.

Every row is a whole process that does the same work on the same synthetic session: place, resample, fade, duck, sum,
integrated loudness, gain, limit, true peak. Rows whose program or library is not installed are left out, and said.
"""

import argparse
import importlib.util
import json
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.mixes import session
from benchmarks.process import spend
from benchmarks.report import Row, report

ROWS: dict[str, tuple[str, ...]] = {
    "wavagent": ("ours", "1"),
    "wavagent-2": ("ours", "2"),
    "numpy": ("arrays",),
    "ffmpeg": ("graph",),
    "pydub": ("segments",),
}
NEEDS = {"numpy": ("scipy", "pyloudnorm"), "pydub": ("pydub", "scipy", "pyloudnorm")}

RUN = """
import runpy, sys
sys.stdout = open(sys.argv.pop(1), "w")
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--rows", default=",".join(ROWS))
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        session.write(Path(folder), asked.minutes)
        for name in asked.rows.split(","):
            if missing := _missing(name):
                print(f"{name}: left out, {missing} is not installed", file=sys.stderr)
                continue
            rows.append(_row(name, Path(folder), asked.minutes))
            for store in Path(folder).glob("store-*"):
                shutil.rmtree(store)
    report("mix", rows, asked.json)


def _missing(name: str) -> str:
    if name == "ffmpeg":
        return "" if shutil.which("ffmpeg") else "ffmpeg"
    return next((library for library in NEEDS.get(name, ()) if importlib.util.find_spec(library) is None), "")


def _row(name: str, folder: Path, minutes: float) -> Row:
    module, *arguments = ROWS[name]
    said = folder / "said.json"
    command = [sys.executable, "-c", RUN, str(said), f"benchmarks.mixes.{module}", str(folder), *arguments]
    spent = spend(command)
    found = json.loads(said.read_text())
    return {
        "name": name,
        "seconds": round(spent.wall, 2),
        "x_realtime": round(minutes * 60 / spent.wall, 1),
        "peak_mb": round(spent.peak_mb, 1),
        "lufs": round(found["lufs"], 2),
        "true_peak": round(found["true_peak"], 3),
    }


if __name__ == "__main__":
    main()
