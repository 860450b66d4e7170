"""Many short stories in one batch, beside the same words as one: `python -m benchmarks.batch [--json] [--stories N]`.

Every story is a stretch of a real text whose sentences bear its number, so that no two share a line. `memory` rows:
what the process and all its workers have in memory, in MB, after so many stories; `highest` is the most after any story
past the 20th, `beside` that after the 20th. The last rows: how many times real time the batch is, and one narrative of
the same words, a chapter for each story; `beside` is by x_real_time, `x_cpu` by processor time. Every story has an
opening and an end of its own, so that the batch has more sound. The narrative comes second, in the same process: its
libraries are loaded by then.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.book import STORY, numbered
from benchmarks.report import Row, report
from benchmarks.tree import resident
from wavagent.batch import Batch, Job, Order, Outcome
from wavagent.event import Event
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.text import words

FIRST = 20
"""Stories after which memory is to stay as it is."""

PARAGRAPHS = 2
"""Of each story: a minute or so."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a batch took, in seconds, and the memory after each story in MB: of the process, and of its workers."""

    wall: float
    cpu: float
    words: int
    sound: float
    memory: Sequence[tuple[float, float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--stories", type=int, default=200)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    texts = list(stories(STORY.read_text(encoding="utf-8"), asked.stories))
    with tempfile.TemporaryDirectory() as folder:
        many = made(Path(folder) / "many", texts, asked.jobs)
        one = made(Path(folder) / "one", ["\n\n".join(texts)], asked.jobs)
    report("batch", rows(many, one), asked.json)


def stories(text: str, count: int) -> list[str]:
    """So many stories, each with a title of its own and no line that another has."""
    paragraphs = [one.strip() for one in text.split("\n\n")[1:] if 200 < len(one) < 900]
    taken = [[paragraphs[(PARAGRAPHS * n + i) % len(paragraphs)] for i in range(PARAGRAPHS)] for n in range(count)]
    return ["\n\n".join([f"Chapter {n}", *(numbered(one, n) for one in group)]) for n, group in enumerate(taken, 1)]


def made(folder: Path, texts: Sequence[str], jobs: int) -> Took:
    """Make a narrative of each of `texts`, in one batch, on an empty store. Raises RuntimeError when one fails."""
    (folder / "in").mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / "in" / f"story-{number:04}.txt").write_text(text, encoding="utf-8")
    memory: list[tuple[float, float]] = []

    def look(job: Job, news: Event | Outcome | None) -> None:
        if isinstance(news, Outcome) and news.state != "waiting":
            memory.append(resident(os.getpid()))

    began, before = time.perf_counter(), os.times()
    studio = Studio(Settings(str(folder / "store"), workers=os.cpu_count() or 1))
    with Batch(studio, folder / "out", Order(jobs=jobs), look) as batch:
        outcomes = batch.run([str(folder / "in")])
    after = os.times()  # the workers have ended, so that theirs is in it
    if any(one.state != "done" for one in outcomes):
        raise RuntimeError(f"not all are done: {[(one.source, one.state, one.error) for one in outcomes][:5]}")
    cpu = sum(after[:4]) - sum(before[:4])
    told = sum(len(words(text)) for text in texts)
    return Took(time.perf_counter() - began, cpu, told, sum(one.seconds for one in outcomes), memory)


def rows(many: Took, one: Took) -> list[Row]:
    stories = len(many.memory)
    first = min(FIRST, stories)
    steps = sorted({first, *(round(stories * quarter / 4) for quarter in (1, 2, 3, 4))} - {0})
    memory = [_row(f"memory after {step}", *many.memory[step - 1]) for step in steps if step >= first]
    highest = max(many.memory[first - 1 :], key=sum)
    beside = sum(highest) / sum(many.memory[first - 1])
    pace = one.sound / one.wall
    both = [
        _row(name, took=took, beside=took.sound / took.wall / pace)
        for name, took in (("batch", many), ("one narrative", one))
    ]
    return [*memory, _row("memory, highest", *highest, beside=beside), *both]


def _row(
    name: str,
    main: float | None = None,
    workers: float | None = None,
    *,
    took: Took | None = None,
    beside: float | None = None,
) -> Row:
    row: Row = {"name": name, "main_mb": main, "workers_mb": workers, **_pace(took), "beside": beside}
    return row


def _pace(took: Took | None) -> dict[str, float | None]:
    names = ("sound_min", "wall_s", "cpu_s", "x_real_time", "x_cpu", "words_per_cpu_s")
    if took is None:
        return dict.fromkeys(names)
    wall, cpu = took.sound / took.wall, took.sound / took.cpu
    return dict(zip(names, (took.sound / 60, took.wall, took.cpu, wall, cpu, took.words / took.cpu), strict=True))


if __name__ == "__main__":
    main()
