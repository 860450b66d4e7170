"""A real text, again and again, to books of many lengths: `python -m benchmarks.book [--json] [--hours H,H]`.

Every book is one command, `wavagent make book.txt -o book.mp3`, a whole process with an empty store and the embedded
tools. No two chapters have the same lines: each is headed with a number, and a sentence in each paragraph bears it, so
that nothing is found in the store that this book did not make. `peak_mb` is the most memory that the process and all
its workers had together; `beside_1st` is the time (processor time) for a minute of sound, against the first row's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import Row, report
from benchmarks.tree import resident
from wavagent.text import SENTENCE_END

ROOT = Path(__file__).resolve().parents[1]
STORY = ROOT / "examples" / "the-gift-of-the-magi.txt"

CHARACTERS = 15.0
"""What the embedded voice says in a second, pauses included: how long a text is that fills an hour follows from it."""

EVERY = 0.2
"""Seconds between two looks at the memory."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--hours", default="0.167,1", help="of sound, about; 10 takes a while")
    options.add_argument("--text", type=Path, default=STORY, help="the text to repeat")
    asked = options.parse_args()
    rows: list[Row] = []
    for hours in map(float, asked.hours.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "book.txt").write_text(book(asked.text.read_text(encoding="utf-8"), hours), "utf-8")
            rows.append(row(hours, made(Path(folder)), rows))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    report("book", rows, asked.json)


def book(text: str, hours: float) -> str:
    """`text` so often that it lasts about `hours`, each time another chapter; cut at a paragraph."""
    wanted, paragraphs, size, chapter = hours * 3600.0 * CHARACTERS, [], 0, 0
    story = [one.strip() for one in text.split("\n\n") if one.strip()]
    while size < wanted:
        chapter += 1
        for paragraph in [f"Chapter {chapter}", *(numbered(one, chapter) for one in story[1:])]:
            paragraphs.append(paragraph)
            size += len(paragraph) + 2
            if size >= wanted:
                break
    return "\n\n".join(["The Book", *paragraphs]) + "\n"


def numbered(paragraph: str, chapter: int) -> str:
    """`paragraph` with the number of its chapter in every sentence, so that each is another line to speak."""
    if chapter == 1:
        return paragraph
    return SENTENCE_END.sub(lambda end: f", {chapter}{end.group()}", paragraph + " ").strip()


def made(folder: Path) -> dict[str, Any]:
    """Make the book in `folder`: what the command said, and what it took. Raises RuntimeError when it fails."""
    program = str(Path(sys.executable).with_name("wavagent"))
    env = {**os.environ, "WAVAGENT_STORE": str(folder / "store"), "XDG_CACHE_HOME": str(folder / "cache")}
    command = [program, "make", str(folder / "book.txt"), "-o", str(folder / "book.mp3"), "--json"]
    began, before = time.perf_counter(), os.times()
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=(folder / "said").open("wb"))
    peak = _Peak(running.pid)
    said, _ = running.communicate()
    after = os.times()
    if running.returncode not in (0, 3):
        raise RuntimeError(f"exit {running.returncode}: {(folder / 'said').read_text('utf-8', 'replace')[-800:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        **json.loads(said),
        "wall": time.perf_counter() - began,
        "cpu": cpu,
        "peak_mb": peak.end(),
        "exit": running.returncode,
    }


class _Peak:
    """Looks at the memory of a process and its workers until it ends."""

    def __init__(self, process: int) -> None:
        self._process, self._highest, self._ended = process, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            self._highest = max(self._highest, sum(resident(self._process)))

    def end(self) -> float:
        """The most there was, in MB."""
        self._ended.set()
        self._thread.join()
        return self._highest


def row(hours: float, said: dict[str, Any], before: Sequence[Row]) -> Row:
    minutes = said["seconds"] / 60.0
    cost = said["cpu"] / minutes
    first = before[0]["cpu_s_per_min"] if before else cost
    return {
        "hours": hours,
        "minutes": round(minutes, 1),
        "calls": said["calls"],
        "passed": int((said["certificate"] or {}).get("passed", False)),
        "wall_s": round(said["wall"], 1),
        "cpu_s": round(said["cpu"], 1),
        "peak_mb": round(said["peak_mb"]),
        "x_real_time": round(said["seconds"] / said["wall"], 1),
        "cpu_s_per_min": round(cost, 3),
        "beside_1st": round(cost / float(first or cost), 3),
    }


if __name__ == "__main__":
    main()
