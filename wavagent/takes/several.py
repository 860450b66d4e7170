"""Takes: what can come out otherwise is made several times, judged where there are judges, and the best is heard.

In the graph that is nothing but more calls: one for every take, those of the judges, and a choice that has the id of
the element's own call, so that whatever needed that one has the chosen clip.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wavagent.errors import UnknownTool
from wavagent.graph import Call, Graph, Param, Ref, seed_for
from wavagent.script import Ambience, Music, Script, Sound, Speech
from wavagent.text import one_line
from wavagent.tool import Task, Tool, Toolbox

Sounding = Speech | Sound | Music | Ambience
"""What there can be several takes of."""


def several(graph: Graph, script: Script, toolbox: Toolbox, takes: int = 1) -> Graph:
    """`graph` of `script` with as many `takes` of all that listens to a seed, and with what judges and chooses them.

    A take that the script names, by its number, its seed or a lock, is not chosen over. Raises UnknownTool when there
    is nobody who could choose.
    """
    elements = {element.id: element for element in script.elements if isinstance(element, Sounding)}
    judges = {task: _judge(task, script.language, toolbox) for task in _SAYS}
    calls: list[Call] = []
    for call in graph:
        if call.id in elements:
            element = elements[call.id]
            judge = judges["transcribe" if isinstance(element, Speech) else "score"]
            calls.extend(_takes(call, element, judge, script, toolbox, takes))
        else:
            calls.append(call)
    return Graph.of(*calls)


def _takes(
    call: Call, element: Sounding, judge: Tool | None, script: Script, toolbox: Toolbox, takes: int
) -> Iterator[Call]:
    """The calls that `call` becomes; itself, when there is nothing to choose and nobody to judge."""
    seeds = _seeds(call, element, script, toolbox, takes)
    if len(seeds) == 1 and judge is None:
        yield call
        return
    params: dict[str, Param] = {"language": script.language}
    if isinstance(element, Speech):
        params |= {"text": call.params["text"], "written": one_line(element.text)}
    for number, seed in seeds.items():
        take = f"{call.id}/{number}"
        yield replace(call, id=take, seed=seed, otherwise=(), optional=False)
        params[f"take-{number}"] = Ref(take, optional=True)
        if judge is not None:
            told = _asked(judge, element, script, take)
            yield told
            params[f"{_SAYS[judge.card.task]}-{number}"] = Ref(told.id, optional=True)
    yield replace(call, tool=_chooser(toolbox).card.name, params=params, seed=None)


def _seeds(call: Call, element: Sounding, script: Script, toolbox: Toolbox, takes: int) -> Mapping[int, int | None]:
    """The number of every take, and its seed: those that `take` in the script would give."""
    picked = element.take > 0 or element.seed is not None or element.locked
    if picked or call.seed is None or not toolbox[call.tool].card.seeded:
        return {element.take: call.seed}
    return {number: seed_for(script.seed, element.id, number) for number in range(max(1, takes))}


_SAYS: Mapping[Task, str] = {"transcribe": "transcript", "score": "score"}


def _judge(task: Task, language: str, toolbox: Toolbox) -> Tool | None:
    """Who judges takes: a line is written down again, anything else held against its description."""
    return next((tool for tool in toolbox.doing(task) if not tool.lack() and tool.card.knows(language)), None)


def _asked(judge: Tool, element: Sounding, script: Script, take: str) -> Call:
    """The call that has `take` judged."""
    asked: dict[str, Param] = {"audio": Ref(take)}
    if isinstance(element, Speech):
        asked["language"] = script.language
    else:
        asked["what"] = one_line(element.what)
    seed = seed_for(script.seed, take) if judge.card.seeded else None
    return Call(f"{take}/{judge.card.task}", judge.card.name, asked, seed, element.id)


def _chooser(toolbox: Toolbox) -> Tool:
    found = toolbox.doing("choose")
    if not found:
        raise UnknownTool("no tool chooses among takes; install 'choose' again, or ask for one take")
    return found[0]
