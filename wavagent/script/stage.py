"""What an element is told when it becomes calls and a cue, and what it gives back."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from wavagent.errors import Refused
from wavagent.graph import Call, Length, Param, Ref, seed_for
from wavagent.script.anchor import Anchor
from wavagent.text import aligned
from wavagent.timeline import Cue, Moment
from wavagent.tool import Tool, Toolbox, accept

if TYPE_CHECKING:
    from wavagent.script.character import Character


SLACK = 1.4
"""How many times as long as their tools guess clips may turn out."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """What an element became: its cue, and the calls that make its clip."""

    cue: Cue
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Stage:
    """The stage an element enters: its scene, the tools, and where its turn in the foreground comes."""

    toolbox: Toolbox
    cast: "Mapping[str, Character]"
    spoken: Mapping[str, tuple[str, str]]  # speech id -> (text, spoken form)
    language: str
    seed: int
    folder: Path  # of the project, for its recordings
    scene: str
    space: str
    turn: Moment
    first: Moment  # where the scene's foreground starts
    last: Moment  # where it ends
    foreground: tuple[Call, ...] = ()  # the calls that make the scene's foreground clips
    pauses: float = 0.0  # seconds of silence between them
    spare: tuple[Tool, ...] = ()  # tools that could run here in place of one that fails
    cloners: tuple[Tool, ...] = ()  # and those that could take its place with the voice of a recording

    def tool(self, name: str) -> Tool:
        return self.toolbox[name]

    def seed_of(self, tool: Tool, element: str, take: int, own: int | None) -> int | None:
        """The seed for an element's call, or None when the tool does not listen to one."""
        if not tool.card.seeded:
            return None
        return own if own is not None else seed_for(self.seed, element, take)

    def at_most(self) -> float:
        """Seconds that the foreground will hardly last longer than: of a clip that is made of another, nobody knows."""
        if any(isinstance(call.params.get("audio"), Ref) for call in self.foreground):
            return math.inf
        return self.pauses + SLACK * sum(map(self._guess, self.foreground))

    def _guess(self, call: Call) -> float:
        tool = self.tool(call.tool)
        try:
            return tool.seconds(accept(tool, {k: v for k, v in call.params.items() if not isinstance(v, Ref | Length)}))
        except Refused:
            return 0.0  # it will not be made, and the run says so

    def guessed(self, params: Mapping[str, Param]) -> dict[str, JsonValue]:
        """`params` without the clips among them, and with lengths as the tools guess them."""
        about = {call.id: self._guess(call) for call in self.foreground} if _waits(params) else {}
        return {
            name: value.plus + sum(about.get(id, 0.0) for id in value.of) if isinstance(value, Length) else value
            for name, value in params.items()
            if not isinstance(value, Ref)
        }

    def moment(self, anchor: Anchor) -> Moment:
        """An anchor as a moment of the timeline."""
        if anchor.edge != "word":
            return Moment(anchor.element, anchor.edge, anchor.offset)
        at = self._character(anchor.element, anchor.word or 0)
        return Moment(anchor.element, "word", anchor.offset, at)

    def _character(self, element: str, word: int) -> int:
        """The character of the spoken form at which word number `word` of the text starts."""
        return aligned(*self.spoken[element])[word]


def _waits(params: Mapping[str, Param]) -> bool:
    return any(isinstance(value, Length) for value in params.values())
