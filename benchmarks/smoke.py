"""Every benchmark at its smallest: that it runs and prints what it promises. Not how fast: that is never a test."""

import json
import subprocess
import sys
from pathlib import Path

SMALLEST: dict[str, list[str]] = {
    "attribution": ["tests/planning/data"],
    "mix": ["--minutes", "0.5", "--rows", "wavagent,wavagent-2,numpy"],
    "spine": ["--quick"],
}
"""The arguments that make each benchmark small; one that needs data which is not there says so and is passed over."""


def main() -> None:
    missing = {path.stem for path in Path(__file__).parent.glob("*.py")} - SMALLEST.keys() - NOT_BENCHMARKS
    if missing:
        sys.exit(f"benchmarks without a smoke test: {', '.join(sorted(missing))}; add them to SMALLEST")
    for name, arguments in SMALLEST.items():
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *arguments, "--json"], capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"benchmarks.{name} failed:\n{done.stderr}")
        json.loads(done.stdout)
        print(f"benchmarks.{name}: runs")


NOT_BENCHMARKS = {"__init__", "process", "report", "smoke"}

if __name__ == "__main__":
    main()
