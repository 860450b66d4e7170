"""Operations on how things sound: what they are, how loud, from where, from when to when, by which tool and take."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from wavagent.errors import ScriptError
from wavagent.script.anchor import Anchor
from wavagent.script.bed import Bed
from wavagent.script.material import Melody
from wavagent.script.part import Gain, Id, Level, Pan, Seconds, Seed
from wavagent.script.patch.edit import Edit, Ids, Thing, elements
from wavagent.script.patch.tree import change, element
from wavagent.script.scene import Element
from wavagent.script.script import Script
from wavagent.script.step import Link

LOUDEST, QUIETEST = 12.0, -40.0
"""dB: the bounds of a gain."""


class _OnElements(Edit):
    """An operation that changes the same fields of each of its elements."""

    ids: Ids

    def apply(self, script: Script) -> Script:
        for id in self.ids:
            script = change(script, id, **self._update(element(script, id)))
        return script

    def _update(self, one: Element) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class SetWhat(_OnElements):
    """Say anew what a sound, music or ambience is."""

    op: Literal["set_what"] = "set_what"
    what: str = Field(min_length=1)

    def _update(self, one: Element) -> dict[str, Any]:
        return {"what": self.what}


class SetMusic(_OnElements):
    """Say which melody music follows, and what is sung."""

    op: Literal["set_music"] = "set_music"
    melody: Melody | None = Field(default=None, description="An added file.")
    lyrics: str | None = Field(
        default=None,
        max_length=20_000,
        description="Lines; [verse], [chorus].",
    )
    clear: bool = Field(default=False, description="No melody.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.melody, self.lyrics, self.clear) == (None, None, False):
            raise ValueError("name at least one of `melody`, `lyrics` and `clear`")
        if self.clear and self.melody is not None:
            raise ValueError("`melody` and `clear` exclude each other")
        return self

    def _update(self, one: Element) -> dict[str, Any]:
        if one.kind != "music":
            raise ScriptError(f"'{one.id}' is a {one.kind}; this needs music")
        values = {"melody": self.melody, "lyrics": self.lyrics}
        update: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        return update | ({"melody": None} if self.clear else {})


class Relevel(_OnElements):
    """Make elements louder or quieter: by some dB, or to a gain in dB, or to a word, or to both."""

    op: Literal["relevel"] = "relevel"
    by: float | None = Field(
        default=None, ge=-52.0, le=52.0, description="dB more (6 is clearly louder, 3 a little) or, negative, less."
    )
    level: Level | None = None
    gain: Gain | None = Field(default=None, description="dB relative to the level word; 0 is as the word says.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.by is None) == (self.gain is None is self.level):
            raise ValueError("say how loud with `by` alone, or with `level`, `gain` or both")
        return self

    def _update(self, one: Element) -> dict[str, Any]:
        if self.by is None:
            return {name: value for name, value in (("level", self.level), ("gain", self.gain)) if value is not None}
        gain = getattr(one, "gain", None)
        if gain is None:
            return {"gain": 0.0}  # which it does not have, and that is said
        wanted = round(gain + self.by, 6)
        if not QUIETEST <= wanted <= LOUDEST:
            raise ScriptError(
                f"'{one.id}' stands at {gain:+g} dB; {self.by:+g} dB more would be {wanted:+g}, and a gain is between "
                f"{QUIETEST:g} and {LOUDEST:+g} dB"
            )
        return {"gain": wanted}


class SetPan(_OnElements):
    """Place lines, sounds or recordings between the left (-1) and the right (1)."""

    op: Literal["set_pan"] = "set_pan"
    pan: Pan

    def _update(self, one: Element) -> dict[str, Any]:
        return {"pan": self.pan}


class Retime(_OnElements):
    """Say when elements start and end. What is left out stays as it is."""

    op: Literal["retime"] = "retime"
    start: Anchor | None = Field(default=None, description="Start then, not in its turn.")
    end: Anchor | None = Field(default=None, description="For music and ambience: end then.")
    shift: float | None = Field(
        default=None, ge=-3600.0, le=3600.0, description="Seconds later, or, negative, earlier than its anchor says."
    )
    seconds: Seconds | None = Field(default=None, description="Last so long.")
    fade_in: Seconds | None = None
    fade_out: Seconds | None = None
    clear: tuple[Literal["start", "end", "seconds"], ...] = Field(
        default=(), description="Take away: without a start it takes its turn, or starts with its scene."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        values = (self.start, self.end, self.shift, self.seconds, self.fade_in, self.fade_out)
        if all(value is None for value in values) and not self.clear:
            raise ValueError("name `start`, `end`, `shift`, `seconds`, `fade_in`, `fade_out` or `clear`")
        if any(getattr(self, name) is not None for name in self.clear):
            raise ValueError(f"`{self.clear[0]}` is both given and cleared")
        return self

    def _update(self, one: Element) -> dict[str, Any]:
        if one.kind == "pause":
            raise ScriptError(f"'{one.id}' is a pause; give it its seconds with set_pause")
        given = {name: getattr(self, name) for name in ("start", "end", "seconds", "fade_in", "fade_out")}
        update = {name: value for name, value in given.items() if value is not None}
        update |= dict.fromkeys(self.clear, None)
        if self.shift is not None:
            update["start"] = self._shifted(update.get("start") or getattr(one, _start(one), None), one)
        if one.kind == "recording" and {"end", "seconds"} & update.keys():
            raise ScriptError(f"'{one.id}' is a recording; trim it with set_recording, in seconds of its file")
        if "start" in update:
            update[_start(one)] = update.pop("start")
        return update

    def _shifted(self, anchor: Anchor | None, one: Element) -> Anchor:
        if anchor is None and isinstance(one, Bed):
            raise ScriptError(f"'{one.id}' starts with its scene; give it a `start` first, then shift it")
        if anchor is None:
            raise ScriptError(f"'{one.id}' takes its turn; move it, change the pauses, or give it a `start`")
        offset = round(anchor.offset + (self.shift or 0.0), 6)
        if abs(offset) > 3600.0:
            raise ScriptError(f"'{one.id}' would stand {offset:g} s from its anchor; 3600 s is the most")
        return anchor.model_copy(update={"offset": offset})


def _start(one: Element) -> str:
    """The field that says when an element starts."""
    return "anchor" if one.kind in ("sound", "recording") else "start"


class SetRecording(_OnElements):
    """Change recordings: the part of the file that is heard, and what is done to it."""

    op: Literal["set_recording"] = "set_recording"
    start: Seconds | None = Field(default=None, description="From this second of the file.")
    end: Seconds | None = Field(default=None, description="To this second of the file.")
    whole: bool = Field(default=False, description="To the end of the file.")
    chain: tuple[Link, ...] | None = Field(default=None, description="The steps, in order; an empty list: none.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.start, self.end, self.chain, self.whole) == (None, None, None, False):
            raise ValueError("name at least one of `start`, `end`, `whole` and `chain`")
        if self.whole and self.end is not None:
            raise ValueError("`end` and `whole` exclude each other")
        return self

    def _update(self, one: Element) -> dict[str, Any]:
        if one.kind != "recording":
            raise ScriptError(f"'{one.id}' is a {one.kind}; this needs a recording")
        values = {"start": self.start, "end": self.end, "chain": self.chain}
        update: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        return update | ({"end": None} if self.whole else {})


class SetTool(_OnElements):
    """Have sounds, music or ambience made by a tool, or, with null, by the one that the compiler chooses."""

    op: Literal["set_tool"] = "set_tool"
    tool: str | None

    def _update(self, one: Element) -> dict[str, Any]:
        return {"tool": self.tool}


class AnotherTake(_OnElements):
    """Make elements again, otherwise: the next take of each."""

    op: Literal["another_take"] = "another_take"

    def _update(self, one: Element) -> dict[str, Any]:
        return {"take": getattr(one, "take", 0) + 1, "seed": None}  # a seed of its own would give the same again


class PickTake(Edit):
    """Go back to a take of an element that was made before; the first is 0."""

    op: Literal["pick_take"] = "pick_take"
    id: Id
    take: int = Field(ge=0)

    def apply(self, script: Script) -> Script:
        return change(script, self.id, take=self.take)

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(self.id)


class SetSeed(_OnElements):
    """Give elements a seed of their own, or, with null, the one that follows from the story's."""

    op: Literal["set_seed"] = "set_seed"
    seed: Seed | None

    def _update(self, one: Element) -> dict[str, Any]:
        return {"seed": self.seed}
