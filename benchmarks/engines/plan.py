"""Graphs of calls that only take time: the same numbers for every engine, from one seed.

A call of a batchable tool costs `FIXED` seconds for its batch, the longest of the batch, and a tenth of each other one:
that is how a model on a GPU behaves. All others cost their own time. A model is loaded once, which takes `LOAD`.
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from random import Random
from typing import Literal

FIXED = 0.01
BESIDE = 0.1
LOAD = 0.1
SLOTS: Mapping[str, int] = {"cpu": 4, "gpu": 1}

BATCH: Mapping[str, int] = {"voice": 8, "painter": 1, "foley": 1, "composer": 1, "mender": 1}
POOL: Mapping[str, Literal["cpu", "gpu"]] = {
    "voice": "gpu",
    "painter": "gpu",
    "foley": "cpu",
    "composer": "cpu",
    "mender": "cpu",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A call of `tool` that takes `cost` seconds by itself, after those in `needs`."""

    id: str
    tool: str
    cost: float
    needs: tuple[str, ...] = ()


Plan = Mapping[str, Step]


def story(calls: int, random: Random) -> Plan:
    """Scenes of lines, each with sounds, a bed that waits for its lines, and one that does not."""
    steps: list[Step] = []
    while len(steps) < calls:
        scene = len(steps)
        lines = [Step(f"l{scene}.{n}", "voice", _line(random)) for n in range(random.randint(10, 30))]
        sounds = [Step(f"s{scene}.{n}", "foley", random.uniform(0.02, 0.2)) for n in range(random.randint(2, 8))]
        under = Step(f"m{scene}", "composer", random.uniform(0.1, 0.3), tuple(line.id for line in lines))
        steps += [*lines, *sounds, under, Step(f"a{scene}", "composer", random.uniform(0.1, 0.3))]
    return _first(steps, calls)


def chains(calls: int, random: Random) -> Plan:
    """Recordings that go through several tools one after another, some of them long."""
    steps: list[Step] = []
    while len(steps) < calls:
        chain = len(steps)
        before: tuple[str, ...] = ()
        for place in range(random.choice([2, 3, 5, 40])):
            step = Step(f"c{chain}.{place}", random.choice(["mender", "foley"]), random.uniform(0.02, 0.08), before)
            steps.append(step)
            before = (step.id,)
    return _first(steps, calls)


def wide(calls: int, random: Random) -> Plan:
    """Nothing waits for anything."""
    tools = random.choices(list(BATCH), [8, 1, 4, 2, 2], k=calls)
    return _first([Step(f"w{n}", tool, _cost(tool, random)) for n, tool in enumerate(tools)], calls)


def layers(calls: int, random: Random) -> Plan:
    """Any call may need some of those of the layer before it."""
    steps: list[Step] = []
    before: list[Step] = []
    while len(steps) < calls:
        layer: list[Step] = []
        for _ in range(50):
            tool = random.choices(list(BATCH), [6, 1, 4, 2, 4])[0]
            needs = tuple(step.id for step in random.sample(before, min(len(before), random.randint(0, 2))))
            layer.append(Step(f"y{len(steps) + len(layer)}", tool, _cost(tool, random), needs))
        steps += layer
        before = layer
    return _first(steps, calls)


def _line(random: Random) -> float:
    """Seconds for a line: most are of middling length."""
    return random.triangular(0.04, 0.2, 0.08)


def _cost(tool: str, random: Random) -> float:
    return _line(random) if tool == "voice" else random.uniform(0.02, 0.15)


SHAPES = {"story": story, "chains": chains, "wide": wide, "layers": layers}


def nothing(calls: int) -> Plan:
    """Calls that take no time, half of them after another."""
    return {f"n{n}": Step(f"n{n}", "mender", 0.0, (f"n{n - 1}",) if n % 2 else ()) for n in range(calls)}


def scaled(plan: Plan, times: float) -> Plan:
    """The same calls, each `times` as long."""
    return {step.id: Step(step.id, step.tool, times * step.cost, step.needs) for step in plan.values()}


def _first(steps: Sequence[Step], calls: int) -> Plan:
    kept = {step.id: step for step in steps[:calls]}
    return {
        step.id: Step(step.id, step.tool, step.cost, tuple(id for id in step.needs if id in kept))
        for step in kept.values()
    }


def seconds(tool: str, costs: Sequence[float]) -> float:
    """How long a batch takes."""
    if BATCH[tool] == 1:
        return sum(costs)
    return FIXED + max(costs) + BESIDE * (sum(costs) - max(costs))


def bound(plan: Plan) -> float:
    """Seconds that no schedule can beat: the longest path, every call alone in its batch; or a pool's work over its
    slots, its models loaded, in the fullest batches of the most alike."""
    path: dict[str, float] = {}
    for id in TopologicalSorter({step.id: step.needs for step in plan.values()}).static_order():
        step = plan[id]
        path[id] = seconds(step.tool, [step.cost]) + max((path[need] for need in step.needs), default=0.0)
    work: dict[str, float] = dict.fromkeys(SLOTS, 0.0)
    for tool in {step.tool for step in plan.values()}:
        costs = sorted((step.cost for step in plan.values() if step.tool == tool), reverse=True)
        groups = [costs[at : at + BATCH[tool]] for at in range(0, len(costs), BATCH[tool])]
        work[POOL[tool]] += sum(seconds(tool, group) for group in groups) + LOAD
    return max(max(path.values()), *(work[pool] / SLOTS[pool] for pool in work))


def generations(plan: Plan) -> list[list[Step]]:
    """The calls in sets: each needs only what is in the sets before it."""
    sorter = TopologicalSorter({step.id: step.needs for step in plan.values()})
    sorter.prepare()
    found: list[list[Step]] = []
    place = {id: n for n, id in enumerate(plan)}
    while sorter.is_active():
        ids = sorted(sorter.get_ready(), key=place.__getitem__)
        found.append([plan[id] for id in ids])
        sorter.done(*ids)
    return found


def batches(generation: Sequence[Step]) -> list[list[Step]]:
    """The calls of a generation in batches, as somebody would put them together by hand: in their order."""
    found: list[list[Step]] = []
    for tool in dict.fromkeys(step.tool for step in generation):
        steps = [step for step in generation if step.tool == tool]
        found += [steps[at : at + BATCH[tool]] for at in range(0, len(steps), BATCH[tool])]
    return found


def work(tool: str, costs: Sequence[float], *needs: object) -> int:
    """A batch in whatever process this is, after those that it needs; how many models that loaded."""
    before = sum(MODELS.loads.values())
    MODELS.work(tool, costs)
    return sum(MODELS.loads.values()) - before


class Models:
    """The models of one process: the first call of each loads it."""

    def __init__(self) -> None:
        self.loads: Counter[str] = Counter()
        self._locks = {tool: threading.Lock() for tool in BATCH}

    def work(self, tool: str, costs: Sequence[float]) -> None:
        """Take the time of a batch; whoever comes while a model is loaded waits for it."""
        with self._locks[tool]:
            if not self.loads[tool]:
                self.loads[tool] += 1
                time.sleep(LOAD)
        time.sleep(seconds(tool, costs))


MODELS = Models()
"""Those of this process."""
