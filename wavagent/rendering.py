"""A rendering: a script that has been run and mixed, as the exports see it, and the files that came of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wavagent.audio import RATE
from wavagent.compiler import Compiled
from wavagent.export import Certificate
from wavagent.mix.place import Layout
from wavagent.mix.premaster import Premaster
from wavagent.mix.stem import opened
from wavagent.programme import Passage, Programme, Tags
from wavagent.run.executor import Made
from wavagent.script import NARRATOR, Pause, Script, Speech
from wavagent.speeds import Timing
from wavagent.takes import Taken, taken


@dataclass(frozen=True)
class Rendering:
    """A script that has been run and mixed: everything an export needs."""

    compiled: Compiled
    made: Made
    layout: Layout
    premaster: Premaster
    folder: Path = field(default_factory=Path)
    cover: bytes | None = None  # a JPEG or PNG
    timings: tuple[Timing, ...] = ()  # of what ran and was mixed, on one clock

    @property
    def script(self) -> Script:
        return self.compiled.script

    @property
    def seconds(self) -> float:
        return self.layout.frames / RATE

    @property
    def takes(self) -> tuple[Taken, ...]:
        """What there is of every line, sound and bed, and which of it is heard."""
        return taken(self.compiled.graph, self.script, self.made.entries)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that was written, and for sound the certificate measured on it."""

    path: Path
    certificate: Certificate | None = None
    timing: Timing | None = None


def programme(rendering: Rendering, mix: Premaster | None = None) -> Programme:
    """`rendering`, or another `mix` of it, as the exports see it: before mastering."""
    script, layout, sound = rendering.script, rendering.layout, mix or rendering.premaster
    voice = script.character(NARRATOR).voice if any(c.id == NARRATOR for c in script.cast) else None
    narrator = f"{voice.tool} ({voice.id})" if voice else ""
    tags = Tags(script.title, script.author, narrator, script.language, cover=rendering.cover)
    names = dict(rendering.compiled.timeline.names)
    plain = Programme(
        layout.frames,
        sound.blocks,
        layout.placed,
        layout.chapters,
        tags,
        names,
        passages=tuple(_passages(script)),
        since=sound.since,
    )
    return opened(plain, layout, rendering.made.entries, rendering.premaster.store)


def _passages(script: Script) -> Iterator[Passage]:
    for element in script.elements:
        if isinstance(element, Speech | Pause) and element.text:
            heading = isinstance(element, Speech) and element.mode == "heading"
            yield Passage(element.text, element.id, heading)
