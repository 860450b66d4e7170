"""What an expert tells of a user's own file: what is said in it, what is heard in it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from wavagent.errors import InputError, Unavailable
from wavagent.graph import Call, Graph, Param, Ref
from wavagent.run.executor import Executor
from wavagent.store import Entry
from wavagent.tool import Task, Tool, Toolbox


def tell(file: Path, task: Task, params: Mapping[str, Param], toolbox: Toolbox, executor: Executor) -> Entry:
    """What the first tool that is ready for `task` tells of `file`: its data, and the times of words.

    Raises Unavailable with what to type when no tool is ready, InputError, RunError, StoreError and Cancelled.
    """
    tool = _ready(task, toolbox)
    clip = clip_call(file, "clip")
    seed = 0 if tool.card.seeded else None
    told = Call("told", tool.card.name, {"audio": Ref(clip.id), **params}, seed, file.name)
    return executor.run(Graph.of(clip, told)).entries["told"]


def clip_call(file: Path, id: str, *, optional: bool = False) -> Call:
    """The call that reads `file`. Raises InputError when it cannot be opened."""
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"'{file}' cannot be read ({error.strerror}); give a sound file") from None
    return Call(id, "recording", {"file": str(file), "sha256": digest}, element=file.name, optional=optional)


def _ready(task: Task, toolbox: Toolbox) -> Tool:
    tools = toolbox.doing(task)
    for tool in tools:
        if not tool.lack():
            return tool
    if not tools:
        raise Unavailable(f"no tool here can {task}; install wavagent's experts: pip install 'wavagent[experts]'")
    raise Unavailable("; ".join(f"tool '{tool.card.name}' {tool.lack()}" for tool in tools[:3]))
