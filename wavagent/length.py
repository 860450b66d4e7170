"""About how long a compiled script will last, before anything runs."""

from collections.abc import Iterator

from wavagent.compiler import Compiled
from wavagent.graph import Ref
from wavagent.passes import takes_a_turn
from wavagent.script import Recording, Speech
from wavagent.tool import Toolbox, accept


def seconds(compiled: Compiled, toolbox: Toolbox) -> float:
    """About the seconds of `compiled`, by the tools' own rates."""
    return compiled.timeline.head + compiled.timeline.tail + sum(_turns(compiled, toolbox))


def _turns(compiled: Compiled, toolbox: Toolbox) -> Iterator[float]:
    """About the seconds of every turn in the foreground, its pauses included."""
    for element in compiled.script.elements:
        if not takes_a_turn(element):
            continue
        cue = compiled.timeline.by_id[element.id]
        if isinstance(element, Speech):
            yield (element.pause_before or 0.0) + (element.pause_after or 0.0)
        if cue.clip is None:
            yield cue.seconds or 0.0
        elif not isinstance(element, Recording):  # its length is in its file, which is not read here
            call = compiled.graph[cue.clip]
            tool = toolbox[call.tool]
            yield tool.seconds(accept(tool, {k: v for k, v in call.params.items() if not isinstance(v, Ref)}))
