"""The critical path: how long each call should take, and how much waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from wavagent.errors import ToolError
from wavagent.graph import Call, Graph, Length, Ref
from wavagent.run.contain import contained
from wavagent.tool import Toolbox, accept

UNKNOWN = 5.0
"""Seconds of sound of a call whose tool cannot say."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of a call, in seconds: the sound it should make, the work that takes, and the longest `path` of work from its
    start to the end of all that waits for it."""

    sound: float
    work: float
    path: float


def estimates(graph: Graph, toolbox: Toolbox) -> Mapping[str, Estimate]:
    """An estimate for every call of `graph`, by its tool's own rates. Nothing is loaded."""
    order = list(graph.sorter().static_order())
    sound: dict[str, float] = {}
    work: dict[str, float] = {}
    for id in order:
        sound[id], work[id] = _guess(graph[id], toolbox, sound)
    path = dict(work)
    for id in reversed(order):
        for needed in graph[id].needs:
            path[needed] = max(path[needed], work[needed] + path[id])
    return {id: Estimate(sound[id], work[id], path[id]) for id in order}


def _guess(call: Call, toolbox: Toolbox, sound: Mapping[str, float]) -> tuple[float, float]:
    """About how long the clip of `call` will be, and how long it takes to make."""
    values = {
        name: value.plus + sum(sound[id] for id in value.of) if isinstance(value, Length) else value
        for name, value in call.params.items()
        if not isinstance(value, Ref)
    }
    try:
        tool = toolbox[call.tool]
        with contained(tool):
            seconds = max(0.0, float(tool.seconds(accept(tool, values))))
    except ToolError:
        return UNKNOWN, UNKNOWN
    return seconds, seconds / tool.card.speed
