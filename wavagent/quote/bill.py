"""The bill: what a story will take of calls, time, money and memory, and under which licences it is made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wavagent.audio import RATE
from wavagent.compiler import Compiled
from wavagent.mix.place import place
from wavagent.mix.premaster import ducking
from wavagent.mix.segment import segments
from wavagent.passes.rights import obstacles
from wavagent.quote.forecast import Forecast, forecast, pace_of
from wavagent.quote.foresight import Foreseen, Foresight, foresee
from wavagent.speeds import Pace, Speeds
from wavagent.store import Entry, Store
from wavagent.tool import Card, Pool, Tool, Toolbox

MIX = "@mix"
"""The name of mixing among the speeds; no tool can have it."""

_UNMEASURED: Mapping[str, Pace] = {MIX: Pace(0.0, 1 / 300), "sound": Pace(0.0, 1 / 70), "text": Pace(0.05, 0.0)}
"""Before the first run on a machine: mixing, mastering with encoding and certifying, and writing what is no sound."""


def writing(suffix: str, profile: str) -> str:
    """The name among the speeds of writing files of a format for a profile, mastering and certifying included."""
    return f"@{suffix} {profile}"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to be written: its suffix, for which profile, and whether it is sound."""

    suffix: str
    profile: str
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """What one tool has to do: its calls, those `kept`, and of the rest those `unknown` until others ran.

    A call is kept that is in the store, or that another one makes. `seconds` of sound are made anew, in `took` seconds
    of work; what is kept saves `saved` seconds of it. `measured`: at a pace that this machine has shown.
    """

    card: Card
    calls: int
    kept: int
    unknown: int
    seconds: float
    took: float
    saved: float
    money: float
    memory_mb: int
    measured: bool

    def to_json(self) -> dict[str, Any]:
        card = self.card
        return {
            "tool": card.name,
            "version": card.version,
            "task": card.task,
            "calls": self.calls,
            "kept": self.kept,
            "unknown": self.unknown,
            "seconds": round(self.seconds, 3),
            "took": round(self.took, 3),
            "saved": round(self.saved, 3),
            "cost": round(self.money, 6),
            "memory_mb": self.memory_mb,
            "pool": card.pool,
            "measured": self.measured,
            "code_licence": card.code_licence.name,
            "weights_licence": card.weights_licence.name if card.weights_licence else None,
            "commercial": card.commercial,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the whole, in seconds of time: `run`, `mix`, or the writing of a file."""

    name: str
    took: float
    measured: bool


@dataclass(frozen=True)
class Quote:
    """What a story of about `seconds` will take. `obstacles`: why it may not be sold; `faults`: what cannot be made."""

    items: tuple[Item, ...]
    steps: tuple[Step, ...]
    seconds: float
    forecast: Forecast
    obstacles: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def calls(self) -> int:
        return sum(item.calls for item in self.items)

    @property
    def kept(self) -> int:
        return sum(item.kept for item in self.items)

    @property
    def took(self) -> float:
        """Seconds of time, from the start to the finished files."""
        return sum(step.took for step in self.steps)

    @property
    def money(self) -> float:
        """Dollars."""
        return sum(item.money for item in self.items)

    @cached_property
    def memory_mb(self) -> Mapping[Pool, int]:
        """Megabytes that the models of each pool need when all are loaded."""
        pools = dict.fromkeys(item.card.pool for item in self.items)
        return {pool: sum(item.memory_mb for item in self.items if item.card.pool == pool) for pool in pools}

    @property
    def measured(self) -> bool:
        """Whether this machine has shown how fast it does every part of it."""
        return all(item.measured for item in self.items if item.took) and all(
            step.measured for step in self.steps if step.took
        )

    def over(self, cost: float | None = None, minutes: float | None = None) -> str | None:
        """Why it is more than allowed, in dollars and minutes, or None."""
        # A millionth of a cent is a rounding error, not a cost.
        if cost is not None and self.money > cost + 1e-8:
            return f"it would cost ${self.money:.4f}, and ${cost:.4f} are allowed"
        if minutes is not None and self.took > 60 * minutes:
            return f"it would take {self.took / 60:.1f} minutes, and {minutes:g} are allowed"
        return None

    def to_json(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "kept": self.kept,
            "seconds": round(self.seconds, 3),
            "took": round(self.took, 3),
            "cost": round(self.money, 6),
            "memory_mb": dict(self.memory_mb),
            "measured": self.measured,
            "commercial": not self.obstacles,
            "obstacles": list(self.obstacles),
            "faults": list(self.faults),
            "steps": [{"name": step.name, "took": round(step.took, 3)} for step in self.steps],
            "tools": [item.to_json() for item in self.items],
        }


def quote(
    compiled: Compiled,
    toolbox: Toolbox,
    store: Store,
    speeds: Speeds,
    depths: Mapping[Pool, int],
    outputs: Sequence[Output] = (),
    foresight: Foresight | None = None,
) -> Quote:
    """What `compiled` will take and what `outputs` of it will. Nothing runs. Raises StoreError."""
    paces = speeds.read()
    foresight = foresight or foresee(compiled.graph, toolbox, store)
    items = tuple(_items(foresight, paces, depths))
    run = forecast(foresight, paces, depths)
    seconds, to_mix, cuts = _mixing(compiled, foresight, store)
    mixing = _step("mix", MIX, paces, _UNMEASURED[MIX], cuts, to_mix)
    steps = (
        Step("run", run.seconds, all(item.measured for item in items if item.took)),
        mixing,
        *(_written(output, paces, seconds) for output in outputs),
    )
    faults = tuple(f"'{one.call.element or one.call.id}': {one.fault}" for one in foresight if one.fault)
    return Quote(items, steps, seconds, run, tuple(_obstacles(compiled, items, toolbox)), faults)


def _items(foresight: Foresight, paces: Mapping[str, Pace], depths: Mapping[Pool, int]) -> Iterator[Item]:
    by_tool: dict[str, list[Foreseen]] = {}
    for one in foresight:
        by_tool.setdefault(one.tool.card.name, []).append(one)
    for calls in by_tool.values():
        tool, running = calls[0].tool, [one for one in calls if one.runs]
        kept = [one for one in calls if one.state in ("kept", "twin")]
        pace = pace_of(calls[0], paces)
        yield Item(
            tool.card,
            len(calls),
            len(kept),
            sum(one.state == "unknown" for one in calls),
            sum(one.seconds for one in running),
            pace.took(len(running), sum(one.work for one in running)),
            pace.took(len(kept), sum(one.seconds for one in kept)),
            sum(one.money for one in running),
            _memory(tool, depths) if running else 0,
            pace.runs > 0,
        )


def _memory(tool: Tool, depths: Mapping[Pool, int]) -> int:
    """Megabytes of a tool's models: one in every worker process that may hold one."""
    card = tool.card
    return card.memory_mb * (depths[card.pool] if card.isolated and card.pool == "cpu" else 1)


def _mixing(compiled: Compiled, foresight: Foresight, store: Store) -> tuple[float, float, int]:
    """Seconds of the whole story, and of what has to be mixed anew, in how many segments."""
    nothing = Entry("", RATE, 0, 1)
    entries = {call.id: foresight.entries.get(call.id, nothing) for call in compiled.graph}
    layout = place(compiled.timeline, entries)
    anew = [one for one in segments(layout, entries, ducking(layout)) if not store.has_bytes("mix", one.key)]
    return layout.frames / RATE, sum(one.stop - one.start for one in anew) / RATE, len(anew)


def _written(output: Output, paces: Mapping[str, Pace], seconds: float) -> Step:
    unmeasured = _UNMEASURED["sound" if output.sound else "text"]
    return _step(output.suffix, writing(output.suffix, output.profile), paces, unmeasured, 1, seconds)


def _step(name: str, speed: str, paces: Mapping[str, Pace], unmeasured: Pace, calls: int, seconds: float) -> Step:
    pace = paces.get(speed, unmeasured)
    return Step(name, pace.took(calls, seconds), pace.runs > 0)


def _obstacles(compiled: Compiled, items: Iterable[Item], toolbox: Toolbox) -> Iterator[str]:
    for item in items:
        if item.card.bar:
            yield f"tool '{item.card.name}' may not be used commercially: {item.card.bar}"
    yield from obstacles(compiled.script, toolbox)
