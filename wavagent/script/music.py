"""Music under a scene."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import Field

from wavagent.graph import Alternative, Param, Ref
from wavagent.script.bed import LOOP, Bed
from wavagent.script.material import Melody
from wavagent.script.stage import Lowered, Stage
from wavagent.tool import Card, Tool


class Music(Bed):
    """A bed of music; `what` names its mood, tempo, key, instruments or style.

    It follows a `melody`, and its `lyrics` are sung, where a tool can do that: lines, with [verse] and [chorus] between
    them.
    """

    kind: Literal["music"] = "music"
    melody: Melody | None = None
    lyrics: str = Field(default="", max_length=20_000)

    def unheard(self, card: Card) -> Iterator[str]:
        """What of it the tool of that card leaves out."""
        if self.melody is not None and not card.follows:
            yield "melody"
        if self.sung and not card.sings:
            yield "lyrics"

    @property
    def sung(self) -> bool:
        return bool(self.lyrics.strip())

    def told(self, card: Card, language: str) -> dict[str, Param]:
        """What that tool is told of it beside what every music tool is, the melody left out."""
        return {"lyrics": self.lyrics, "language": _primary(language)} if self.sung and card.sings else {}

    def lower(self, stage: Stage) -> Lowered:
        plain = self.lay("music", stage)
        if not plain.calls or not (self.melody or self.sung):
            return plain
        (call,) = plain.calls
        tool = stage.tool(call.tool)
        params = {**call.params, **self._wanted(tool, stage)}
        if plain.cue.loop and "lyrics" in params:  # a song is not over when a loop is
            params["seconds"] = tool.card.longest or LOOP
        otherwise = tuple(self._otherwise(other, stage) for other in call.otherwise)
        made = replace(call, params=params, otherwise=otherwise)
        followed = any("melody" in told for told in (params, *(other.params for other in otherwise)))
        heard = (self.melody.read(self._tune, self.id, stage.folder),) if self.melody and followed else ()
        return Lowered(plain.cue, (*heard, made))

    @property
    def _tune(self) -> str:
        """The call that reads the melody. No element's call can have that id."""
        return f"{self.id}/melody"

    def _wanted(self, tool: Tool, stage: Stage) -> dict[str, Param]:
        told = self.told(tool.card, stage.language)
        # where it cannot be read, another tool makes the bed, or none does, and that is said
        return {**told, "melody": Ref(self._tune, optional=True)} if self.melody and tool.card.follows else told

    def _otherwise(self, other: Alternative, stage: Stage) -> Alternative:
        tool = stage.tool(other.tool)
        without = " and ".join(self.unheard(tool.card))
        reason = f"{other.reason}, without the {without}" if without else other.reason
        return replace(other, params={**other.params, **self._wanted(tool, stage)}, reason=reason)


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]
