"""`wavagent doctor`: whether this machine can make a story, and what to type when it cannot."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from wavagent.cli.options import Json, StoreUrl

if TYPE_CHECKING:
    from pydantic import JsonValue

    from wavagent.graph import Param
    from wavagent.tool import Task


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    fine: bool
    found: str


def doctor(store: StoreUrl = "", as_json: Json = False) -> int:
    """Look at everything a story needs, by using it: every tool makes a short clip, the store keeps one."""
    from rich.console import Console

    findings = list(_findings(store))
    if as_json:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark = "✓" if finding.fine else "✗"
            Console().print(f"{mark} {finding.what}: {finding.found}", markup=False, soft_wrap=True)
    return 0 if all(finding.fine for finding in findings) else 1


def _findings(store: str) -> Iterator[Finding]:
    from wavagent.settings import default_store
    from wavagent.tool import installed

    yield Finding("python", sys.version_info >= (3, 11), ".".join(map(str, sys.version_info[:3])))
    box = installed()
    for name, fault in box.faults.items():
        yield Finding(f"tool {name}", False, f"left out: {fault}")
    for tool in box:
        if tool.card.task in _TRIALS:
            yield _tried(tool.card.name)
        elif missing := tool.missing():
            yield Finding(f"tool {tool.card.name}", False, f"needs {', '.join(missing)}: {tool.card.install}")
    yield _kept(store or default_store())


_TRIALS: "Mapping[Task, Mapping[str, JsonValue]]" = {
    "speech": {"text": "One, two, three.", "language": "en"},
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
    if tool.card.voices:
        params["voice"] = tool.card.voices[0].id
    began = time.perf_counter()
    try:
        made = Executor(installed(), Store("memory://doctor")).run(Graph.of(Call("trial", name, params)))
    except WavagentError as error:
        return Finding(f"tool {name}", False, str(error))
    took = time.perf_counter() - began
    return Finding(f"tool {name}", True, f"{made.entries['trial'].seconds:.1f} s of sound in {took:.2f} s")


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
