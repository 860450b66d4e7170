"""wavagent's executor, with tools that only take time."""

import time
from collections.abc import Sequence
from typing import Any, ClassVar

from benchmarks.engines.plan import BATCH, POOL, SLOTS, Models, Plan
from wavagent.audio import Audio
from wavagent.graph import Call, Graph, Length
from wavagent.run.executor import Executor
from wavagent.store import Store
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Toolbox

RATE = 8_000
CLIP = Result(Audio.silence(0.01, RATE))


class CostParams(Params):
    """What a call is called, how long it takes, and how long what it waits for lasts."""

    name: str
    cost: float
    under: float = 0.0


class Simulated(Tool):
    params: ClassVar[type[Params]] = CostParams

    def __init__(self, name: str, models: Models, asleep: bool) -> None:
        self._name, self._models, self._asleep = name, models, asleep

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        if self._asleep:
            self._models.work(self._name, [request.params.cost for request in requests])
        return [CLIP for _ in requests]

    def seconds(self, params: Any) -> float:
        return float(params.cost)


def toolbox(models: Models, asleep: bool) -> Toolbox:
    free = Licence(name="Apache-2.0", commercial=True)

    def tool(name: str) -> Tool:
        card = Card(
            name=name,
            version="1",
            task="enhance",
            summary="takes time",
            rate=RATE,
            batch=BATCH[name],
            pool=POOL[name],
            memory_mb=100,
            code_licence=free,
        )
        kind: Any = type(name.title(), (Simulated,), {"card": card})
        return kind(name, models, asleep)  # type: ignore[no-any-return]

    return Toolbox.of(*map(tool, BATCH))


def graph(plan: Plan) -> Graph:
    return Graph.of(
        *(
            Call(
                step.id,
                step.tool,
                {"name": step.id, "cost": step.cost, **({"under": Length(step.needs)} if step.needs else {})},
            )
            for step in plan.values()
        )
    )


def makespan(plan: Plan, store: Store, asleep: bool = True) -> tuple[float, int]:
    """Seconds from the first call to the last, and how often a model was loaded."""
    models = Models()
    made = graph(plan)
    with Executor(toolbox(models, asleep), store, depths={"cpu": SLOTS["cpu"], "gpu": SLOTS["gpu"]}) as executor:
        began = time.perf_counter()
        executor.run(made)
        return time.perf_counter() - began, sum(models.loads.values())
