"""A pause: nobody speaks."""

from typing import Literal

from wavagent.script.part import Id, Part, Seconds, Span
from wavagent.script.stage import Lowered, Stage
from wavagent.timeline import Cue


class Pause(Part):
    """Silence in the foreground. `text` is what stands for it in the source: a row of stars, a rule."""

    kind: Literal["pause"] = "pause"
    id: Id
    seconds: Seconds
    text: str = ""
    span: Span | None = None
    locked: bool = False

    def lower(self, stage: Stage) -> Lowered:
        return Lowered(Cue(self.id, "pause", stage.turn, seconds=self.seconds, scene=stage.scene))
