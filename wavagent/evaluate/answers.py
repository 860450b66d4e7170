"""What the experts say of the clips: asked as calls of a graph, and so kept in the store like all else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from wavagent.graph import Call, Graph, Param, Ref
from wavagent.listen import clip_call
from wavagent.run.executor import Executor
from wavagent.tool import Tool, Toolbox

from .pair import Pair

Job = Literal["transcript", "voice", "fit", "place", "classes"]

EXPERTS: Mapping[Job, Mapping[str, Mapping[str, Param]]] = {
    "voice": {"xvector": {}},
    "fit": {"clap": {}},
    "place": {"vggish": {}, "clap_embed": {}},
    "classes": {"panns": {}, "ast_tags": {"classes": True, "top": 1}},
}
"""Who does a job, and what it is asked beside the clip; the model that figures are published on comes first, for those
by another could not be compared. Whoever writes down what is said will do."""


@dataclass(frozen=True)
class Answers:
    """What was said of which file of which pair, by job; why a job could not be done; and which calls failed."""

    data: Mapping[str, Mapping[str, JsonValue]]
    lacks: Mapping[Job, str]
    experts: Mapping[Job, Tool]
    failures: Mapping[str, str] = field(default_factory=dict)

    def of(self, pair: Pair, job: Job, file: str = "audio") -> Mapping[str, JsonValue] | None:
        return self.data.get(_id(pair, job, file))


def ask(pairs: Sequence[Pair], toolbox: Toolbox, executor: Executor) -> Answers:
    """Have the experts that are ready look at all `pairs`. What fails is left out.

    Raises InputError, StoreError and Cancelled.
    """
    found = {job: _expert(job, toolbox) for job in ("transcript", *EXPERTS)}
    lacks = {job: tool for job, tool in found.items() if isinstance(tool, str)}
    experts = {job: tool for job, tool in found.items() if isinstance(tool, Tool)}
    clips: dict[Path, Call] = {}
    calls = [call for pair in pairs for call in _questions(pair, experts, clips)]
    made = executor.run(Graph.of(*clips.values(), *calls))
    failures = {id: str(error) for id, error in made.failures.items()}
    return Answers({id: entry.data for id, entry in made.entries.items()}, lacks, experts, failures)


def _expert(job: Job, toolbox: Toolbox) -> Tool | str:
    """Who does the job, or what to type so that somebody does: the tool that is published on, or an easier one."""
    if job == "transcript":
        tools: Sequence[Tool] = toolbox.doing("transcribe")
    else:
        tools = [toolbox.tools[name] for name in EXPERTS[job] if name in toolbox.tools]
    for tool in tools:
        if not tool.lack():
            return tool
    if not tools:
        return f"no tool '{'whisper' if job == 'transcript' else next(iter(EXPERTS[job]))}' is installed"
    first, *others = (f"tool '{tool.card.name}' {tool.lack()}" for tool in tools)
    return first if job == "transcript" or not others else f"{first}; or, easier to get, {others[-1]}"


def _questions(pair: Pair, experts: Mapping[Job, Tool], clips: dict[Path, Call]) -> Iterator[Call]:
    for job, file, params in _jobs(pair):
        if job in experts:
            path = pair.files[file]
            if path not in clips:
                clips[path] = clip_call(path, f"clip {len(clips)}", optional=True)
            card = experts[job].card
            asked = {"audio": Ref(clips[path].id), **params, **EXPERTS.get(job, {}).get(card.name, {})}
            yield Call(_id(pair, job, file), card.name, asked, 0 if card.seeded else None, pair.id, optional=True)


def _jobs(pair: Pair) -> Iterator[tuple[Job, str, Mapping[str, Param]]]:
    """What there is to ask of a pair: a job, of which file, with which parameters."""
    if pair.text:
        yield "transcript", "audio", {"language": pair.language}
    if pair.prompt:
        yield "fit", "audio", {"what": pair.prompt}
    if pair.voice is not None:
        yield "voice", "audio", {}
        yield "voice", "voice", {}
    yield "classes", "audio", {}
    if pair.reference is not None:
        yield "classes", "reference", {}
        yield "place", "audio", {}
        yield "place", "reference", {}


def _id(pair: Pair, job: Job, file: str) -> str:
    return f"{pair.id} {job} {file}"
