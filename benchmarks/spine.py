"""The whole chain on the example story, as a user runs it: `python -m benchmarks.spine [--json] [--runs N] [--quick]`.

Whole processes on this machine, medians. `cold`: an empty store; `warm`: everything in it; `one line`: one line of
script.json changed. `beside` is espeak alone on the same text, which is what a shell user would pick instead: one
voice, no music, no sounds, no loudness.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.process import Spent, middle, spend
from benchmarks.report import Row, report

ROOT = Path(__file__).resolve().parents[1]
STORY = ROOT / "examples" / "the-gift-of-the-magi.txt"
QUICK = "“Hush!” said Mara. The door slammed.\n\n“Who is there?” asked Tom, and the rain went on.\n"

ALONE = """
import sys
from pathlib import Path
import numpy, soundfile
from wavagent.tool import Request, installed
tool = installed()["espeak"]
voice = next(card for card in tool.card.voices if card.language.startswith("en"))
paragraphs = [p for p in Path(sys.argv[1]).read_text("utf-8").split("\\n\\n") if p.strip()]
ask = [Request(tool.params(text=p[:2000], voice=voice.id, language=voice.language)) for p in paragraphs]
clips = [one.audio.samples for one in tool(ask)]
soundfile.write(sys.argv[2], numpy.concatenate(clips), tool.card.rate, format="MP3")
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="two lines instead of the story, one run")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), runs=1 if asked.quick else asked.runs, quick=asked.quick)
    report("spine", rows, asked.json)


def measure(folder: Path, runs: int, quick: bool) -> list[Row]:
    story = folder / "quick.txt" if quick else STORY
    if quick:
        story.write_text(QUICK, encoding="utf-8")
    bench = _Bench(folder, story, runs)
    rows = [
        bench.row("make, cold store", bench.cold),
        bench.row("make, warm store", bench.warm),
        bench.row("render, one line edited", bench.edited),
        bench.row("beside: espeak alone to mp3", bench.alone),
    ]
    return [*rows, bench.row("wavagent --version", bench.version), bench.row("wavagent --help", bench.help)]


class _Bench:
    def __init__(self, folder: Path, story: Path, runs: int) -> None:
        self._folder, self._story, self._runs = folder, story, runs
        self._number = 0
        self._seconds = 0.0
        self._project = folder / "project"

    def row(self, name: str, run: Callable[[], Spent]) -> Row:
        spent = middle([run() for _ in range(self._runs)])
        sound = name.startswith(("make", "render", "beside"))
        return {
            "name": name,
            "seconds": round(spent.wall, 3),
            "cpu_seconds": round(spent.cpu, 3),
            "x_realtime": round(self._seconds / spent.wall, 1) if sound else None,
            "peak_mb": round(spent.peak_mb, 1),
        }

    def cold(self) -> Spent:
        self._number += 1
        return self._make()

    def warm(self) -> Spent:
        return self._make()

    def edited(self) -> Spent:
        path = self._project / "script.json"
        script = json.loads(path.read_text("utf-8"))
        lines = [e for scene in script["scenes"] for e in scene["elements"] if e["kind"] == "speech"]
        lines[len(lines) // 2]["text"] = f"This line was changed {os.urandom(4).hex()}. "
        path.write_text(json.dumps(script), encoding="utf-8")
        return spend([_program(), "render", str(self._project)], self._env())

    def alone(self) -> Spent:
        return spend([sys.executable, "-c", ALONE, str(self._story), str(self._folder / "alone.mp3")])

    def version(self) -> Spent:
        return spend([_program(), "--version"])

    def help(self) -> Spent:
        return spend([_program(), "--help"])

    def _make(self) -> Spent:
        spent = spend([_program(), "make", str(self._story), "-o", str(self._project)], self._env())
        self._seconds = json.loads((self._project / "report.json").read_text("utf-8"))["seconds"]
        return spent

    def _env(self) -> Mapping[str, str]:
        return {**os.environ, "WAVAGENT_STORE": str(self._folder / f"store-{self._number}")}


def _program() -> str:
    return str(Path(sys.executable).with_name("wavagent"))


if __name__ == "__main__":
    main()
