"""Operations on lines: their words, who speaks them, and how."""

from typing import Literal, Self

from pydantic import Field, model_validator

from wavagent.errors import ScriptError
from wavagent.script.anchor import Anchor
from wavagent.script.character import Mode
from wavagent.script.part import Id, Seconds, Span
from wavagent.script.patch.edit import Edit, Ids, Thing, elements
from wavagent.script.patch.tree import change, character, element, fresh, home, line, reanchored, spread, unlocked
from wavagent.script.patch.words import Follow, followed, shifted
from wavagent.script.scene import takes_a_turn
from wavagent.script.script import Script
from wavagent.script.speech import Delivery, Speech
from wavagent.text import one_line, shown, words


class ReplaceText(Edit):
    """Give a line other words. What is anchored to a word of it follows that word."""

    op: Literal["replace_text"] = "replace_text"
    id: Id
    text: str
    spoken: str | None = Field(default=None, description="What the voice says instead, where that is not the text.")

    def apply(self, script: Script) -> Script:
        old = line(script, self.id)
        changed = change(script, self.id, text=self.text, spoken=self.spoken)
        return reanchored(changed, followed(self.id, old.text, self.text))

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(self.id)


class SetSpoken(Edit):
    """Say a line otherwise than it is written, or, with null, as it is written. The text stays as it is."""

    op: Literal["set_spoken"] = "set_spoken"
    id: Id
    spoken: str | None

    def apply(self, script: Script) -> Script:
        return change(script, line(script, self.id).id, spoken=self.spoken)

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(self.id)


class SetSpeaker(Edit):
    """Have lines spoken by another character."""

    op: Literal["set_speaker"] = "set_speaker"
    ids: Ids
    who: Id = Field(description="The id of a character in the cast.")

    def apply(self, script: Script) -> Script:
        character(script, self.who)
        for id in self.ids:
            # somebody decided: nothing is left to check
            script = change(script, line(script, id).id, who=self.who, confidence=1.0, evidence="")
        return script

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class SetDelivery(Edit):
    """Say how lines are spoken. What is left out stays as it is; an empty word takes it away."""

    op: Literal["set_delivery"] = "set_delivery"
    ids: Ids
    emotion: str | None = Field(default=None, description="One word: angry, sad, whispering, …")
    intensity: float | None = Field(default=None, ge=0.0, le=1.0, description="0.5 is usual.")
    pace: float | None = Field(default=None, ge=0.5, le=2.0, description="1 is the voice's own; 1.2 is faster.")
    note: str | None = Field(default=None, description="A word to the actor.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self._given:
            raise ValueError("name at least one of `emotion`, `intensity`, `pace` and `note`")
        return self

    @property
    def _given(self) -> dict[str, str | float]:
        values = {"emotion": self.emotion, "intensity": self.intensity, "pace": self.pace, "note": self.note}
        return {name: value for name, value in values.items() if value is not None}

    def apply(self, script: Script) -> Script:
        for id in self.ids:
            delivery = Delivery.model_validate({**dict(line(script, id).delivery), **self._given})
            script = change(script, id, delivery=delivery)
        return script

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class SetMode(Edit):
    """Say what kind of text lines are: narration, dialogue, a thought, a letter, a heading."""

    op: Literal["set_mode"] = "set_mode"
    ids: Ids
    mode: Mode

    def apply(self, script: Script) -> Script:
        for id in self.ids:
            script = change(script, line(script, id).id, mode=self.mode)
        return script

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class SetPause(Edit):
    """Set the silence before or after lines, or the length of pause elements, in seconds."""

    op: Literal["set_pause"] = "set_pause"
    ids: Ids
    before: Seconds | None = None
    after: Seconds | None = None
    seconds: Seconds | None = Field(default=None, description="For an element of kind pause.")
    automatic: tuple[Literal["before", "after"], ...] = Field(
        default=(), description="Let the pacing decide on these again."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.before is self.after is self.seconds is None and not self.automatic:
            raise ValueError("name at least one of `before`, `after`, `seconds` and `automatic`")
        return self

    def apply(self, script: Script) -> Script:
        values = {"pause_before": self.before, "pause_after": self.after, "seconds": self.seconds}
        update: dict[str, float | None] = {name: value for name, value in values.items() if value is not None}
        update |= {f"pause_{side}": None for side in self.automatic}
        for id in self.ids:
            if element(script, id).kind not in ("speech", "pause"):
                raise ScriptError(
                    f"'{id}' is a {element(script, id).kind}; only lines and pauses have pauses; retime it"
                )
            script = change(script, id, **update)
        return script

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class SplitLine(Edit):
    """Cut a line in two. No word changes; what was anchored to a word stays on it."""

    op: Literal["split_line"] = "split_line"
    id: Id
    at: str = Field(min_length=1, description="The words with which the second line starts, exactly as in the text.")
    new_id: Id | None = Field(default=None, description="The id of the second line; without it, one is made.")

    def apply(self, script: Script) -> Script:
        whole = line(script, self.id)
        unlocked(script, self.id)
        at = self._place(whole)
        first, second = self._halves(whole, at, self.new_id or fresh(script, "line"))
        if any(one.id == second.id for one in script.elements):
            raise ScriptError(f"there is an element '{second.id}' already; give the new line another id")
        script = spread(script, {self.id: (first, second)})
        return reanchored(script, shifted(self.id, len(words(first.text)), second.id))

    def _place(self, whole: Speech) -> int:
        if whole.spoken is not None:
            raise ScriptError(f"'{self.id}' has a spoken form of its own; take it away with set_spoken, then split")
        found = whole.text.count(self.at)
        if found != 1:
            raise ScriptError(f"'{shown(self.at)}' is {found} times in '{self.id}'; name words that are in it once")
        at = whole.text.index(self.at)
        if not whole.text[:at].strip():
            raise ScriptError(f"'{self.id}' starts with '{shown(self.at)}'; nothing would be left of the first line")
        if len(words(whole.text[:at])) + len(words(whole.text[at:])) != len(words(whole.text)):
            raise ScriptError(f"'{shown(self.at)}' starts inside a word of '{self.id}'; cut between words")
        return at

    @staticmethod
    def _halves(whole: Speech, at: int, new_id: str) -> tuple[Speech, Speech]:
        spans: tuple[Span | None, Span | None] = (None, None)
        if whole.span is not None and whole.span.end - whole.span.start == len(whole.text):
            middle = whole.span.start + at
            spans = Span(start=whole.span.start, end=middle), Span(start=middle, end=whole.span.end)
        first = {"text": whole.text[:at], "span": spans[0], "pause_after": None}
        second = {"id": new_id, "text": whole.text[at:], "span": spans[1], "pause_before": None, "start": None}
        return whole.model_copy(update=first), whole.model_copy(update=second)

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(self.id, *([self.new_id] if self.new_id else []))


class MergeLines(Edit):
    """Make one line of lines that follow each other and have one speaker; it keeps the first one's id and delivery."""

    op: Literal["merge_lines"] = "merge_lines"
    ids: tuple[Id, ...] = Field(min_length=2)

    def apply(self, script: Script) -> Script:
        lines = [line(script, id) for id in self.ids]
        unlocked(script, *self.ids)
        self._follow_each_other(script, lines)
        script = spread(script, {lines[0].id: (_merged(lines),), **{one.id: () for one in lines[1:]}})
        before, count = 0, len(words(line(script, lines[0].id).text))
        for one in lines:
            script = reanchored(script, _into(lines[0].id, one, before, count))
            before += len(words(one.text))
        return script

    def _follow_each_other(self, script: Script, lines: list[Speech]) -> None:
        if len({one.who for one in lines}) > 1:
            raise ScriptError(f"'{self.ids[0]}' and the others have different speakers; use set_speaker first")
        turns = [one.id for one in home(script, self.ids[0]).elements if takes_a_turn(one)]
        at = turns.index(self.ids[0])
        if turns[at : at + len(self.ids)] != list(self.ids):
            raise ScriptError(f"lines {', '.join(map(repr, self.ids))} do not follow each other in one scene")

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


def _merged(lines: list[Speech]) -> Speech:
    first, last = lines[0], lines[-1]
    says = any(one.spoken is not None for one in lines)
    spoken = [one.spoken if one.spoken is not None else one_line(one.text) for one in lines]
    spans = [one.span for one in lines if one.span is not None]
    joined = len(spans) == len(lines) and all(a.end == b.start for a, b in zip(spans, spans[1:], strict=False))
    update = {
        "text": "".join(one.text for one in lines),
        "spoken": " ".join(spoken) if says else None,
        "pause_after": last.pause_after,
        "span": Span(start=spans[0].start, end=spans[-1].end) if joined else None,
        "confidence": min(one.confidence for one in lines),
    }
    return first.model_copy(update=update)


def _into(first: str, part: Speech, before: int, count: int) -> Follow:
    """What becomes of anchors to `part` when it is in the line `first` of `count` words, behind `before` of them."""
    length = len(words(part.text))

    def follow(anchor: Anchor) -> Anchor:
        if anchor.element != part.id or (part.id == first and anchor.edge != "end"):
            return anchor
        word = before + {"start": 0, "word": anchor.word or 0, "end": length}[anchor.edge]
        place = {"edge": "word", "word": word} if word < count else {"edge": "end", "word": None}
        return anchor.model_copy(update={"element": first, **place})

    return follow
