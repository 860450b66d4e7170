"""The dispatcher: one thread that gives the crew what to do next, for all runs of an executor.

Everything it knows it learns from its inbox, in which others leave what is to be done; so nothing here needs a lock.
"""

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from time import perf_counter

from wavagent.errors import (
    Broken,
    Flawed,
    OutOfMemory,
    StoreError,
    TimedOut,
    ToolError,
    Transient,
    WavagentError,
)
from wavagent.run.agenda import Agenda, Asked, Client, Rank, Task
from wavagent.run.call import Ready
from wavagent.run.crew import Crew, Outcome
from wavagent.run.patience import Clock, Patience
from wavagent.run.pool import Pools
from wavagent.run.residency import Residency
from wavagent.run.retry import LeftBehind, before_again
from wavagent.speeds import Timing
from wavagent.store import Entry, Store
from wavagent.tool import Tool

RECENT = 4096
"""Calls that have just been made; a run that looked for one in the store a moment before need not make it again."""

HUSH = 0.02
"""Seconds that a run gets to say what follows from what it was told: that may come before all that waits."""

GRACE = 10.0
"""Seconds that a crew gets to say by itself that a batch took too long."""


class Unpaid(ToolError):
    """A call was not started, because its price is beyond what is left of the budget."""


@dataclass(slots=True, eq=False)
class _Flight:
    """A batch that a crew has."""

    tasks: Sequence[Task]
    deadline: float
    began: float = field(default_factory=perf_counter)

    @property
    def tool(self) -> Tool:
        return self.tasks[0].tool


class Dispatcher:
    """Starts all it may, hears what became of it, and goes on: until it is closed."""

    def __init__(self, crew: Crew, store: Store, patience: Patience, clock: Clock) -> None:
        self._crew, self._store, self._patience, self._clock = crew, store, patience, clock
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._agenda = Agenda()
        self._pools = Pools(crew.limits)
        self._residency = Residency(crew.limits)
        self._tasks: dict[str, Task] = {}  # all that wait or fly, by key
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._flights: dict[Future[Outcome], _Flight] = {}
        self._flying: Counter[str] = Counter()  # batches of each tool
        self._leaving: list[tuple[float, Client]] = []
        self._unheard: dict[Client, int] = {}  # calls that are settled, of which a run has yet to hear
        self._hush = -math.inf  # until when such runs are waited for
        self._thread = Thread(target=self._work, name="wavagent-dispatcher", daemon=True)
        self._ended = False
        self.fault: Exception | None = None

    # What other threads may call

    def start(self) -> None:
        self._thread.start()

    def expect(self, run: Client, ranks: Mapping[str, Mapping[str, Rank]]) -> None:
        """A run begins, and will need these calls, by tool."""
        self._inbox.put(partial(self._agenda.expect, run, ranks))

    def ask(self, run: Client, calls: Sequence[Asked], heard: int = 0) -> None:
        """Have `calls` made; the run has `heard` of so many more that are settled.

        The run is told of each in the dispatcher's thread: it must be quick about it.
        """
        self._inbox.put(partial(self._ask, run, calls, heard))
        if self._ended:  # and nobody looks into the inbox any more
            for message in self._left_over():
                message()

    def met(self, run: Client, calls: Sequence[tuple[str, str]]) -> None:
        """A run has what it expected of these (tool, call)."""
        self._inbox.put(partial(self._met, run, calls))

    def leave(self, run: Client, patience: float = math.inf) -> None:
        """Start nothing more for a run; what runs for it alone is given up in `patience` seconds."""
        self._inbox.put(partial(self._leave, run, patience))

    def close(self) -> None:
        """Start nothing more, and call off what waits and what runs; the crew is left as it is."""
        self._inbox.put(self._end)
        if self._thread.is_alive() and self._thread is not current_thread():
            self._thread.join()

    @property
    def loads(self) -> Mapping[str, int]:
        """How often each model was loaded."""
        return self._residency.loads

    # The dispatcher's own thread

    def _work(self) -> None:
        try:
            while not self._ended:
                for message in self._messages():
                    message()
                self._on_time()
                if not self._unheard or self._clock.now() >= self._hush:
                    self._dispatch()
        except Exception as error:  # noqa: BLE001 - no run may wait for ever for a thread that is gone
            self.fault = error
            self._end()
        for message in self._left_over():
            message()

    def _messages(self) -> Iterator[Callable[[], None]]:
        """All there are, once there is one, or it is time for something."""
        now = self._clock.now()
        times = (flight.deadline for flight in self._flights.values())
        left = (at for at, _ in self._leaving)
        hush = self._hush if self._unheard and self._hush > now else math.inf
        due = min(self._agenda.due, self._pools.due(now), hush, *times, *left)
        timeout = None if math.isinf(due) else max(0.0, due - now)
        message = self._clock.get(self._inbox, timeout)
        if message is not None:
            yield message
            yield from self._left_over()

    def _left_over(self) -> Iterator[Callable[[], None]]:
        while True:
            try:
                yield self._inbox.get_nowait()
            except Empty:
                return

    def _met(self, run: Client, calls: Sequence[tuple[str, str]]) -> None:
        for tool, id in calls:
            self._agenda.met(run, tool, id)

    def _ask(self, run: Client, calls: Sequence[Asked], heard: int) -> None:
        if (unheard := self._unheard.pop(run, 0) - heard) > 0:
            self._unheard[run] = unheard
        for asked in calls:
            ready = asked.ready
            if run.left or self._ended:
                self._tell(run, ready, None, False)
            elif (task := self._tasks.get(ready.key)) is not None:
                task.asked.append((run, ready))
            elif ready.key in self._recent and (entry := self._store.get(ready.key)) is not None:
                self._tell(run, ready, entry, False)
            else:
                task = Task(ready, asked.rank, asked.seconds, asked.purse, [(run, ready)])
                self._tasks[ready.key] = task
                self._agenda.add(task)

    def _leave(self, run: Client, patience: float) -> None:
        run.left = True
        self._unheard.pop(run, None)
        for task in self._agenda.drop(run):
            self._settle(task, None)
        if not math.isinf(patience):
            self._leaving.append((self._clock.now() + patience, run))

    def _on_time(self) -> None:
        """Wake what was put off; give up what takes too long."""
        now = self._clock.now()
        self._agenda.wake(now)
        patient = [(at, run) for at, run in self._leaving if at > now]
        gone, self._leaving = len(patient) < len(self._leaving), patient
        waited_for = {run for _, run in patient}
        for future, flight in list(self._flights.items()):
            if gone and all(run.left and run not in waited_for for task in flight.tasks for run, _ in task.asked):
                self._abandon(future)
                for task in flight.tasks:
                    self._settle(task, None)
            elif flight.deadline <= now:
                self._abandon(future)
                late = TimedOut if flight.tool.card.isolated else LeftBehind
                self._failed(flight, late(_late(flight.tasks)))

    def _abandon(self, future: Future[Outcome]) -> None:
        self._landed(self._flights.pop(future))
        self._crew.abandon(future)

    def _landed(self, flight: _Flight) -> None:
        tool = flight.tool
        self._flying[tool.card.name] -= 1
        self._pools.leave(tool.card.pool)
        self._residency.leave(tool)

    def _dispatch(self) -> None:
        """Start all that there is room for."""
        sizes = {task.tool.card.name: self._agenda.share(task.tool, self._depth(task)) for task in self._agenda.heads()}
        blocked: set[str] = set()
        while (task := self._next(blocked)) is not None:
            if (evict := self._residency.evicted_for(task.tool, self._agenda.next_use, task.cleared)) is None:
                blocked.add(task.tool.card.name)  # others may run meanwhile, if they are loaded or fit
                continue
            self._launch(self._paid(self._agenda.take(task.tool, self._size(task.tool, sizes))), evict)

    def _size(self, tool: Tool, sizes: Mapping[str, int]) -> int:
        """How many calls of `tool` to take: only one where others of it could run beside, once its model is loaded."""
        alone = tool not in self._residency and not tool.card.isolated and self._pools.depth(tool.card.pool) > 1
        return 1 if alone else sizes.get(tool.card.name, 1)

    def _depth(self, task: Task) -> int:
        return self._pools.depth(task.tool.card.pool)

    def _next(self, blocked: set[str]) -> Task | None:
        """The first call that may start: of a model that is there, before another has to go for it."""
        now = self._clock.now()
        heads = [
            task
            for task in self._agenda.heads()
            if task.tool.card.name not in blocked
            and self._pools.room(task.tool.card.pool, now)
            and not self._occupied(task.tool)
        ]
        if len(heads) <= 1:
            return heads[0] if heads else None
        crowded = {task.key: self._residency.crowded(task.tool, self._agenda.next_use) for task in heads}
        return min(heads, key=lambda task: (task.rank[0], crowded[task.key], task.rank))

    def _occupied(self, tool: Tool) -> bool:
        """Whether a batch of `tool` has to end before the next: there is one model, and it may be loading yet."""
        if tool.card.pool == "gpu":
            return self._flying[tool.card.name] > 0
        return not tool.card.isolated and self._residency.loading(tool)

    def _paid(self, tasks: Sequence[Task]) -> list[Task]:
        """The tasks whose price is within their budgets; the others are settled."""
        paid = []
        for task in tasks:
            if task.purse.pays(task.ready):
                paid.append(task)
            else:
                self._settle(task, Unpaid(f"'{task.ready.subject}' would cost more than is left of the budget"))
        return paid

    def _launch(self, tasks: list[Task], evict: Sequence[Tool]) -> None:
        if not tasks:
            return
        tool, now = tasks[0].tool, self._clock.now()
        loading = self._residency.enter(tool, evict)
        patience = self._patience.with_work(sum(task.seconds for task in tasks) / tool.card.speed, loading)
        self._pools.take(tool.card.pool, len(tasks), now)
        self._flying[tool.card.name] += 1
        try:
            future = self._crew.start([task.ready for task in tasks], evict, patience)
        except Exception as error:  # noqa: BLE001 - a crew that cannot even begin has failed at this batch
            future = Future()
            future.set_exception(error)
        grace = GRACE if tool.card.isolated else 0.0
        self._flights[future] = _Flight(tasks, now + patience + grace)
        future.add_done_callback(lambda done: self._inbox.put(partial(self._reap, done)))

    def _reap(self, future: Future[Outcome]) -> None:
        if (flight := self._flights.pop(future, None)) is None:
            return  # it was abandoned
        self._landed(flight)
        error = future.exception()
        if error is not None:
            self._failed(flight, error)
            return
        outcomes = list(zip(flight.tasks, future.result(), strict=True))
        _time(flight, [(task, entry) for task, entry in outcomes if isinstance(entry, Entry)])
        for task, outcome in outcomes:
            if isinstance(outcome, ToolError):
                # What a tool gave for a call may be the fault of another in its batch; how it sounds is not.
                together = len(flight.tasks) > 1 and not isinstance(outcome, Flawed)
                self._again(task, outcome, together)
            else:
                self._settle(task, outcome)

    def _failed(self, flight: _Flight, error: BaseException) -> None:
        """Decide about every call of a batch that failed as a whole."""
        if isinstance(error, StoreError):
            for task in flight.tasks:
                self._settle(task, error)
            return
        if not isinstance(error, ToolError):
            name = flight.tool.card.name
            error = Broken(f"tool '{name}' failed: {type(error).__name__}: {error}")
        if isinstance(error, OutOfMemory) and len(flight.tasks) > 1:
            self._agenda.ceilings[flight.tool.card.name] = len(flight.tasks) // 2
        if isinstance(error, Transient) and error.retry_after:
            self._agenda.hold(flight.tool, self._clock.now() + error.retry_after)
        for task in flight.tasks:
            self._again(task, error, together=len(flight.tasks) > 1)

    def _again(self, task: Task, error: ToolError, together: bool) -> None:
        """Ask for a call again, or settle it: it failed for good."""
        task.tries += 1
        wait = before_again(task, error, together, self._patience)
        if task.left:
            self._settle(task, None)
        elif wait is None:
            self._settle(task, error)
        elif wait > 0:
            task.waited += wait
            self._agenda.put_off(task, self._clock.now() + wait)
        else:
            self._agenda.add(task)

    def _settle(self, task: Task, outcome: "Entry | WavagentError | None") -> None:
        self._tasks.pop(task.key, None)
        if isinstance(outcome, Entry):
            self._recent[task.key] = None
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        for place, (run, ready) in enumerate(task.asked):
            self._agenda.met(run, ready.call.tool, ready.call.id)
            self._tell(run, ready, outcome, place == 0)

    def _tell(self, run: Client, ready: Ready, outcome: "Entry | WavagentError | None", own: bool) -> None:
        if not run.left:
            if not self._unheard:
                self._hush = self._clock.now() + HUSH
            self._unheard[run] = self._unheard.get(run, 0) + 1
        run.settle(ready, outcome, own)

    def _end(self) -> None:
        """Call off everything."""
        self._ended = True
        for future, flight in list(self._flights.items()):
            self._abandon(future)
            for task in flight.tasks:
                self._settle(task, None)
        for task in list(self._tasks.values()):
            self._settle(task, None)


def _time(flight: _Flight, made: Sequence[tuple[Task, Entry]]) -> None:
    """Tell each run that a batch was made for what it took: its share, when there are several."""
    took = perf_counter() - flight.began
    runs = {id(task.asked[0][0]): task.asked[0][0] for task, _ in made}
    for run in runs.values():
        mine = [(task, entry) for task, entry in made if task.asked[0][0] is run]
        calls = tuple(task.asked[0][1].call.id for task, _ in mine)
        # What works on clips takes as long as they are, though it may make none.
        clips = [[entry, *task.ready.inputs.values()] for task, entry in mine]
        sound = sum(max(clip.seconds for clip in each) for each in clips)
        run.timed(Timing(flight.tool.card.name, calls, sound, flight.began, took * len(mine) / len(made)))


def _late(tasks: Sequence[Task]) -> str:
    """What to say of a batch that took too long."""
    first, more = tasks[0], f" and {len(tasks) - 1} more" if len(tasks) > 1 else ""
    return (
        f"tool '{first.tool.card.name}' did not answer in time for '{first.ready.subject}'{more}, and was left behind"
    )
