"""The graph: calls to expert tools, as pure data.

A call's parameter is a JSON value, a `Ref` to the clip another call makes, or a `Length`: how long the clips of
some calls last together, known only once they are made.
"""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from pydantic import JsonValue

from wavagent.errors import ScriptError


@dataclass(frozen=True, slots=True)
class Ref:
    """The clip that a call makes; one that is `optional` is left out where it could not be made."""

    call: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """How long the clips of the calls in `of` last together, in seconds, plus `plus` for the pauses between."""

    of: tuple[str, ...]
    plus: float = 0.0


Param = JsonValue | Ref | Length


@dataclass(frozen=True, slots=True)
class Alternative:
    """What is called in place of a call that failed for good; `reason` says why this."""

    tool: str
    params: Mapping[str, Param]
    seed: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of `tool` with `params`, made for the script's `element`; `reason` says why this tool.

    When it fails for good, each of `otherwise` is tried in its place. A call that is `optional` may fail even so: its
    clip is then left out, and counts as no time in a `Length`.
    """

    id: str
    tool: str
    params: Mapping[str, Param]
    seed: int | None = None
    element: str = ""
    reason: str = ""
    otherwise: tuple[Alternative, ...] = ()
    optional: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """The calls whose clips this one waits for."""
        return self.required | self._optional

    @property
    def required(self) -> frozenset[str]:
        """The calls without whose clips this one cannot be made."""
        needed: set[str] = set()
        for value in self.params.values():
            if isinstance(value, Ref) and not value.optional:
                needed.add(value.call)
            elif isinstance(value, Length):
                needed.update(value.of)
        return frozenset(needed)

    @property
    def _optional(self) -> frozenset[str]:
        return frozenset(value.call for value in self.params.values() if isinstance(value, Ref) and value.optional)

    def possible(self, made: Container[str]) -> bool:
        """Whether it can do with the clips of the calls in `made`: all that it requires, and one of the optional."""
        return all(call in made for call in self.required) and (
            not self._optional or any(call in made for call in self._optional)
        )


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

    def missed(self, made: Container[str]) -> frozenset[str]:
        """The calls that are not in `made` and that nothing could do without."""
        borne: set[str] = set()
        needed_by: dict[str, list[str]] = {}
        for call in self:
            for need in call.needs:
                needed_by.setdefault(need, []).append(call.id)
        for id in reversed(tuple(self.sorter().static_order())):
            if (others := needed_by.get(id)) and all(other in made or other in borne for other in others):
                borne.add(id)
        return frozenset(id for id in self.calls if id not in made and id not in borne)

    def within(self, calls: Iterable[str]) -> "Graph":
        """The part of it that makes `calls`: they, and all that they need."""
        wanted: set[str] = set()
        waiting = list(calls)
        while waiting:
            if (id := waiting.pop()) not in wanted:
                wanted.add(id)
                waiting.extend(self.calls[id].needs)
        return Graph({id: call for id, call in self.calls.items() if id in wanted})

    def sorter(self) -> TopologicalSorter[str]:
        """A fresh sorter over the calls: `get_ready` and `done` are the executor's loop."""
        return TopologicalSorter({call.id: call.needs for call in self})


def seed_for(*parts: object) -> int:
    """A seed from 0 to 2**63 - 1 that follows from `parts` alone, whatever the machine or the order of calls."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
