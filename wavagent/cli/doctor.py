"""`wavagent doctor`: whether this machine can make a story, and what to type when it cannot."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from wavagent.cli.options import Json, StoreUrl

if TYPE_CHECKING:
    from pydantic import JsonValue

    from wavagent.graph import Param
    from wavagent.tool import Task, Tool, Toolbox


class Finding(NamedTuple):
    """One thing that was looked at: whether a story can do with it, and whether it is there at all."""

    what: str
    fine: bool
    found: str
    there: bool = True


def doctor(
    store: StoreUrl = "",
    as_json: Json = False,
    every: Annotated[
        bool, typer.Option("--try", help="Have those tools work, too, that run in a process of their own.")
    ] = False,
) -> int:
    """Look at everything a story needs, by using it: every tool makes a short clip, the store keeps one."""
    from rich.console import Console

    findings = list(_findings(store, every))
    if as_json:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark = "✗" if not finding.fine else "✓" if finding.there else "–"
            Console().print(f"{mark} {finding.what}: {finding.found}", markup=False, soft_wrap=True)
    return 0 if all(finding.fine for finding in findings) else 1


def _findings(store: str, every: bool) -> Iterator[Finding]:
    from wavagent.settings import default_store
    from wavagent.tool import installed

    yield Finding("python", sys.version_info >= (3, 11), ".".join(map(str, sys.version_info[:3])))
    box = installed()
    for name, fault in box.faults.items():
        yield Finding(f"tool {name}", False, f"left out: {fault}")
    lacks = _lacks(box)
    for tool in box:
        yield _looked_at(tool, lacks, box, every)
    yield _kept(store or default_store())
    yield from _logged()


def _lacks(box: "Toolbox") -> Mapping[str, str | None]:
    """What each tool lacks, by its name; a library that cannot be imported, though it is installed, is lacking too."""
    from wavagent.cli.libraries import faults
    from wavagent.environment import Environment

    here = {tool.card.name for tool in box if Environment.of(tool) is None and not tool.missing()}
    broken = faults({library for tool in box if tool.card.name in here for library in tool.card.requires})

    def lack(tool: "Tool") -> str | None:
        for library in tool.card.requires if tool.card.name in here else ():
            if library in broken:
                again = tool.card.install.replace("pip install", "pip install --force-reinstall", 1)
                return f"needs {library}, which is installed and cannot be imported ({broken[library]}): {again}"
        return tool.lack()

    return {tool.card.name: lack(tool) for tool in box}


def _looked_at(tool: "Tool", lacks: Mapping[str, str | None], box: "Toolbox", every: bool) -> Finding:
    """Whether a tool is ready, and what to type when it is not.

    That is a fault when no other does its work, or when it was ready once.
    """
    name, task = tool.card.name, tool.card.task
    if lack := lacks[name]:
        needed = task in _TRIALS and all(lacks[other.card.name] for other in box.doing(task))
        return Finding(f"tool {name}", not needed and not _broken(tool), lack, there=False)
    if (tool.card.isolated or tool.card.pool == "http") and not every:  # a server may charge for it
        return Finding(f"tool {name}", True, f"ready{_home(tool)}; `wavagent doctor --try` has it work")
    if task == "speech" and not tool.speaking(_LANGUAGE):
        return Finding(f"tool {name}", True, "ready; it has no English voice here to be tried with")
    return _tried(name) if task in _TRIALS else _started(tool)


def _broken(tool: "Tool") -> bool:
    """Whether a tool that lacks something has everything that a person brings: it was ready once."""
    from wavagent.environment import Environment

    environment = Environment.of(tool)
    return environment.installed if environment is not None else tool.lack() is None


def _home(tool: "Tool") -> str:
    from wavagent.environment import Environment

    environment = Environment.of(tool)
    return f" with {environment.python}" if environment else ""


def _started(tool: "Tool") -> Finding:
    """Start the worker of a tool that has nothing to make a clip from."""
    from wavagent.errors import WavagentError
    from wavagent.run.worker import Worker

    if not tool.card.isolated:
        return Finding(f"tool {tool.card.name}", True, "ready")
    worker = Worker(tool)
    try:
        worker.start()
    except WavagentError as error:
        return Finding(f"tool {tool.card.name}", False, str(error))
    finally:
        worker.close()
    return Finding(f"tool {tool.card.name}", True, f"its worker starts{_home(tool)}")


_LANGUAGE = "en"

_TRIALS: "Mapping[Task, Mapping[str, JsonValue]]" = {
    "speech": {"text": "One, two, three.", "language": _LANGUAGE},
    "music": {"what": "calm piano", "seconds": 2.0},
    "sound": {"what": "rain", "seconds": 1.0},
}


def _tried(name: str) -> Finding:
    """Have a tool make a short clip, as a run would."""
    import time

    from wavagent.errors import WavagentError
    from wavagent.graph import Call, Graph
    from wavagent.run.executor import Executor
    from wavagent.store import Store
    from wavagent.tool import installed

    tool = installed()[name]
    params: dict[str, Param] = dict(_TRIALS[tool.card.task])
    if voices := tool.speaking(_LANGUAGE):
        params["voice"] = voices[0].id  # a voice that is here: others may wait for weights of their own
    began = time.perf_counter()
    try:
        made = Executor(installed(), Store("memory://doctor")).run(Graph.of(Call("trial", name, params)))
    except WavagentError as error:
        return Finding(f"tool {name}", False, str(error))
    took = time.perf_counter() - began
    weights = f", with {tool.edition}" if tool.edition else ""
    return Finding(f"tool {name}", True, f"{made.entries['trial'].seconds:.1f} s of sound in {took:.2f} s{weights}")


def _kept(url: str) -> Finding:
    from wavagent.errors import StoreError
    from wavagent.store import Store

    store = Store(url)
    try:
        store.put_bytes("doctor", "0" * 64, b"kept")
        kept = store.get_bytes("doctor", "0" * 64) == b"kept"
    except StoreError as error:
        return Finding("store", False, str(error))
    return Finding("store", kept, url if kept else f"'{url}' does not give back what it was given")


def _logged() -> Iterator[Finding]:
    """Where the workers' own words are, if there are any."""
    from wavagent.settings import default_logs

    logs = sorted(default_logs().glob("*.log"))
    if logs:
        size = sum(path.stat().st_size for path in logs)
        yield Finding(
            "worker logs", True, f"{len(logs)} ({size / 1e6:.1f} MB) in {default_logs()}, last {logs[-1].name}"
        )
