"""One attempt at a graph: what is made, what waits, what is done when a call fails for good."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from threading import Lock

from wavagent.errors import Cancelled, Flawed, OverBudget, ToolError, WavagentError
from wavagent.event import Event, Listener, silent
from wavagent.graph import Alternative, Call, Graph, Ref, seed_for
from wavagent.run.agenda import Asked, Client, Rank
from wavagent.run.budget import Purse
from wavagent.run.call import Ready, ready
from wavagent.run.crew import Lost
from wavagent.run.dispatcher import Dispatcher, Unpaid
from wavagent.run.path import Estimate
from wavagent.run.patience import Clock
from wavagent.speeds import Timed, untimed
from wavagent.store import Entry, Store
from wavagent.tool import Toolbox

PATIENCE = 1.0
"""Seconds that running calls get to finish after Ctrl-C, or when the time is up."""

Settled = tuple[Ready, Entry | WavagentError | None, bool]


@dataclass(frozen=True, slots=True)
class Substitute:
    """The `call` that was made in place of the one that failed, and why that failed."""

    call: Call
    reason: str

    @property
    def tool(self) -> str:
        return self.call.tool

    def __str__(self) -> str:
        return f"made by '{self.tool}' instead: {self.reason}"


Told = Callable[[str, Entry | None], None]
"""Is given each call's id with its entry, once it is there; None: the call is optional, and is left out."""


def nobody(id: str, entry: Entry | None) -> None:
    """Does nothing with an entry."""


class Halt:
    """Called, it ends the runs that it was given to, from whatever thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._called = False
        self._runs: list[Callable[[], None]] = []

    def __call__(self) -> None:
        with self._lock:
            self._called = True
            for run in self._runs:
                run()

    def ends(self, run: Callable[[], None]) -> None:
        """Have `run` called when it is time, or now if that has been."""
        with self._lock:
            self._runs.append(run)
            if self._called:
                run()


@dataclass(frozen=True)
class Wish:
    """How a run is to be done: whether it stops at the first failure, who is told of what, who may end it, who pays,
    and until when."""

    fail_fast: bool = False
    listen: Listener = silent
    told: Told = nobody
    timed: Timed = untimed
    halt: Halt = field(default_factory=Halt)
    purse: Purse = field(default_factory=Purse)
    until: float = math.inf


class Attempt:
    """A run of `graph`, from its first call to its last. `ranks` say which calls come first."""

    def __init__(
        self,
        graph: Graph,
        toolbox: Toolbox,
        store: Store,
        dispatcher: Dispatcher,
        clock: Clock,
        expected: Mapping[str, Estimate],
        ranks: Mapping[str, Rank],
        wish: Wish,
    ) -> None:
        self._graph, self._toolbox, self._store = graph, toolbox, store
        self._dispatcher, self._clock, self._wish = dispatcher, clock, wish
        self._expected, self._ranks = expected, ranks
        self._sorter = graph.sorter()
        self._inbox: SimpleQueue[Settled | Halt] = SimpleQueue()
        self._client = Client(lambda *settled: self._inbox.put(settled), wish.timed)
        self._open = 0
        self._left: dict[str, list[Alternative]] = {}  # what may still be tried, by call, once one has failed
        self._first: dict[str, ToolError] = {}  # why a call failed that others are tried for
        self.entries: dict[str, Entry] = {}
        self.ran: list[str] = []
        self.cached: list[str] = []
        self.failures: dict[str, ToolError] = {}
        self.substituted: dict[str, Substitute] = {}

    def finish(self) -> None:
        """Raises StoreError when the store fails, Cancelled on Ctrl-C, and OverBudget when the time is up."""
        self._tell("start")
        self._dispatcher.expect(self._client, self._by_tool())
        self._wish.halt.ends(lambda: self._inbox.put(self._wish.halt))
        try:
            self._sorter.prepare()
            self._admit()
            while self._open:
                self._admit(heard=self._take(self._next()))
        except KeyboardInterrupt:
            self._call_off()
            raise Cancelled("stopped; what was finished is kept, so the same command goes on from here") from None
        except BaseException:
            self._call_off()
            raise
        self._dispatcher.leave(self._client)
        self._tell("end")

    def _by_tool(self) -> dict[str, dict[str, Rank]]:
        by_tool: dict[str, dict[str, Rank]] = {}
        for call in self._graph:
            by_tool.setdefault(call.tool, {})[call.id] = self._ranks[call.id]
        return by_tool

    def _next(self) -> Settled | Halt:
        left = self._wish.until - self._clock.now()
        news = self._clock.get(self._inbox, None if math.isinf(left) else left) if left > 0 else None
        if news is None:
            raise OverBudget(f"the time is up: {self._so_far()}; the same command goes on from here", self.failures)
        return news

    def _so_far(self) -> str:
        return f"{len(self.entries)} of {len(self._graph)} calls are made and kept"

    def _take(self, news: Settled | Halt) -> int:
        """Hear what became of a call, and of all others that are settled by now: how many those are."""
        heard = 0
        while True:
            if isinstance(news, Halt):
                raise Cancelled(f"stopped: {self._so_far()}; the same command goes on from here")
            self._settle(*news)
            heard += 1
            if self._inbox.empty():
                return heard
            news = self._inbox.get_nowait()

    def _call_off(self) -> None:
        """Start nothing more; give what runs a moment to finish."""
        self._dispatcher.leave(self._client, PATIENCE)
        try:
            while self._open:
                news = self._inbox.get(timeout=PATIENCE + 1.0)
                self._open -= not isinstance(news, Halt)
        except (Empty, KeyboardInterrupt):
            pass

    def _admit(self, heard: int = 0) -> None:
        """Take in every call whose clips are there; what the store knows is done at once, and may free others."""
        asked: list[Asked] = []
        met: list[tuple[str, str]] = []
        while ids := self._sorter.get_ready():
            for id in ids:
                call = self._graph[id]
                one = self._taken_in(call) if self._can_be_made(call) else self._passed_over(call)
                if one is not None:
                    asked.append(one)
                else:
                    met.append((call.tool, id))
        if met:
            self._dispatcher.met(self._client, met)
        self._ask(asked, heard)

    def _ask(self, asked: list[Asked], heard: int = 0) -> None:
        self._open += len(asked)
        self._dispatcher.ask(self._client, asked, heard)

    def _can_be_made(self, call: Call) -> bool:
        """Whether the clips are there that it works on; it may do without the length of what was left out."""
        left_out = {need for need in call.needs - self.entries.keys() if self._graph[need].optional}
        left_out -= {value.call for value in call.params.values() if isinstance(value, Ref)}
        return call.possible(self.entries.keys() | left_out)

    def _passed_over(self, call: Call) -> Asked | None:
        """What can do without this call goes on; where every take of an element failed, another tool makes it."""
        failed = sorted(call.needs & self.failures.keys(), key=self._graph.order.__getitem__)
        if failed and call.otherwise and call.required <= self.entries.keys():
            following = self._following(call, self.failures[failed[0]])
            if following is not None:
                return self._taken_in(following)
        self._sorter.done(call.id)
        return None

    def _taken_in(self, call: Call) -> Asked | None:
        """What to ask the dispatcher for; None when the store knows it, or nothing is left to be tried."""
        while True:
            try:
                one = ready(call, self._toolbox[call.tool], self.entries)
            except ToolError as error:
                following = self._following(call, error)
                if following is None:
                    self._fail(call.id, self._first.get(call.id, error))
                    return None
                call = following
                continue
            if (entry := self._store.get(one.key)) is None:
                return Asked(one, self._ranks[call.id], self._expected[call.id].sound, self._wish.purse)
            self.cached.append(call.id)
            self._done(call, entry)
            return None

    def _settle(self, call: Ready, outcome: Entry | WavagentError | None, own: bool) -> None:
        self._open -= 1
        id = call.call.id
        if isinstance(outcome, Entry):
            (self.ran if own else self.cached).append(id)
            self._done(call.call, outcome)
        elif isinstance(outcome, ToolError):
            following = self._following(call.call, outcome)
            if following is None:
                self._fail(id, self._first.get(id, outcome))
            elif (one := self._taken_in(following)) is not None:
                self._ask([one])
        elif outcome is not None:
            raise outcome
        elif not self._client.left:
            raise self._dispatcher.fault or Cancelled("the executor was closed; what was finished is kept")

    def _following(self, call: Call, error: ToolError) -> Call | None:
        """What to call in place of `call`, which failed; None when nothing is left, or there is no use in it."""
        if isinstance(error, Lost | Unpaid) or self._client.left:
            return None
        left = self._left.get(call.id)
        if left is None:
            self._first[call.id] = error
            left = self._left[call.id] = [*_again(call, error, self._toolbox), *self._graph[call.id].otherwise]
        if not left:
            return None
        chosen = left.pop(0)
        if chosen.tool != call.tool:
            self._tell("warning", f"'{chosen.tool}' is asked instead: {error}", call.id)
        following = replace(call, tool=chosen.tool, params=chosen.params, seed=chosen.seed, reason=chosen.reason)
        if following.tool != self._graph[call.id].tool:
            self.substituted[call.id] = Substitute(following, str(self._first[call.id]))
        return following

    def _done(self, call: Call, entry: Entry) -> None:
        self.entries[call.id] = entry
        self._sorter.done(call.id)
        self._tell("progress", subject=call.id)
        self._wish.told(call.id, entry)

    def _fail(self, id: str, error: ToolError) -> None:
        self.failures[id] = error
        self.substituted.pop(id, None)
        self._tell("warning", str(error), id)
        self._sorter.done(id)  # what needs it is passed over, if it cannot do without
        if self._graph[id].optional:
            self._wish.told(id, None)
        if self._wish.fail_fast:
            self._dispatcher.leave(self._client)

    def _tell(self, kind: str, message: str = "", subject: str = "") -> None:
        self._wish.listen(Event("run", kind, len(self.entries), len(self._graph), message, subject))  # type: ignore[arg-type]


def _again(call: Call, error: ToolError, toolbox: Toolbox) -> Iterable[Alternative]:
    """The same call with another seed, where the fault was in the sound and the tool listens to one."""
    if isinstance(error, Flawed) and call.seed is not None and toolbox[call.tool].card.seeded:
        yield Alternative(call.tool, call.params, seed_for(call.seed, "again"), "another seed")
