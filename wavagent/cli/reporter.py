"""What a person sees on standard error while a story is made: a bar with the time left, and every warning."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from wavagent.event import Event, Stage
from wavagent.text import one_line

DOING: Mapping[Stage, str] = {
    "read": "reading",
    "plan": "planning",
    "compile": "compiling",
    "run": "speaking, composing, making sounds",
    "mix": "mixing",
    "export": "mastering and writing",
    "certify": "measuring",
}


class Reporter:
    """Listens to events and shows them; `quiet` shows nothing."""

    def __init__(self, quiet: bool = False) -> None:
        self.console = Console(stderr=True, quiet=quiet, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,  # a log is not a place for bars
        )
        self._tasks: dict[Stage, TaskID] = {}

    @contextmanager
    def watching(self) -> Iterator["Reporter"]:
        """Show progress while the block runs."""
        with self._progress:
            yield self

    def listen(self, event: Event) -> None:
        if event.kind == "warning":
            about = f"{event.subject}: " if event.subject else ""
            self.say(f"note: {about}{event.message}")
            return
        task = self._tasks.get(event.stage)
        if task is None:
            task = self._tasks[event.stage] = self._progress.add_task(DOING[event.stage], total=None)
        self._progress.update(task, completed=event.done, total=event.total or None)
        if event.kind == "end":
            self._progress.update(task, visible=False)

    def say(self, sentence: str) -> None:
        """A line for the person; what it quotes is shown as text, never taken for markup."""
        self.console.print(Text(one_line(sentence)), soft_wrap=True)
