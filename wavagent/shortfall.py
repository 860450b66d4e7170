"""The shortfall: what a run did not give as it was asked, said and taken out of the mix."""

from collections.abc import Iterator
from dataclasses import replace

from wavagent.compiler import Compiled
from wavagent.graph import Graph
from wavagent.passes import Finding
from wavagent.run.executor import Made
from wavagent.text import shown
from wavagent.timeline import Cue


def with_shortfall(compiled: Compiled, made: Made) -> Compiled:
    """`compiled` as it was made: the calls that took others' places in theirs, silence for every clip that could not be
    made, and a finding for all that is not as asked."""
    clips = {cue.clip for cue in compiled.timeline if cue.clip is not None}
    left_out = clips & compiled.graph.calls.keys() - made.entries.keys()
    if not left_out and not made.substituted:
        return compiled
    findings = (*compiled.findings, *_left_out(compiled, made, left_out), *_substituted(compiled, made))
    graph = Graph({**compiled.graph.calls, **{id: one.call for id, one in made.substituted.items()}})
    return replace(compiled, graph=graph, timeline=compiled.timeline.without(left_out), findings=findings)


def _left_out(compiled: Compiled, made: Made, clips: set[str]) -> Iterator[Finding]:
    for cue in compiled.timeline:
        if cue.clip in clips:
            errors = [error for id, error in made.failures.items() if compiled.graph[id].element == cue.id]
            why = f": {errors[0]}" if errors else ""
            yield Finding(cue.id, f"{_named(cue)} is left out{why}")


def _substituted(compiled: Compiled, made: Made) -> Iterator[Finding]:
    for id, substitute in made.substituted.items():
        element = compiled.graph[id].element or id
        cue = compiled.timeline.by_id.get(element)
        yield Finding(element, f"{_named(cue) if cue else element} was {substitute}")


def _named(cue: Cue) -> str:
    return f"{cue.role} '{shown(cue.text)}'"
