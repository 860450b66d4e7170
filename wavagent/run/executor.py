"""The executor: runs graphs, one after another or several at once, with one crew that lives as long as it does.

It decides nothing: which tool, which parameters and which seed, and what is called when that fails, are in the graph.
It runs what is ready, skips what is in the store, and after a failure does all that does not depend on it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from types import TracebackType
from typing import Self
from weakref import finalize

from wavagent.errors import Cancelled, OverBudget, RunError, ToolError
from wavagent.event import Listener, silent
from wavagent.graph import Graph
from wavagent.run.agenda import Rank
from wavagent.run.attempt import Attempt, Halt, Substitute, Told, Wish, nobody
from wavagent.run.budget import Budget, Purse
from wavagent.run.crew import Crew, Lost
from wavagent.run.dispatcher import Dispatcher, Unpaid
from wavagent.run.local import Local
from wavagent.run.order import ranks
from wavagent.run.path import Estimate, estimates
from wavagent.run.patience import Clock, Monotonic, Patience
from wavagent.run.pool import Limits, depths_here, memory_here
from wavagent.speeds import Timed, untimed
from wavagent.store import Entry, Store
from wavagent.tool import Pool, Toolbox

UNLIMITED = Budget()


@dataclass(frozen=True)
class Made:
    """What a run gave: the entries of its calls; which of them tools made, the store knew, another tool made than was
    asked, and which optional ones failed."""

    entries: Mapping[str, Entry]
    ran: tuple[str, ...] = ()
    cached: tuple[str, ...] = ()
    failures: Mapping[str, ToolError] = field(default_factory=dict)
    substituted: Mapping[str, Substitute] = field(default_factory=dict)


class Executor:
    """Runs graphs with the tools of a box, on a store. It is a context manager; several threads may run graphs at once.

    `depths` (batches), `memory_mb` (megabytes of models, by pool) and `rate` (requests to servers in a second) limit
    what runs at once, whatever the number of graphs; those not named are what this machine has. `crew` does the work
    in place of this machine; the executor closes it.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        store: Store,
        *,
        depths: Mapping[Pool, int] | None = None,
        memory_mb: Mapping[Pool, int] | None = None,
        rate: float = math.inf,
        crew: Crew | None = None,
        offline: bool = False,
        listen: Listener = silent,
        patience: Patience | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._toolbox, self._store, self._listen = toolbox, store, listen
        self._clock = clock or Monotonic()
        if crew is None:
            memory = memory_here(toolbox) if memory_mb is None else memory_mb
            crew = Local(store, Limits({**depths_here(), **(depths or {})}, memory, rate), offline)
        self._numbers = count()
        self._lock, self._started = Lock(), False
        self._dispatcher = Dispatcher(crew, store, patience or Patience(), self._clock)
        self._finalizer = finalize(self, _end, self._dispatcher, crew)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Call off what runs, and end the crew, its workers and their models. No graph can be run after that."""
        self._finalizer()

    @property
    def loads(self) -> Mapping[str, int]:
        """How often the model of each tool was loaded."""
        return self._dispatcher.loads

    def run(
        self,
        graph: Graph,
        *,
        budget: Budget = UNLIMITED,
        fail_fast: bool = False,
        heard: bool = False,
        listen: Listener | None = None,
        told: Told = nobody,
        timed: Timed = untimed,
        halt: Halt | None = None,
    ) -> Made:
        """Every call of `graph`, from the store or from its tool.

        The longest path comes first; when the story is `heard` meanwhile, its opening does. After a failure all else
        is made, or nothing more is started when `fail_fast`. `told` is given every entry as it comes, and `timed` every
        batch. `halt` lets another thread end the run.

        Raises RunError when a call failed that is not optional, or any when `fail_fast`; OverBudget when there is more
        to do than `budget` allows; StoreError when the store fails; Cancelled on Ctrl-C, when it is halted and when the
        executor is closed. What finished is in the store whatever is raised.
        """
        self._start()
        until = math.inf if budget.minutes is None else self._clock.now() + 60.0 * budget.minutes
        wish = Wish(fail_fast, listen or self._listen, told, timed, halt or Halt(), Purse(budget.cost), until)
        expected = estimates(graph, self._toolbox)
        order = ranks(graph, expected, next(self._numbers), heard)
        run = self._attempt(graph, expected, order, wish)
        if any(isinstance(error, Lost) for error in run.failures.values()):
            # The damaged clips were removed when they were found, so that a second attempt makes them anew.
            before, run = run, self._attempt(graph, expected, order, wish)
            run.cached = [id for id in run.cached if id not in before.ran]
            run.ran = before.ran + run.ran
            run.substituted = {**before.substituted, **run.substituted}
        _judge(graph, run, fail_fast)
        return Made(run.entries, tuple(run.ran), tuple(run.cached), run.failures, run.substituted)

    def _attempt(
        self, graph: Graph, expected: Mapping[str, Estimate], order: Mapping[str, Rank], wish: Wish
    ) -> Attempt:
        run = Attempt(graph, self._toolbox, self._store, self._dispatcher, self._clock, expected, order, wish)
        run.finish()
        return run

    def _start(self) -> None:
        with self._lock:
            if not self._finalizer.alive:
                raise Cancelled("the executor was closed; make a new one to run more")
            if not self._started:
                self._started = True
                self._dispatcher.start()


def _end(dispatcher: Dispatcher, crew: Crew) -> None:
    dispatcher.close()
    crew.close(0.0)  # nothing runs any more that is waited for


def _judge(graph: Graph, run: Attempt, fail_fast: bool) -> None:
    """Raises RunError for what nobody can do without, and OverBudget for what was not paid."""
    if unpaid := [id for id, error in run.failures.items() if isinstance(error, Unpaid)]:
        raise OverBudget(
            f"{len(unpaid)} calls were not started, for they would cost more than the budget allows; all else is kept "
            "in the store; allow more with --max-cost",
            run.failures,
        )
    missed = graph.missed(run.entries)
    fatal = {id: e for id, e in run.failures.items() if id in missed and (fail_fast or not graph[id].optional)}
    if fatal:
        raise RunError(_report(graph, fatal), fatal)


def _report(graph: Graph, failures: Mapping[str, ToolError]) -> str:
    first = min(failures, key=graph.order.__getitem__)
    name = graph[first].element or first
    more = f" ({len(failures)} calls failed)" if len(failures) > 1 else ""
    return f"'{name}' could not be made: {failures[first]}{more}; everything else is kept in the store"
