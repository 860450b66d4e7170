"""Every benchmark at its smallest: that it runs and prints what it promises. Not how fast: that is never a test."""

import json
import subprocess
import sys
from pathlib import Path

SMALLEST: dict[str, list[str]] = {
    "attribution": ["tests/planning/data"],
    "batch": ["--stories", "2"],
    "book": ["--hours", "0.01,0.02"],
    "chat": ["--minutes", "2", "--runs", "1"],
    "crash": ["--kills", "2", "--hours", "1"],
    "engine": ["--calls", "40", "--runs", "1", "--rows", "wavagent,generations,serial", "--scale", "0.05"],
    "gpu": ["--small", "--models", "musicgen-small,dia,audioldm2"],
    "mix": ["--minutes", "0.5", "--runs", "1", "--rows", "wavagent,wavagent-2,wavagent-sum,numpy"],
    "profiles": ["--quick"],
    "recordings": ["--quick"],
    "remix": ["--minutes", "2", "--runs", "1"],
    "quote": ["--quick"],
    "spine": ["--quick"],
    "takes": ["no-such-folder", "--kinds", "3"],
    "worker": ["--runs", "1"],
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


NOT_BENCHMARKS = {"__init__", "process", "report", "smoke", "tree"}

if __name__ == "__main__":
    main()
