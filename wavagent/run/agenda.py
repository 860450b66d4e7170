"""The agenda: the calls that wait, in their order, and the batches that are made of them."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from wavagent.errors import WavagentError
from wavagent.run.budget import Purse
from wavagent.run.call import Ready
from wavagent.speeds import Timed, untimed
from wavagent.store import Entry
from wavagent.tool import Tool

Rank = tuple[int, int, float, int]
"""Which call comes first: the part of the story that is wanted first, the older run, the longer path, the script."""

WINDOW = 32
"""A batch is chosen among the calls of this many batches: alike in length, yet no call waits for long."""

NEVER: tuple[float, ...] = (math.inf,)
"""A place on the agenda behind every rank."""

Settle = Callable[[Ready, Entry | WavagentError | None, bool], None]
"""Is told what became of a call, once (None: it was called off), and whether it was made for this very call."""


@dataclass(slots=True, eq=False)
class Client:
    """A run that asks for calls. Nothing more is started for one that has left."""

    settle: Settle
    timed: Timed = untimed
    left: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that a run asks for: how it is ranked, the seconds of sound it should make, and who pays."""

    ready: Ready
    rank: Rank
    seconds: float
    purse: Purse


@dataclass(slots=True, eq=False)
class Task:
    """A call that is to be made: for one run or, when another asks for the same meanwhile, for several."""

    ready: Ready
    rank: Rank
    seconds: float  # of sound, about
    purse: Purse
    asked: list[tuple[Client, Ready]]
    tries: int = 0
    waited: float = 0.0
    deaths: int = 0
    alone: bool = False  # not in a batch with others, so that the culprit is found
    cleared: bool = False  # with no other model loaded

    @property
    def tool(self) -> Tool:
        return self.ready.tool

    @property
    def key(self) -> str:
        return self.ready.key

    @property
    def left(self) -> bool:
        """Whether everybody who asked for it has left."""
        return all(client.left for client, _ in self.asked)


Queued = tuple[Rank, int, Task]


@dataclass(slots=True)
class Agenda:
    """What waits: by tool, in order of rank; put off until a time; and what each run is going to need later."""

    ceilings: dict[str, int] = field(default_factory=dict)  # calls that fit into memory at once, by tool
    _queues: dict[str, list[Queued]] = field(default_factory=dict)
    _later: list[tuple[float, int, Task]] = field(default_factory=list)
    _held: dict[str, float] = field(default_factory=dict)
    _expected: dict[str, dict[tuple[Client, str], Rank]] = field(default_factory=lambda: defaultdict(dict))
    _count: int = 0

    def expect(self, run: Client, ranks: Mapping[str, Mapping[str, Rank]]) -> None:
        """A run will need these calls, by tool."""
        for tool, calls in ranks.items():
            self._expected[tool].update({(run, id): rank for id, rank in calls.items()})

    def met(self, run: Client, tool: str, id: str) -> None:
        """A call that was expected is done, or will never be."""
        self._expected[tool].pop((run, id), None)

    def drop(self, run: Client) -> list[Task]:
        """Forget a run that has left; the tasks that nobody waits for any longer, which are gone."""
        for calls in self._expected.values():
            for one in [one for one in calls if one[0] is run]:
                del calls[one]
        gone = [task for task in self._waiting() if task.left]
        dead = set(map(id, gone))
        for name, queue in self._queues.items():
            self._queues[name] = [queued for queued in queue if id(queued[2]) not in dead]
            heapify(self._queues[name])
        self._later = [late for late in self._later if id(late[2]) not in dead]
        heapify(self._later)
        return gone

    def add(self, task: Task) -> None:
        self._count += 1
        heappush(self._queues.setdefault(task.tool.card.name, []), (task.rank, self._count, task))

    def put_off(self, task: Task, until: float) -> None:
        """Back into the queue, but only then."""
        self._count += 1
        heappush(self._later, (until, self._count, task))

    def hold(self, tool: Tool, until: float) -> None:
        """Start no call of `tool` before then: its server asked for that."""
        self._held[tool.card.name] = max(until, self._held.get(tool.card.name, -math.inf))

    def wake(self, now: float) -> None:
        """Queue what was put off until now."""
        while self._later and self._later[0][0] <= now:
            self.add(heappop(self._later)[2])
        self._held = {name: until for name, until in self._held.items() if until > now}

    @property
    def due(self) -> float:
        """When `wake` has something to do next."""
        return min(self._later[0][0] if self._later else math.inf, *self._held.values(), math.inf)

    def heads(self) -> Iterator[Task]:
        """The first call of each tool that is not held."""
        return (queue[0][2] for name, queue in self._queues.items() if queue and name not in self._held)

    def share(self, tool: Tool, slots: int) -> int:
        """How many calls of `tool` a batch takes, so that a short queue leaves none of `slots` idle."""
        name = tool.card.name
        return min(tool.card.batch, self.ceilings.get(name, tool.card.batch), -(-len(self._queues[name]) // slots))

    def take(self, tool: Tool, size: int) -> Sequence[Task]:
        """The first call of `tool` and up to `size` - 1 that wait, the most like it in length."""
        queue = self._queues[tool.card.name]
        first = heappop(queue)
        if first[2].alone or size <= 1:
            return [first[2]]
        window = [heappop(queue) for _ in range(min(WINDOW * size, len(queue)))]
        alike = [first, *(one for one in window if not one[2].alone and one[0][0] == first[0][0])]
        chosen = _block(sorted(alike, key=lambda one: (-one[2].seconds, one[:2])), first, size)
        taken = {one[1] for one in chosen}
        for one in window:
            if one[1] not in taken:
                heappush(queue, one)
        return [task for _, _, task in sorted(chosen, key=lambda one: one[:2])]

    def next_use(self, tool: Tool) -> tuple[float, ...]:
        """The rank of the next call of `tool` that is still to be made, also of those that cannot start yet."""
        return min(self._expected[tool.card.name].values(), default=NEVER)

    def _waiting(self) -> Iterator[Task]:
        for queue in self._queues.values():
            yield from (task for _, _, task in queue)
        yield from (task for _, _, task in self._later)


def _block(queue: list[Queued], first: Queued, size: int) -> list[Queued]:
    """The `size` neighbours of `first` in `queue`, which is in order of length: its block, where blocks are counted off
    from the longest. So what is left stays in whole blocks."""
    start = queue.index(first) // size * size
    start = max(0, min(start, len(queue) - size))
    return queue[start : start + size]
