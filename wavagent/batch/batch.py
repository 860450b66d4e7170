"""The batch: threads that make one narrative each, on one studio, and the record of what became of them."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from wavagent.batch.job import Job, Order, Outcome, Told, nobody
from wavagent.batch.making import Making
from wavagent.batch.record import Record, unwritable
from wavagent.batch.sources import narratives
from wavagent.batch.watch import Watch
from wavagent.errors import Cancelled, InputError
from wavagent.studio import Studio
from wavagent.text import as_text, one_line

LOCK = ".wavagent-batch.lock"

EVERY = 0.3
"""Seconds between two looks at a watched folder."""

PATIENCE = 1.2
"""Seconds that what runs gets to end by itself after Ctrl-C; what is whole is kept in any case."""


class Batch:
    """Makes narratives into `folder`, where nobody else does so meanwhile; a context manager. It closes the studio.

    Raises InputError when another batch is at work there or batch.json is no record, and OutputError.
    """

    def __init__(self, studio: Studio, folder: Path, order: Order | None = None, tell: Told = nobody) -> None:
        self._studio, self._folder, self._order, self._tell = studio, folder.resolve(), order or Order(), tell
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._ended: SimpleQueue[tuple[Job, Outcome | None]] = SimpleQueue()
        self._busy: dict[Path, Job] = {}
        self._threads: list[Thread] = []
        self._stopped = self._closed = False
        self._given: dict[str, None] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._lock = FileLock(self._folder / LOCK, timeout=0.0)

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise InputError(
                f"another batch is at work in '{self._folder}'; wait for it, or choose another folder with -o"
            ) from None
        except OSError as error:
            raise unwritable(self._folder, error) from error
        try:
            self._record = Record(self._folder)
        except InputError:
            self._lock.release()
            raise
        minutes = self._order.minutes
        until = None if minutes is None else monotonic() + 60.0 * minutes
        self._making = Making(self._studio, self._order, self._record, self._tell, until)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()
        self._lock.release()

    def run(self, given: Iterable[str]) -> list[Outcome]:
        """Make every narrative that is meant by the names of files and folders and the patterns in `given`.

        What fails is said in its outcome, and stops no other. Raises Cancelled on Ctrl-C, and OutputError when
        batch.json cannot be written; what was finished is kept whatever is raised.
        """
        try:
            self._admit(self._found(given))
            while self._busy:
                self._hear_all(EVERY)
        except KeyboardInterrupt:
            self._stop()
            raise Cancelled(f"stopped: {self._so_far()}; the same command goes on from here") from None
        return self.outcomes

    def watch(self, folder: Path, until: Callable[[], bool] = lambda: False) -> list[Outcome]:
        """Make the narratives in `folder`, and those that come or change, until Ctrl-C or `until`.

        What failed is tried again when it changes. Raises InputError when there is no such folder, and OutputError.
        """
        if not folder.is_dir():
            raise InputError(f"'{folder}' is no folder; --watch wants one to which narratives are copied")
        watch = Watch(folder, self._folder)
        try:
            while not (until() or self._stopped):
                self._admit(watch.ready(monotonic(), self._busy))
                self._hear_all(EVERY)
                sleep(EVERY if not self._busy else 0.0)
        except KeyboardInterrupt:
            pass  # that is how a watch ends
        self._stop()
        return self.outcomes

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of each narrative so far, in the order in which they were given."""
        return [self._outcomes[name] for name in self._given if name in self._outcomes]

    @property
    def left(self) -> int:
        """The narratives that were not started, or not finished."""
        return len(self._given) - len(self._outcomes)

    def _found(self, given: Iterable[str]) -> Iterator[Path]:
        for name in given:
            try:
                for path in narratives(name, self._folder):
                    self._given[as_text(_resolved(path))] = None
                    yield path
            except InputError as error:
                said = as_text(name)
                self._given[said] = None
                self._outcomes[said] = Outcome(source=said, folder="", state="failed", error=one_line(str(error)))
                self._tell(Job(Path(name), self._folder), self._outcomes[said])

    def _admit(self, sources: Iterable[Path]) -> None:
        """Have each of `sources` made that is not on its way; where they will lie is kept before anything is."""
        fresh = [source for source in dict.fromkeys(map(_resolved, sources)) if source not in self._busy]
        if not fresh:
            return
        jobs = [self._record.job(source) for source in fresh]
        self._given |= {as_text(source): None for source in fresh}
        self._record.save()
        self._busy.update({job.source: job for job in jobs})
        for job in jobs:
            self._tell(job, Outcome(source=as_text(job.source), folder=job.folder.name))
            self._waiting.put(job)
        while len(self._threads) < min(self._order.jobs, len(self._busy)):
            # The standard library's pool would be waited for when the interpreter ends, however long that takes.
            self._threads.append(Thread(target=self._work, name="wavagent-batch", daemon=True))
            self._threads[-1].start()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._ended.put((job, None if self._stopped else self._making(job)))

    def _hear(self, job: Job, outcome: Outcome | None) -> None:
        """Keep what became of a job; None: it was stopped, or never started."""
        del self._busy[job.source]
        if outcome is None:
            return
        if outcome.state != "skipped" or outcome.source not in self._outcomes:  # else it is we who made it
            self._outcomes[outcome.source] = outcome
        self._record.add(outcome)
        self._record.save()
        self._tell(job, outcome)
        if outcome.state == "failed" and self._order.fail_fast:
            self._stopped = True

    def _hear_all(self, patience: float) -> None:
        """What ends in so many seconds, or until nothing is on its way."""
        until = monotonic() + patience
        while self._busy and (left := until - monotonic()) > 0.0:
            try:
                self._hear(*self._ended.get(timeout=left))
            except Empty:
                return

    def _stop(self) -> None:
        """Start nothing more and end what runs; what is finished in a moment is heard."""
        if self._closed:
            return
        self._stopped = self._closed = True
        for _ in self._threads:
            self._waiting.put(None)
        if self._busy:
            self._making.stop()
        self._studio.close()
        self._hear_all(PATIENCE)

    def _so_far(self) -> str:
        finished = sum(one.state != "failed" for one in self._outcomes.values())
        return f"{finished} of {len(self._given)} narratives are finished"


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
