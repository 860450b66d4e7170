"""A sound: something happens that is heard."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from wavagent.graph import Call, Param
from wavagent.script.anchor import Anchor
from wavagent.script.fallback import sound_fallbacks
from wavagent.script.part import LEVELS, Gain, Id, Level, Pan, Part, Seconds, Seed
from wavagent.script.stage import Lowered, Stage
from wavagent.text import one_line
from wavagent.timeline import Cue


class Sound(Part):
    """A sound effect. With an anchor it happens then; without one it takes its turn in the foreground.

    `tool` None leaves the choice to the compiler; a sound that no tool can make is left out, and said so.
    """

    kind: Literal["sound"] = "sound"
    id: Id
    what: str = Field(min_length=1)
    seconds: Seconds | None = None
    anchor: Anchor | None = None
    level: Level = "normal"
    gain: Gain = 0.0
    pan: Pan = 0.0
    tool: str | None = None
    seed: Seed | None = None
    take: int = Field(default=0, ge=0)
    locked: bool = False

    def lower(self, stage: Stage) -> Lowered:
        cue = self._cue(stage)
        if self.tool is None:  # others may be placed by a sound that is left out
            return Lowered(replace(cue, role="pause", clip=None, seconds=0.0))
        tool = stage.tool(self.tool)
        params: dict[str, Param] = {"what": one_line(self.what), "seconds": self.seconds}
        seed = stage.seed_of(tool, self.id, self.take, self.seed)
        otherwise = sound_fallbacks(stage, tool, "sound", params, self.id, self.take, self.seed)
        return Lowered(cue, (Call(self.id, tool.card.name, params, seed, self.id, "", otherwise, optional=True),))

    def _cue(self, stage: Stage) -> Cue:
        return Cue(
            self.id,
            "sound",
            stage.moment(self.anchor) if self.anchor else stage.turn,
            clip=self.id,
            gain=self.gain + LEVELS[self.level],
            pan=self.pan,
            space=stage.space,
            scene=stage.scene,
            text=one_line(self.what),
        )
