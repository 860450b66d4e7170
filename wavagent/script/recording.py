"""A recording: the user's own file, and what is done to it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from wavagent.errors import ScriptError
from wavagent.graph import Call, Param, Ref
from wavagent.script.anchor import Anchor
from wavagent.script.part import LEVELS, Gain, Id, Inside, Level, Pan, Part, Seconds
from wavagent.script.stage import Lowered, Stage
from wavagent.script.step import Link
from wavagent.timeline import Cue


class Recording(Part):
    """A file of the project, from second `start` to `end` of it, through a chain of steps.

    `file` is relative to the project and stays inside it. `sha256` is filled in when the project is compiled, so
    that a changed file is a changed clip. `licence` is an SPDX name, or `own`; `credit` whom to name for it.
    """

    kind: Literal["recording"] = "recording"
    id: Id
    file: Inside
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    start: Seconds = 0.0
    end: Seconds | None = None
    chain: tuple[Link, ...] = ()
    licence: str = ""
    credit: str = ""
    anchor: Anchor | None = None
    level: Level = "normal"
    gain: Gain = 0.0
    pan: Pan = 0.0
    locked: bool = False

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a recording's `end` is after its `start`, not at {self.end:g} s with {self.start:g} s")
        return self

    def lower(self, stage: Stage) -> Lowered:
        if self.sha256 is None:
            raise ScriptError(f"recording '{self.id}': '{self.file}' was not found in the project")
        params: dict[str, Param] = {
            "file": str(stage.folder / self.file),
            "sha256": self.sha256,
            "start": self.start,
            "end": self.end,
        }
        calls = [Call(f"{self.id}.0", "recording", params, element=self.id)]
        for number, step in enumerate(self.chain, 1):
            calls += step.lower(stage, self.id, f"{self.id}.{number}", Ref(calls[-1].id))
        return Lowered(self._cue(calls[-1].id, stage), tuple(calls))

    def _cue(self, clip: str, stage: Stage) -> Cue:
        return Cue(
            self.id,
            "recording",
            stage.moment(self.anchor) if self.anchor else stage.turn,
            clip=clip,
            gain=self.gain + LEVELS[self.level],
            pan=self.pan,
            scene=stage.scene,
            text=self.file,
        )
