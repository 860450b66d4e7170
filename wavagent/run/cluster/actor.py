"""What runs on the nodes: an actor that holds tools and works as a machine's own crew does. Clips stay in the store."""

import importlib
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from pydantic_core import to_jsonable_python

from wavagent.errors import Broken, StoreError, ToolError, Unavailable, WavagentError
from wavagent.graph import Call
from wavagent.offline import forbid_network
from wavagent.run.call import Ready
from wavagent.run.contain import contained
from wavagent.run.crew import Lost, Outcome
from wavagent.run.local import Local
from wavagent.run.pool import Limits, memory_here
from wavagent.run.protocol import failed, results_of
from wavagent.store import Entry, Store
from wavagent.tool import Tool, installed


@dataclass(frozen=True, slots=True)
class Token:
    """A few bytes in the store at `url`: whoever can read them there has the same store."""

    url: str
    key: str

    @property
    def seen(self) -> bool:
        """Raises StoreError when the store cannot be read from here at all."""
        return Store(self.url).get_bytes("clusters", self.key) == self.key.encode()


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a node says: whether it sees the store, else why not, and the megabytes that models may fill of a GPU."""

    seen: bool
    reason: str = ""
    gpu_mb: int = 0


def greet(token: Token, has_gpu: bool) -> Greeting:
    """Done once on every node, before there is any work."""
    try:
        return Greeting(token.seen, gpu_mb=memory_here(installed()).get("gpu", 0) if has_gpu else 0)
    except StoreError as error:
        return Greeting(False, str(error))


@dataclass(frozen=True, slots=True)
class Errand:
    """A batch as it travels: the tool by its class, version and edition; of every call its values, entries and key."""

    module: str
    kind: str
    version: str
    edition: str
    calls: Sequence[tuple[Call, Any, Mapping[str, Entry], str]]
    patience: float | None

    @classmethod
    def of(cls, batch: Sequence[Ready], patience: float | None) -> "Errand":
        tool = batch[0].tool
        with contained(tool):
            edition = tool.edition
        calls = [(one.call, to_jsonable_python(dict(one.params)), dict(one.inputs), one.key) for one in batch]
        return cls(type(tool).__module__, type(tool).__qualname__, tool.card.version, edition, calls, patience)


class Actor:
    """Holds the tools that it is sent batches for. An isolated one has its own process, under this one."""

    def __init__(self, token: Token, offline: bool) -> None:
        if offline:
            forbid_network()
        self._token, self._seen = token, False
        self._crew = Local(Store(token.url), Limits({"cpu": 1, "gpu": 1}), offline)
        self._tools: dict[tuple[str, str], Tool] = {}

    def place(self) -> tuple[str, list[str]]:
        """The node it is on, and the GPUs it was given."""
        context = importlib.import_module("ray").get_runtime_context()
        return context.get_node_id(), [str(one) for one in context.get_accelerator_ids().get("GPU", [])]

    def work(self, errand: Errand) -> Outcome | WavagentError:
        """What became of a batch, in the store; or what went wrong with all of it."""
        try:
            self._see()
            tool = self._tool(errand)
            with contained(tool):
                batch = [
                    Ready(call, tool, tool.params.model_validate(values), inputs, key)
                    for call, values, inputs, key in errand.calls
                ]
            outcome = self._crew.start(batch, (), errand.patience).result()
            return [_plain(one) if isinstance(one, ToolError) else one for one in outcome]
        except ToolError as error:
            return _plain(error)
        except StoreError as error:
            return StoreError(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it may not even be possible to send it
            return Broken(f"'{errand.kind}' failed on node {socket.gethostname()}: {type(error).__name__}: {error}")

    def _see(self) -> None:
        if not self._seen and not self._token.seen:
            raise StoreError(unseen(self._token, socket.gethostname()))
        self._seen = True

    def _tool(self, errand: Errand) -> Tool:
        """The tool as it is on this node. Raises Unavailable when it is not the one that was meant."""
        found = self._tools.get((errand.module, errand.kind))
        if found is None:
            found = self._tools[errand.module, errand.kind] = _made(errand)
        with contained(found):
            here = found.card.version, found.edition  # the weights may have been changed since the last errand
        if here != (errand.version, errand.edition):
            node, name = socket.gethostname(), found.card.name
            raise Unavailable(f"tool '{name}' has another version or other weights on node {node}; install the same")
        return found


def unseen(token: Token, host: str) -> str:
    """What to say of a node that has another store."""
    return (
        f"node {host} does not see the store '{token.url}', and clips go from machine to machine through it; name one "
        "that all of them reach by the same name with --store: a folder they all mount, or s3://…"
    )


def _made(errand: Errand) -> Tool:
    node = f"on node {socket.gethostname()}"
    try:
        tool: Tool = attrgetter(errand.kind)(importlib.import_module(errand.module))()
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unavailable(f"'{errand.module}' cannot be used {node} ({reason}); install it there") from error
    with contained(tool):
        if lack := tool.lack():
            raise Unavailable(f"tool '{tool.card.name}' {lack}; it is missing {node}")
    return tool


def _plain(error: ToolError) -> ToolError:
    """`error` as one of wavagent's own: a tool's may hold what cannot travel."""
    if isinstance(error, Lost):
        return Lost(str(error))
    plain = results_of((failed(error), []))
    assert isinstance(plain, ToolError)
    return plain
