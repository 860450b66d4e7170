"""What music and ambience have in common: they lie under the foreground, from one moment to another."""

import math
from dataclasses import replace

from pydantic import Field

from wavagent.graph import Call, Length, Param
from wavagent.script.anchor import Anchor
from wavagent.script.fallback import sound_fallbacks
from wavagent.script.part import LEVELS, Gain, Id, Level, Part, Seconds, Seed
from wavagent.script.stage import Lowered, Stage
from wavagent.text import one_line
from wavagent.timeline import Cue, Moment, Role
from wavagent.tool import Tool

LOOP = 24.0
"""Seconds of a loop that is repeated under a scene: long enough not to be noticed, cheap to make."""

SEAM = 2.0
"""Seconds of crossfade where a clip is repeated that its tool could not make as a loop."""


class Bed(Part):
    """A bed starts at `start` (None: with its scene) and lasts until `end`, or `seconds`, or its scene's end."""

    id: Id
    what: str = Field(min_length=1)
    start: Anchor | None = None
    end: Anchor | None = None
    seconds: Seconds | None = None
    level: Level = "normal"
    gain: Gain = 0.0
    fade_in: Seconds = 1.5
    fade_out: Seconds = 2.5
    tool: str | None = None
    seed: Seed | None = None
    take: int = Field(default=0, ge=0)
    locked: bool = False

    def lay(self, role: Role, stage: Stage) -> Lowered:
        """The bed's call and cue."""
        if self.tool is None:  # others may be placed by a bed that is left out
            return Lowered(replace(self._cue(role, False, stage), role="pause", clip=None))
        tool = stage.tool(self.tool)
        seconds = self._seconds(tool, stage)
        params: dict[str, Param] = {"what": one_line(self.what)}
        if seconds is None:
            params |= {"seconds": min(LOOP, tool.card.longest or LOOP), "loop": tool.card.loops}
        else:
            params |= {"seconds": seconds, "loop": False}
        seed = stage.seed_of(tool, self.id, self.take, self.seed)
        task = tool.card.task
        otherwise = sound_fallbacks(stage, tool, task, params, self.id, self.take, self.seed)
        call = Call(self.id, tool.card.name, params, seed, self.id, "", otherwise, optional=True)
        cue = self._cue(role, seconds is None, stage)
        return Lowered(cue if tool.card.loops or not cue.loop else replace(cue, seam=SEAM), (call,))

    def _seconds(self, tool: Tool, stage: Stage) -> float | Length | None:
        """The length of a bed that is made to measure; None: a clip is repeated for as long as it is needed.

        Where the length is known it is made so. What a tool can loop does not wait for the speech it lies under, nor
        does what may turn out longer than the tool's longest clip.
        """
        longest = tool.card.longest or math.inf
        if self.seconds:
            return self.seconds if self.seconds <= longest else None
        if tool.card.loops or not stage.foreground or stage.at_most() > longest:
            return None
        return Length(tuple(call.id for call in stage.foreground), stage.pauses)

    def _cue(self, role: Role, loop: bool, stage: Stage) -> Cue:
        end: Moment | None = stage.moment(self.end) if self.end else stage.last
        return Cue(
            self.id,
            role,
            stage.moment(self.start) if self.start else stage.first,
            clip=self.id,
            end=None if self.seconds else end,
            seconds=self.seconds,
            loop=loop,
            gain=self.gain + LEVELS[self.level],
            fade_in=self.fade_in,
            fade_out=self.fade_out,
            scene=stage.scene,
            text=one_line(self.what),
        )
