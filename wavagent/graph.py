"""The graph: calls to expert tools, as pure data.

A call's parameter is a JSON value, a `Ref` to the clip another call makes, or a `Length`: how long the clips of
some calls last together, known only once they are made.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from pydantic import JsonValue

from wavagent.errors import ScriptError


@dataclass(frozen=True, slots=True)
class Ref:
    """The clip that a call makes."""

    call: str


@dataclass(frozen=True, slots=True)
class Length:
    """How long the clips of the calls in `of` last together, in seconds, plus `plus` for the pauses between."""

    of: tuple[str, ...]
    plus: float = 0.0


Param = JsonValue | Ref | Length


@dataclass(frozen=True, slots=True)
class Call:
    """One call of `tool` with `params`, made for the script's `element`; `reason` says why this tool."""

    id: str
    tool: str
    params: Mapping[str, Param]
    seed: int | None = None
    element: str = ""
    reason: str = ""

    @property
    def needs(self) -> frozenset[str]:
        """The calls whose clips this one waits for."""
        needed: set[str] = set()
        for value in self.params.values():
            if isinstance(value, Ref):
                needed.add(value.call)
            elif isinstance(value, Length):
                needed.update(value.of)
        return frozenset(needed)


@dataclass(frozen=True)
class Graph:
    """Calls by id. Raises ScriptError when a call needs one that is not there, or itself in the end."""

    calls: Mapping[str, Call] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for call in self:
            if unknown := call.needs - self.calls.keys():
                raise ScriptError(f"call '{call.id}' needs '{sorted(unknown)[0]}', and no call makes it")
        try:
            self.sorter().prepare()
        except CycleError as error:
            raise ScriptError(f"calls need each other in a circle: {' -> '.join(error.args[1])}") from error

    @classmethod
    def of(cls, *calls: Call) -> "Graph":
        graph: dict[str, Call] = {}
        for call in calls:
            if call.id in graph:
                raise ScriptError(f"two calls are called '{call.id}'; give one of their elements another id")
            graph[call.id] = call
        return cls(graph)

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls.values())

    def __len__(self) -> int:
        return len(self.calls)

    def __getitem__(self, call: str) -> Call:
        return self.calls[call]

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Each call's place in the script: calls that are ready together run in this order."""
        return {call: place for place, call in enumerate(self.calls)}

    def sorter(self) -> TopologicalSorter[str]:
        """A fresh sorter over the calls: `get_ready` and `done` are the executor's loop."""
        return TopologicalSorter({call.id: call.needs for call in self})


def seed_for(*parts: object) -> int:
    """A seed from 0 to 2**63 - 1 that follows from `parts` alone, whatever the machine or the order of calls."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
