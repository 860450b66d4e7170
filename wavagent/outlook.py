"""The outlook: when everything in a story will sound, as far as the store and the tools can say. Nothing runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from wavagent.audio import RATE
from wavagent.compiler import Compiled
from wavagent.mix.place import Layout, place
from wavagent.quote.foresight import Foresight
from wavagent.store import Entry
from wavagent.timeline import BEDS


@dataclass(frozen=True)
class Outlook:
    """A compiled script placed in time; `exact` says that every clip is in the store, and no length is a guess."""

    compiled: Compiled
    foresight: Foresight
    layout: Layout

    @classmethod
    def of(cls, compiled: Compiled, foresight: Foresight) -> "Outlook":
        return cls(compiled, foresight, place(compiled.timeline, foresight.entries))

    @property
    def exact(self) -> bool:
        return self.foresight.complete

    @property
    def seconds(self) -> float:
        return self.layout.frames / RATE

    @cached_property
    def kept(self) -> Mapping[str, Entry]:
        """The entries that are in the store, by call."""
        known = self.foresight.entries
        return {one.call.id: known[one.call.id] for one in self.foresight if one.state == "kept"}

    @cached_property
    def scenes(self) -> Mapping[str, float]:
        """The seconds of every scene, from its first cue in the foreground to its last one's end."""
        spans: dict[str, tuple[int, int]] = {}
        for one in self.layout.placed:
            if one.cue.role in BEDS or not one.cue.scene:
                continue
            start, end = spans.get(one.cue.scene, (one.start, one.end))
            spans[one.cue.scene] = min(start, one.start), max(end, one.end)
        found = {scene.id: spans.get(scene.id, (0, 0)) for scene in self.compiled.script.scenes}
        return {id: (end - start) / RATE for id, (start, end) in found.items()}
