"""What a person sees of a batch on standard error: one bar for all, one for each narrative on its way, a line for each
that is finished, and a table at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from wavagent.batch import Job, Outcome
from wavagent.cli.reporter import DOING
from wavagent.event import Event
from wavagent.export.clock import short
from wavagent.text import one_line, shown


class Board:
    """Is told what happens to the narratives of a batch, and shows it; `quiet` shows nothing."""

    def __init__(self, quiet: bool = False) -> None:
        self.console = Console(stderr=True, quiet=quiet, highlight=False)
        self._errors = Console(stderr=True, highlight=False) if quiet else self.console
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[doing]}", markup=False),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self._all = self._progress.add_task("narratives", total=None, doing="")
        self._bars: dict[Path, TaskID] = {}
        self._asked = self._ended = 0

    @contextmanager
    def watching(self) -> Iterator["Board"]:
        """Show progress while the block runs."""
        with self._progress:
            yield self

    def tell(self, job: Job, news: Event | Outcome | None) -> None:
        if isinstance(news, Outcome) and news.state == "waiting":
            self._asked += 1
            self._count()
        elif isinstance(news, Outcome):
            self._end(job, news)
        elif news is None:
            self._bars[job.source] = self._progress.add_task(shown(job.source.name, 30), total=None, doing="")
        elif news.kind != "warning" and (bar := self._bars.get(job.source)) is not None:
            self._progress.update(bar, completed=news.done, total=news.total or None, doing=DOING[news.stage])

    def _end(self, job: Job, outcome: Outcome) -> None:
        if (bar := self._bars.pop(job.source, None)) is not None:
            self._progress.remove_task(bar)
        self._ended += 1
        self._count()
        console = self._errors if outcome.state == "failed" else self.console
        console.print(Text(one_line(f"{shown(job.source.name)}: {told(outcome)}")), soft_wrap=True)

    def _count(self) -> None:
        asked = max(self._asked, self._ended)
        self._progress.update(self._all, completed=self._ended, total=asked, doing=f"{self._ended} of {asked}")

    def say(self, sentence: str) -> None:
        self.console.print(Text(one_line(sentence)), soft_wrap=True)

    def table(self, outcomes: Sequence[Outcome]) -> None:
        """A row for each narrative."""
        table = Table(box=None, pad_edge=False)
        table.add_column("narrative", overflow="fold")
        table.add_column("folder", overflow="fold")
        table.add_column("")
        for heading in ("sound", "took", "certificate"):
            table.add_column(heading, justify="right")
        for one in outcomes:
            passed = {True: "✓", False: "✗", None: ""}[one.passed]
            sound, took = (short(one.seconds), f"{one.took:.1f} s") if one.outputs else ("", "")
            name = Text(shown(Path(one.source).name))
            table.add_row(name, Text(one.folder if one.outputs else ""), one.state, sound, took, passed)
        self.console.print(table)


def told(outcome: Outcome) -> str:
    """What became of a narrative, as a sentence."""
    if outcome.state == "failed":
        return f"failed: {outcome.error}"
    what = f"{short(outcome.seconds)} of sound in '{outcome.folder}'"
    if outcome.state == "skipped":
        return f"skipped, for nothing changed since it was made: {what}"
    missed = dict.fromkeys(check for one in outcome.certificates for check in one.missed)
    doubts = [f"its certificate misses {', '.join(missed)}"] if missed else []
    if outcome.state == "degraded":
        return f"degraded: {what}, {outcome.took:.1f} s; {'; '.join([*doubts, *outcome.notes[:1]]) or 'see its report'}"
    return f"done: {what}, {outcome.took:.1f} s"
