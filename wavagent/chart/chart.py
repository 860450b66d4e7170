"""A chart as data: bars on rows over time. The run of a quote, or the last run as it was measured."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wavagent.compiler import Compiled
from wavagent.graph import Graph
from wavagent.quote.bill import Quote
from wavagent.quote.forecast import critical_path
from wavagent.speeds import Timing
from wavagent.tool import Pool, Toolbox

STEPS = "@"
"""What the names of steps begin with, which are no tools: mixing and the writing of files."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`calls` of `tool`, or a step without any, on a row from second `start` for `took` seconds."""

    row: str
    tool: str
    start: float
    took: float
    calls: tuple[str, ...] = ()

    @property
    def end(self) -> float:
        return self.start + self.took


@dataclass(frozen=True, slots=True)
class Share:
    """What one tool has to do in all: its calls, those of them that were kept, and the seconds that saved."""

    tool: str
    calls: int
    kept: int
    took: float
    saved: float


@dataclass(frozen=True)
class Chart:
    """The bars of a run of `graph`, whose calls belong to `scenes`; `critical` are the calls that hold it up longest.

    `measured`: as it was; else as it is expected.
    """

    title: str
    graph: Graph
    scenes: Mapping[str, str]  # scene by call
    bars: tuple[Bar, ...]
    shares: tuple[Share, ...]
    critical: tuple[str, ...] = ()
    measured: bool = False

    @cached_property
    def seconds(self) -> float:
        return max((bar.end for bar in self.bars), default=0.0)

    @property
    def rows(self) -> Sequence[str]:
        """The rows in order: the pools, then the steps."""
        return list(dict.fromkeys(bar.row for bar in self.bars))

    @cached_property
    def took(self) -> Mapping[str, float]:
        """Seconds that each call took; a batch is shared out evenly."""
        return {call: bar.took / len(bar.calls) for bar in self.bars for call in bar.calls}

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "measured": self.measured,
            "seconds": round(self.seconds, 3),
            "critical": list(self.critical),
            "calls": [
                {
                    "id": call.id,
                    "tool": call.tool,
                    "scene": self.scenes.get(call.id, ""),
                    "needs": sorted(call.needs),
                    "took": round(self.took[call.id], 4) if call.id in self.took else None,
                }
                for call in self.graph
            ],
            "bars": [
                {
                    "row": bar.row,
                    "tool": bar.tool,
                    "start": round(bar.start, 4),
                    "took": round(bar.took, 4),
                    "calls": list(bar.calls),
                }
                for bar in self.bars
            ],
        }


def estimated(compiled: Compiled, quote: Quote) -> Chart:
    """The chart of a run as it is quoted."""
    slots = sorted((slot for slot in quote.forecast.slots if slot.took > 0.0), key=lambda slot: slot.start)
    several = {slot.pool for slot in slots if slot.lane > 0}
    rows = {(slot.pool, slot.lane): _row(slot.pool, slot.lane, slot.pool in several) for slot in slots}
    bars = [Bar(rows[slot.pool, slot.lane], slot.tool, slot.start, slot.took, (slot.call,)) for slot in slots]
    at = quote.forecast.seconds
    steps = []
    for step in quote.steps[1:]:
        steps.append(Bar(step.name, STEPS, at, step.took))
        at += step.took
    shares = tuple(Share(i.card.name, i.calls, i.kept, i.took, i.saved) for i in quote.items)
    return Chart(
        compiled.script.title,
        compiled.graph,
        _scenes(compiled),
        (*sorted(bars, key=lambda bar: bar.row), *steps),
        shares,
        quote.forecast.critical,
    )


def after(compiled: Compiled, toolbox: Toolbox, timings: Sequence[Timing], quote: Quote) -> Chart:
    """The chart of the last run, by its `timings`; `quote` knows what the calls it found in the store save."""
    graph = compiled.graph
    ran = [one for one in timings if one.calls and all(call in graph.calls for call in one.calls)]
    bars = sorted(_packed(ran, toolbox), key=lambda bar: (bar.row, bar.start))
    steps = [
        Bar(one.tool.removeprefix(STEPS).split(" ")[0], STEPS, one.start, one.took)
        for one in timings
        if one.tool.startswith(STEPS)
    ]
    saved = {item.card.name: item for item in quote.items}
    shares = tuple(_share(tool, graph, ran, saved[tool].saved) for tool in saved)
    took = {call: bar.took / len(bar.calls) for bar in bars for call in bar.calls}
    return Chart(
        compiled.script.title,
        graph,
        _scenes(compiled),
        (*bars, *steps),
        shares,
        critical_path(graph, took),
        measured=True,
    )


def _share(tool: str, graph: Graph, ran: Sequence[Timing], saved: float) -> Share:
    calls = sum(call.tool == tool for call in graph)
    own = [one for one in ran if one.tool == tool]
    anew = sum(len(one.calls) for one in own)
    kept = max(0, calls - anew)
    return Share(tool, calls, kept, sum(one.took for one in own), saved * kept / max(1, calls))


def _packed(timings: Sequence[Timing], toolbox: Toolbox) -> Iterator[Bar]:
    """Every timing on the first row of its pool that is free when it starts."""
    ends: dict[Pool, list[float]] = {}
    placed: list[tuple[Timing, Pool, int]] = []
    for one in sorted(timings, key=lambda one: one.start):
        pool = toolbox[one.tool].card.pool
        lanes = ends.setdefault(pool, [])
        lane = next((lane for lane, end in enumerate(lanes) if end <= one.start + 1e-4), len(lanes))
        lanes[lane:] = [one.start + one.took, *lanes[lane + 1 :]]
        placed.append((one, pool, lane))
    for one, pool, lane in placed:
        row = _row(pool, lane, len(ends[pool]) > 1)
        yield Bar(row, one.tool, one.start, one.took, one.calls)


def _row(pool: str, lane: int, several: bool) -> str:
    return f"{pool} {lane + 1}" if several else pool


def _scenes(compiled: Compiled) -> dict[str, str]:
    scenes = {element.id: scene.id for scene in compiled.script.scenes for element in scene.elements}
    return {call.id: scenes.get(call.element, "") for call in compiled.graph}
