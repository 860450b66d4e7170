"""The executor: start all you may, reap one, repeat.

It decides nothing: which tool, which parameters and which seed are in the graph. It runs what is ready, skips what is
in the store, and after a failure starts nothing that depends on it, finishes what runs, keeps it, and then reports.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from heapq import heappop, heappush

from wavagent.errors import Cancelled, RunError, ToolError
from wavagent.event import Event, Listener, silent
from wavagent.graph import Graph
from wavagent.run.call import Ready, ready
from wavagent.run.crew import Crew, Lost, Outcome
from wavagent.store import Entry, Store
from wavagent.tool import Pool, Toolbox

Queue = list[tuple[int, Ready]]
"""Calls of one tool that wait for room, a heap by their place in the script."""

PATIENCE = 1.0
"""Seconds that running calls get to finish after Ctrl-C."""


def depths_here() -> dict[Pool, int]:
    """How many batches of each pool run at once on this machine."""
    return {"cpu": max(1, os.cpu_count() or 1), "gpu": 1, "http": 4}


@dataclass(frozen=True)
class Made:
    """What a run gave: every call's entry, and how many calls tools did, the store answered, and failed."""

    entries: Mapping[str, Entry]
    ran: tuple[str, ...] = ()
    cached: tuple[str, ...] = ()
    failures: Mapping[str, ToolError] = field(default_factory=dict)


class Executor:
    """Runs graphs with the tools of a box, on a store."""

    def __init__(
        self,
        toolbox: Toolbox,
        store: Store,
        *,
        depths: Mapping[Pool, int] | None = None,
        offline: bool = False,
        listen: Listener = silent,
    ) -> None:
        self._toolbox = toolbox
        self._store = store
        self._depths = {**depths_here(), **(depths or {})}
        self._offline, self._listen = offline, listen

    def run(self, graph: Graph) -> Made:
        """Every call of `graph`, from the store or from its tool.

        Raises RunError when calls failed, StoreError when the store did, and Cancelled on Ctrl-C; what finished is in
        the store either way.
        """
        run = self._attempt(graph)
        if any(isinstance(error, Lost) for error in run.failures.values()):
            # The damaged clips were removed when they were found, so that a second attempt makes them anew.
            before, run = run, self._attempt(graph)
            run.cached = [id for id in run.cached if id not in before.ran]
            run.ran = before.ran + run.ran
        if run.failures:
            raise RunError(_report(graph, run.failures), run.failures)
        return Made(run.entries, tuple(run.ran), tuple(run.cached), run.failures)

    def _attempt(self, graph: Graph) -> "_Run":
        crew = Crew(self._store, self._depths, self._offline)
        run = _Run(graph, self._toolbox, self._store, crew, self._depths, self._listen)
        patience = None
        try:
            run.finish()
        except KeyboardInterrupt:
            patience = PATIENCE
            raise Cancelled("stopped; what was finished is kept, so the same command goes on from here") from None
        finally:
            crew.close(patience)
        return run


class _Run:
    """One run of one graph: what is made, what waits, what is on its way."""

    def __init__(
        self,
        graph: Graph,
        toolbox: Toolbox,
        store: Store,
        crew: Crew,
        depths: Mapping[Pool, int],
        listen: Listener,
    ) -> None:
        self._graph, self._toolbox, self._store, self._crew = graph, toolbox, store, crew
        self._depths, self._listen = depths, listen
        self._sorter = graph.sorter()
        self._queues: dict[str, Queue] = {}  # by tool
        self._flying: dict[Future[Outcome], Sequence[Ready]] = {}
        self._twins: dict[str, list[Ready]] = {}  # calls whose result another call is already making, by key
        self.entries: dict[str, Entry] = {}
        self.ran: list[str] = []
        self.cached: list[str] = []
        self.failures: dict[str, ToolError] = {}

    def finish(self) -> None:
        self._listen(Event("run", "start", 0, len(self._graph)))
        self._sorter.prepare()
        while True:
            self._admit()
            self._start()
            if not self._flying:
                break
            self._reap()
        self._listen(Event("run", "end", len(self.entries), len(self._graph)))

    def _admit(self) -> None:
        """Take in every call whose clips are there; what the store knows is done at once, and may free others."""
        while ids := self._sorter.get_ready():
            for id in sorted(ids, key=self._graph.order.__getitem__):
                call = self._graph[id]
                try:
                    self._take_in(ready(call, self._toolbox[call.tool], self.entries))
                except ToolError as error:
                    self._fail(id, error)

    def _take_in(self, call: Ready) -> None:
        if call.key in self._twins:
            self._twins[call.key].append(call)
        elif (entry := self._store.get(call.key)) is not None:
            self.cached.append(call.call.id)
            self._done(call, entry)
        else:
            self._twins[call.key] = []
            heappush(self._queues.setdefault(call.tool.card.name, []), (self._graph.order[call.call.id], call))

    def _start(self) -> None:
        for batch in self._batches():
            self._flying[self._crew.start(batch)] = batch

    def _batches(self) -> Iterator[list[Ready]]:
        """As many batches as the pools have room for, the calls that come first in the script first."""
        # A short queue is shared out, so that no slot of the pool stands idle.
        shares = {name: -(-len(queue) // self._depths[_pool(queue)]) for name, queue in self._queues.items() if queue}
        while name := self._next():
            queue = self._queues[name]
            size = min(queue[0][1].tool.card.batch, shares[name], len(queue))
            yield [heappop(queue)[1] for _ in range(size)]

    def _next(self) -> str | None:
        """The tool of the first call for which there is room."""
        waiting = [(queue[0][0], name) for name, queue in self._queues.items() if queue and self._room(_pool(queue))]
        return min(waiting)[1] if waiting else None

    def _room(self, pool: Pool) -> bool:
        busy = sum(batch[0].tool.card.pool == pool for batch in self._flying.values())
        return busy < self._depths[pool]

    def _reap(self) -> None:
        finished, _ = wait(self._flying, return_when=FIRST_COMPLETED)
        for future in finished:
            batch = self._flying.pop(future)
            for call, outcome in zip(batch, future.result(), strict=True):
                self._settle(call, outcome)

    def _settle(self, call: Ready, outcome: Entry | ToolError) -> None:
        twins = self._twins.pop(call.key)
        if isinstance(outcome, ToolError):
            for each in (call, *twins):
                self._fail(each.call.id, outcome)
            return
        self.ran.append(call.call.id)
        self._done(call, outcome)
        for twin in twins:
            self.cached.append(twin.call.id)
            self._done(twin, outcome)

    def _done(self, call: Ready, entry: Entry) -> None:
        self.entries[call.call.id] = entry
        self._sorter.done(call.call.id)
        self._listen(Event("run", "progress", len(self.entries), len(self._graph), subject=call.call.id))

    def _fail(self, id: str, error: ToolError) -> None:
        self.failures[id] = error
        self._listen(Event("run", "warning", len(self.entries), len(self._graph), str(error), id))


def _pool(queue: Queue) -> Pool:
    return queue[0][1].tool.card.pool


def _report(graph: Graph, failures: Mapping[str, ToolError]) -> str:
    first = min(failures, key=graph.order.__getitem__)
    name = graph[first].element or first
    more = f" ({len(failures)} calls failed)" if len(failures) > 1 else ""
    return f"'{name}' could not be made: {failures[first]}{more}; everything else is kept in the store"
