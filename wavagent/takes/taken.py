"""What came of the takes: for every element those that there are, what is known of each, and which is heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from wavagent.check import Fault, faults_in
from wavagent.graph import Call, Graph
from wavagent.script import Script
from wavagent.store import Entry
from wavagent.takes.several import Sounding


@dataclass(frozen=True, slots=True)
class Take:
    """A take by the number under which a script can name it. `told` is what the judges say: wer, heard, score."""

    number: int
    entry: Entry
    faults: tuple[Fault, ...] = ()
    told: Mapping[str, JsonValue] | None = None
    seed: int | None = None

    @property
    def seconds(self) -> float:
        return self.entry.seconds

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "take": self.number,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "faults": [fault.message for fault in self.faults],
            **(self.told or {}),
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """The takes of an element, made by `tool`, and the one that is heard."""

    element: str
    tool: str
    takes: tuple[Take, ...]
    chosen: Take

    def to_json(self) -> dict[str, JsonValue]:
        takes: list[JsonValue] = [take.to_json() for take in self.takes]
        return {"element": self.element, "tool": self.tool, "chosen": self.chosen.number, "takes": takes}


def sounding(script: Script, graph: Graph) -> list[str]:
    """The elements of `script` that there can be several takes of, in its order."""
    return [one.id for one in script.elements if isinstance(one, Sounding) and one.id in graph.calls]


def taken(graph: Graph, script: Script, entries: Mapping[str, Entry]) -> tuple[Taken, ...]:
    """The takes of every element of `script` whose clip is among `entries`, in its order."""
    elements = {one.id: one for one in script.elements if isinstance(one, Sounding)}
    found = []
    for id, element in elements.items():
        if id in graph.calls and id in entries:
            found.append(_chosen(graph[id], graph, entries) or _only(graph[id], element.take, entries[id]))
    return tuple(found)


def _only(call: Call, number: int, entry: Entry) -> Taken:
    take = Take(number, entry, faults_in(entry.data), seed=call.seed)
    return Taken(call.id, call.tool, (take,), take)


def _chosen(call: Call, graph: Graph, entries: Mapping[str, Entry]) -> Taken | None:
    """The takes that a call chose from; None when it did not choose, for it was the only one or another's stand-in."""
    data = entries[call.id].data
    listed = data.get("takes")
    if not any(name.startswith("take-") for name in call.params) or not isinstance(listed, list):
        return None
    takes = {take.number: take for one in listed if (take := _take(call, one, graph, entries)) is not None}
    chosen = takes.get(data.get("chosen"))  # type: ignore[arg-type]
    if chosen is None:
        return None
    return Taken(call.id, graph[f"{call.id}/{chosen.number}"].tool, tuple(takes.values()), chosen)


def _take(call: Call, told: Any, graph: Graph, entries: Mapping[str, Entry]) -> Take | None:
    number = told["take"]
    id = f"{call.id}/{number}"
    if id not in entries:
        return None
    judged = {name: told[name] for name in ("wer", "heard", "score") if name in told}
    return Take(number, entries[id], tuple(map(Fault.from_json, told["faults"])), judged, graph[id].seed)
