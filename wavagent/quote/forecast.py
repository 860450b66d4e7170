"""The forecast: when every call would run, by the pace of its tool and the slots of its pool."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush

from wavagent.graph import Graph
from wavagent.quote.foresight import Foreseen, Foresight
from wavagent.speeds import Pace
from wavagent.tool import Pool


@dataclass(frozen=True, slots=True)
class Slot:
    """A call's place in a run: in `lane` of its pool from second `start` for `took` seconds; `kept`: from the store."""

    call: str
    tool: str
    pool: str
    lane: int
    start: float
    took: float
    element: str = ""
    kept: bool = False

    @property
    def end(self) -> float:
        return self.start + self.took


@dataclass(frozen=True)
class Forecast:
    """The slots of a run, and `critical`: the chain of calls that need each other and take longest together."""

    slots: tuple[Slot, ...]
    critical: tuple[str, ...] = ()

    @cached_property
    def seconds(self) -> float:
        """From the first start to the last end."""
        return max((slot.end for slot in self.slots), default=0.0)


def pace_of(one: Foreseen, paces: Mapping[str, Pace]) -> Pace:
    """The pace that was measured of its tool, else what the tool's card says."""
    card = one.tool.card
    return paces.get(card.name) or Pace(0.0, 1.0 / card.speed)


def forecast(foresight: Foresight, paces: Mapping[str, Pace], depths: Mapping[Pool, int]) -> Forecast:
    """The run of `foresight` on pools of `depths`, in batches as its tools take them."""
    took = {one.call.id: pace_of(one, paces).took(1, one.work) if one.runs else 0.0 for one in foresight}
    run = _Run(foresight, took, _ranks(foresight.graph, took), depths)
    return Forecast(tuple(run.slots()), critical_path(foresight.graph, took))


def _ranks(graph: Graph, took: Mapping[str, float]) -> Mapping[str, tuple[float, int]]:
    """What runs first of what is ready: that for which most waits, then that which comes first in the script."""
    path = dict(took)
    for id in reversed(tuple(graph.sorter().static_order())):
        for need in graph[id].needs:
            path[need] = max(path[need], took[need] + path[id])
    return {id: (-path[id], place) for id, place in graph.order.items()}


def critical_path(graph: Graph, took: Mapping[str, float]) -> tuple[str, ...]:
    """The chain of calls that need each other and take longest together; empty when nothing takes any time."""
    length: dict[str, float] = {}
    before: dict[str, str | None] = {}
    for id in graph.sorter().static_order():
        needed = max(graph[id].needs, key=lambda need: (length[need], need), default=None)
        before[id] = needed
        length[id] = took.get(id, 0.0) + (length[needed] if needed else 0.0)
    last = max(length, key=lambda id: length[id], default=None)
    path: list[str] = []
    while last is not None and length[last] > 0.0:
        path.append(last)
        last = before[last]
    return tuple(id for id in reversed(path) if took.get(id, 0.0) > 0.0)


_Queue = list[tuple[tuple[float, int], str]]


@dataclass
class _Run:
    """A run that only counts the seconds."""

    foresight: Foresight
    took: Mapping[str, float]
    ranks: Mapping[str, tuple[float, int]]
    depths: Mapping[Pool, int]
    now: float = 0.0
    ends: list[tuple[float, Pool, int, Sequence[str]]] = field(default_factory=list)  # a heap of what runs

    def slots(self) -> Iterator[Slot]:
        graph = self.foresight.graph
        self.sorter = graph.sorter()
        self.sorter.prepare()
        self.queues: dict[str, _Queue] = {}  # of what is ready, by tool
        self.lanes = {pool: list(range(depth)) for pool, depth in self.depths.items()}
        while self.sorter.is_active():
            yield from self._admit()
            yield from self._start()
            if not self.ends:
                break
            self.now, pool, lane, calls = heappop(self.ends)
            heappush(self.lanes[pool], lane)
            self.sorter.done(*calls)

    def _admit(self) -> Iterator[Slot]:
        while ids := self.sorter.get_ready():
            for id in ids:
                one = self.foresight.calls[id]
                if one.runs:
                    heappush(self.queues.setdefault(one.tool.card.name, []), (self.ranks[id], id))
                else:
                    self.sorter.done(id)
                    if one.state != "refused":
                        yield self._slot(one, 0, 0.0, self.now)

    def _start(self) -> Iterator[Slot]:
        shares = {tool: -(-len(queue) // len(self._lanes(queue))) for tool, queue in self.queues.items() if queue}
        while queue := min((queue for queue in self.queues.values() if queue and self._free(queue)), default=None):
            card = self.foresight.calls[queue[0][1]].tool.card
            size = min(card.batch, max(1, shares[card.name]), len(queue))
            calls = [heappop(queue)[1] for _ in range(size)]
            lane, at = heappop(self.lanes[card.pool]), self.now
            for id in calls:
                yield self._slot(self.foresight.calls[id], lane, self.took[id], at)
                at += self.took[id]
            heappush(self.ends, (at, card.pool, lane, calls))

    def _lanes(self, queue: _Queue) -> range:
        return range(self.depths[self.foresight.calls[queue[0][1]].tool.card.pool])

    def _free(self, queue: _Queue) -> list[int]:
        return self.lanes[self.foresight.calls[queue[0][1]].tool.card.pool]

    def _slot(self, one: Foreseen, lane: int, took: float, start: float) -> Slot:
        call, card = one.call, one.tool.card
        return Slot(call.id, card.name, card.pool, lane, start, took, call.element, not one.runs)
