"""Residency: which models are loaded, and which go when another needs their memory."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wavagent.run.agenda import NEVER
from wavagent.run.pool import Limits
from wavagent.tool import Tool

NextUse = Callable[[Tool], tuple[float, ...]]
"""The place on the agenda at which a tool is needed again."""


@dataclass(slots=True)
class _Model:
    tool: Tool
    running: int = 0
    loaded: bool = False


class Residency:
    """The models that are loaded, within the memory of their pools.

    A tool whose card names no memory is always there. One that alone is larger than its pool's memory is let in when
    nothing else is loaded: its card may be wrong, and the machine says so soon enough.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._models: dict[str, _Model] = {}
        self.loads: Counter[str] = Counter()

    def __contains__(self, tool: Tool) -> bool:
        return tool.card.memory_mb == 0 or tool.card.name in self._models

    def loading(self, tool: Tool) -> bool:
        """Whether the first batch of `tool`, which loads its model, is on its way: a second would load it as well."""
        model = self._models.get(tool.card.name)
        return model is not None and model.running > 0 and not model.loaded

    def crowded(self, tool: Tool, next_use: NextUse) -> bool:
        """Whether loading `tool` would push out a model that is needed again."""
        if tool in self:
            return False
        if (missing := self._missing(tool)) <= 0:
            return False
        return missing > sum(self.size(one.tool) for one in self._beside(tool) if next_use(one.tool) == NEVER)

    def evicted_for(self, tool: Tool, next_use: NextUse, alone: bool = False) -> list[Tool] | None:
        """The models that go when `tool` runs next, needed last first; None when it has to wait for one that runs.

        `alone`: every other model of its pool goes.
        """
        if not alone and tool in self:
            return []
        missing = math.inf if alone else self._missing(tool)
        gone: list[Tool] = []
        idle = [one.tool for one in self._beside(tool) if not one.running]
        for other in sorted(idle, key=next_use, reverse=True):
            if missing <= 0:
                break
            gone.append(other)
            missing -= self.size(other)
        stuck = any(one.running for one in self._beside(tool))
        return None if missing > 0 and stuck else gone

    def enter(self, tool: Tool, evicted: Iterable[Tool]) -> bool:
        """A batch of `tool` starts, once `evicted` are gone; whether its model has yet to be loaded."""
        for other in evicted:
            self._models.pop(other.card.name, None)
        if tool.card.memory_mb == 0:
            return False
        new = tool.card.name not in self._models
        model = self._models.setdefault(tool.card.name, _Model(tool))
        model.running += 1
        self.loads[tool.card.name] += new
        return new

    def leave(self, tool: Tool) -> None:
        """A batch of `tool` has ended."""
        if model := self._models.get(tool.card.name):
            model.running -= 1
            model.loaded = True

    def size(self, tool: Tool) -> int:
        """Megabytes of its model: of one in every process that may hold it."""
        card = tool.card
        return card.memory_mb * (self._limits.slots.get(card.pool, 1) if card.isolated and card.pool == "cpu" else 1)

    def _missing(self, tool: Tool) -> float:
        """Megabytes that are not free for `tool`."""
        limit = self._limits.memory_mb.get(tool.card.pool, math.inf)
        return sum(self.size(one.tool) for one in self._beside(tool)) + self.size(tool) - limit

    def _beside(self, tool: Tool) -> list[_Model]:
        return [
            one
            for one in self._models.values()
            if one.tool.card.pool == tool.card.pool and one.tool.card.name != tool.card.name
        ]
