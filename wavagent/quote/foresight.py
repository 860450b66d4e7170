"""Foresight: what a run would do with every call, found in the store and worked out where it is not there."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from wavagent.audio import RATE
from wavagent.errors import ToolError
from wavagent.graph import Call, Graph
from wavagent.run.call import Ready, ready
from wavagent.run.contain import contained
from wavagent.store import Entry, Store
from wavagent.tool import TELLING, Tool, Toolbox, price_of

State = Literal["kept", "twin", "to run", "unknown", "refused"]
"""`kept`: in the store; `twin`: another call makes it; `unknown`: what it works on is not made, so it is to run."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A call as it would run: about the seconds of sound it makes and works through, and the dollars it costs.

    `ready` holds its parameters and key, which are those of the run unless the state is `unknown`; None when it is
    refused, and `fault` says why.
    """

    call: Call
    tool: Tool
    state: State
    seconds: float = 0.0
    work: float = 0.0
    money: float = 0.0
    ready: Ready | None = None
    fault: str = ""

    @property
    def runs(self) -> bool:
        return self.state in ("to run", "unknown")


@dataclass(frozen=True)
class Foresight:
    """Every call of `graph` as it would run, and the entry that it has or is expected to have."""

    graph: Graph
    calls: Mapping[str, Foreseen]
    entries: Mapping[str, Entry]

    def __iter__(self) -> Iterator[Foreseen]:
        return iter(self.calls.values())

    @cached_property
    def complete(self) -> bool:
        """Whether nothing has to run."""
        return not any(one.runs or one.state == "refused" for one in self)


def foresee(graph: Graph, toolbox: Toolbox, store: Store, before: Foresight | None = None) -> Foresight:
    """What a run of `graph` would do. Nothing runs, and no model is loaded. Raises UnknownTool and StoreError.

    Calls that `before` found in the store, and that are the same here, are not looked for again.
    """
    calls: dict[str, Foreseen] = {}
    entries: dict[str, Entry] = {}
    keys: set[str] = set()
    for id in graph.sorter().static_order():
        call = graph[id]
        if before is not None and _same(call, before, calls, entries):
            calls[id], entries[id] = before.calls[id], before.entries[id]
            continue
        sure = all(calls[need].state == "kept" for need in call.needs)
        one, entry = _foreseen(call, toolbox[call.tool], entries, store if sure else None, keys)
        calls[id] = one
        if entry is not None:
            entries[id] = entry
    return Foresight(graph, {call.id: calls[call.id] for call in graph}, entries)


def _same(call: Call, before: Foresight, calls: Mapping[str, Foreseen], entries: Mapping[str, Entry]) -> bool:
    """Whether a call is one that was found, and works on what it worked on then, with the weights of then."""
    old = before.calls.get(call.id)
    if old is None or old.ready is None or old.state != "kept" or old.call != call or not _as_then(old.ready):
        return False
    return all(calls[need].state == "kept" and entries[need] == before.entries.get(need) for need in call.needs)


def _as_then(asked: Ready) -> bool:
    """Whether a tool has the weights that it had."""
    with suppress(ToolError), contained(asked.tool):
        return asked.tool.edition_of(asked.params) == asked.edition
    return False


def _foreseen(
    call: Call, tool: Tool, entries: Mapping[str, Entry], store: Store | None, keys: set[str]
) -> tuple[Foreseen, Entry | None]:
    """`store` None: its clips are not all known, so that its key is not either. `keys` are those that will be made."""
    if not call.possible(entries):
        return Foreseen(call, tool, "refused", fault="what it works on will not be made"), None
    try:
        asked = ready(call, tool, entries)
        seconds = _seconds(asked)
        money = price_of(tool, asked.params)
    except ToolError as error:
        return Foreseen(call, tool, "refused", fault=str(error)), None
    work = max([seconds, *(clip.seconds for clip in asked.inputs.values())])
    entry = store.get(asked.key) if store is not None else None
    if entry is not None:
        return Foreseen(call, tool, "kept", entry.seconds, ready=asked), entry
    if asked.key in keys:
        return Foreseen(call, tool, "twin", seconds, ready=asked), _expected(asked, seconds)
    keys.add(asked.key)
    return Foreseen(call, tool, "to run" if store else "unknown", seconds, work, money, asked), _expected(
        asked, seconds
    )


def _seconds(asked: Ready) -> float:
    """About how long the clip will be: a tool that does not say makes one as long as the clip it works on."""
    tool = asked.tool
    if tool.card.task in TELLING:
        return 0.0
    if asked.inputs and type(tool).seconds is Tool.seconds and getattr(asked.params, "seconds", None) is None:
        return max(clip.seconds for clip in asked.inputs.values())
    return max(0.0, float(tool.seconds(asked.params)))


def _expected(asked: Ready, seconds: float) -> Entry:
    """The entry of a clip that is not there yet. Its digest is its key, so that nothing made of another is found."""
    card = asked.tool.card
    rate = card.rate or RATE
    return Entry(asked.key, rate, round(seconds * rate), card.channels)
