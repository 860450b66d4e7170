"""The director: a script from a document by rules alone. Pure: no network, no weights; the same in, the same out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from wavagent.errors import PlanError
from wavagent.planning.attribution import SURE, Attribution, Casting
from wavagent.planning.beds import closing, heard, opening
from wavagent.planning.cast import cast_of
from wavagent.planning.delivery import delivery_of
from wavagent.planning.line import Line, lines
from wavagent.planning.mention import Names
from wavagent.planning.mode import mode_of
from wavagent.planning.mood import mood_of
from wavagent.planning.quotation import Quotation, quotations
from wavagent.planning.scenes import Stretch, stretches
from wavagent.planning.setting import setting_of
from wavagent.planning.stage import parts_cast, placed
from wavagent.planning.teller import told_by_somebody
from wavagent.planning.tokens import Tokens
from wavagent.planning.turn import Scenery
from wavagent.planning.words import lexicon
from wavagent.reading.document import Document
from wavagent.script import NARRATOR, Character, Element, Pause, Scene, Script, Source, Span, Speech
from wavagent.text import shown

_BREAK = 1.5
"""Seconds of silence that stand for a row of stars."""
_DIRECTION = 0.3
"""Seconds of silence that stand for an instruction to actors."""
_AFTER_HEADING = 1.2
_SHORT = 1500
"""Characters of a scene that is too short for music of its own, unless it starts a chapter."""


def direct(document: Document, *, seed: int = 0) -> Script:
    """The script of `document`, word for word: its lines and pauses joined are its text.

    Who speaks comes with a confidence and the evidence for it; where that is too little, the narrator speaks.
    """
    plan = Plan(document)
    script = Script(
        title=document.title,
        author=document.author,
        language=document.language,
        source=Source(name=document.name, sha256=document.sha256),
        seed=seed,
        cast=plan.speakers,
        scenes=tuple(plan.scenes()),
    )
    if script.text != document.text:
        raise PlanError(f"the lines planned for '{shown(document.name)}' are not its text; please report this text")
    return script


@dataclass(frozen=True)
class Plan:
    """A document on its way to a script."""

    document: Document

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens.of(self.document.text, lexicon(self.document.language))

    @cached_property
    def found(self) -> Sequence[Quotation]:
        """The quotations; a play has none to look for."""
        if self.document.attributed:
            return ()
        return quotations(self.document.text, self.document.language, self.document.paragraphs)

    @cached_property
    def cast(self) -> Sequence[Character]:
        if self.document.attributed:
            return parts_cast(self.document.parts)
        return cast_of(self.tokens, self.document.paragraphs, self.found)

    @cached_property
    def given(self) -> Sequence[Attribution]:
        """Who speaks each quotation."""
        scenery = Scenery(self.tokens, self.document.paragraphs, self.found, Names(self.cast, self.tokens.lexicon))
        return Casting(scenery, self.cast, 0 if told_by_somebody(scenery) else None).attributions()

    @cached_property
    def lines(self) -> Sequence[Line]:
        return lines(self.document, self.found)

    @cached_property
    def speakers(self) -> tuple[Character, ...]:
        """The narrator, and those of the cast who get a line."""
        who = {self._who(line) for line in self.lines}
        return tuple(person for person in self.cast if person.id == NARRATOR or person.id in who)

    def scenes(self) -> Iterator[Scene]:
        cuts = stretches(self.document, self.lines)
        mood = ""
        for number, cut in enumerate(cuts, 1):
            scene = self._scene(number, cut, mood)
            mood = scene.mood
            yield scene if number < len(cuts) else closing(scene)

    def _scene(self, number: int, cut: Stretch, before: str) -> Scene:
        here = self.lines[cut.first : cut.last]
        text = self.document.text[here[0].start : here[-1].end]
        mood = mood_of(text)
        space, setting = setting_of(text)
        elements = [self._element(index, line) for index, line in enumerate(here, cut.first + 1)]
        chapter = cut.heading is not None or number == 1
        turned = mood.name != before and len(text) >= _SHORT
        beds = opening(number, mood) if chapter or turned else ()
        return Scene(
            id=f"scene-{number}",
            heading=cut.heading,
            chapter=chapter,
            space=space,
            mood=mood.name,
            setting=setting,
            elements=(*beds, *placed(self.document.parts, here, heard(number, elements, self.document.language))),
        )

    def _who(self, line: Line) -> str:
        """The id of who speaks a line."""
        if line.part and line.part.kind == "speech":
            return next(person.id for person in self.cast if person.name == line.part.who)
        if line.quotation is None:
            return NARRATOR
        said = self.given[line.quotation]
        return self.cast[said.who].id if said.who is not None and said.confidence >= SURE else NARRATOR

    def _element(self, number: int, line: Line) -> Element:
        text = self.document.text[line.start : line.end]
        span = Span(start=line.start, end=line.end)
        if line.silent:
            seconds = _DIRECTION if line.part else _BREAK
            return Pause(id=f"pause-{number}", seconds=seconds, text=text, span=span)
        if line.heading:
            return Speech(id=f"line-{number}", text=text, mode="heading", span=span, pause_after=_AFTER_HEADING)
        if line.quotation is not None:
            return self._dialogue(f"line-{number}", text, span, line)
        delivery = delivery_of(Tokens.of(line.part.manner).lower if line.part else ())
        mode = "dialogue" if line.part and line.part.kind == "speech" else "narration"
        return Speech(id=f"line-{number}", who=self._who(line), text=text, mode=mode, span=span, delivery=delivery)

    def _dialogue(self, id: str, text: str, span: Span, line: Line) -> Speech:
        said = self.given[line.quotation or 0]
        who = self._who(line)
        return Speech(
            id=id,
            who=who,
            text=text,
            mode=mode_of(self.tokens, self.found[line.quotation or 0], said.tag),
            delivery=delivery_of(self._tag_words(said)),
            span=span,
            confidence=said.confidence,
            evidence=said.evidence if who != NARRATOR else self._doubt(said),
        )

    def _tag_words(self, said: Attribution) -> Sequence[str]:
        """The words of the clause that says who speaks, and how."""
        if said.tag is None:
            return ()
        last = said.tag.last
        while last < len(self.tokens) and last - said.tag.last < 6 and not self.tokens.stops(last - 1):
            last += 1
        return [said.tag.verb, *self.tokens.lower[said.tag.first : last]]

    def _doubt(self, said: Attribution) -> str:
        """Why the narrator speaks: they do, or nobody knows who does."""
        if said.who is None:
            return "nobody is named who could say it"
        if said.confidence >= SURE:
            return said.evidence
        return f"unsure, perhaps {self.cast[said.who].name}: {said.evidence}"
