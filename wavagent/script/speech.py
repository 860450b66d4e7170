"""A line: somebody says something."""

from typing import Literal

from pydantic import Field

from wavagent.errors import ScriptError
from wavagent.graph import Call, Param
from wavagent.script.anchor import Anchor
from wavagent.script.character import NARRATOR, Mode
from wavagent.script.fallback import speech_fallbacks
from wavagent.script.part import LEVELS, Gain, Id, Level, Pan, Part, Seconds, Seed, Span
from wavagent.script.stage import Lowered, Stage
from wavagent.text import has_words, one_line
from wavagent.timeline import Cue, Moment

WORDLESS = 0.3
"""Seconds of silence for a line without a word in it: a dash, three dots, a face."""


class Delivery(Part):
    """How a line is said, in neutral words that each tool maps to what it can do, or leaves out."""

    emotion: str = ""
    intensity: float = Field(default=0.5, ge=0.0, le=1.0)
    pace: float = Field(default=1.0, ge=0.5, le=2.0)
    note: str = ""


class Speech(Part):
    """A line of `who`.

    `text` is the source's own, to the character, white space included: joined, the lines and pauses of a script are
    the source again. `spoken` is what the voice is given instead, when it is not the text itself. `confidence` (0 to
    1) and `evidence` say how sure the planner is of who speaks. `start` lets a line cut into another; without it the
    line takes its turn.
    """

    kind: Literal["speech"] = "speech"
    id: Id
    who: Id = NARRATOR
    text: str
    spoken: str | None = None
    mode: Mode = "narration"
    delivery: Delivery = Delivery()
    pause_before: Seconds | None = None
    pause_after: Seconds | None = None
    start: Anchor | None = None
    level: Level = "normal"
    gain: Gain = 0.0
    pan: Pan = 0.0
    span: Span | None = None
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    evidence: str = ""
    seed: Seed | None = None
    take: int = Field(default=0, ge=0)
    locked: bool = False

    def lower(self, stage: Stage) -> Lowered:
        said = self.spoken if self.spoken is not None else one_line(self.text)
        start = stage.moment(self.start) if self.start else stage.turn
        if not has_words(said):
            return Lowered(Cue(self.id, "pause", start, seconds=WORDLESS, scene=stage.scene))
        speaker = stage.cast[self.who]
        voice = speaker.voice
        if voice is None:
            raise ScriptError(f"'{self.who}' has no voice; cast the script before it is compiled")
        tool = stage.tool(voice.tool)
        params: dict[str, Param] = {
            "pace": self.delivery.pace,
            "emotion": self.delivery.emotion,
            "intensity": self.delivery.intensity,
            **voice.settings,
            "text": said,
            "voice": voice.id,
            "language": stage.language,
            **speaker.cloned_by(tool),
        }
        seed = stage.seed_of(tool, self.id, self.take, self.seed)
        own = {*voice.settings, "reference", "words"}  # are for this tool alone
        plain: dict[str, Param] = {name: value for name, value in params.items() if name not in own}
        if self.delivery.note and "note" in tool.params.model_fields:
            params = {"note": self.delivery.note, **params}
        otherwise = speech_fallbacks(stage, tool, speaker, plain, self.id, self.take)
        call = Call(self.id, tool.card.name, params, seed, self.id, voice.reason, otherwise)
        return Lowered(self._cue(said, start, stage), (call,))

    def _cue(self, said: str, start: Moment, stage: Stage) -> Cue:
        return Cue(
            self.id,
            "speech",
            start,
            clip=self.id,
            gain=self.gain + LEVELS[self.level],
            pan=self.pan,
            space=stage.space,
            scene=stage.scene,
            speaker=self.who,
            text=one_line(self.text),
            said=said,
        )
