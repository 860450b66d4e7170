"""A scene as a model wrote it, and what becomes of it in a script."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from wavagent.planning.llm.outline import Plot
from wavagent.planning.llm.wire import Seconds, Wire, Word, parts
from wavagent.script import NARRATOR, Ambience, Character, Delivery, Element, Music, Pause, Scene, Sound, Speech
from wavagent.text import has_words, one_line, shown, words

_OPENING = 20.0
"""Seconds of the music that opens a scene."""
_LONGEST = 4000
"""Characters of one line."""
_MARKUP = re.compile(r"\*+|_{2,}|^#+\s*|</?[A-Za-z][^<>]{0,40}>|\[[^\[\]]{1,80}\]", re.MULTILINE)
"""What models put into lines and nobody should hear: emphasis, tags, directions in brackets."""
_QUOTES = ("“”", '""', "«»", "„“", "「」")


class Said(Wire):
    """One thing that is heard in a scene."""

    kind: Literal["speech", "sound", "pause"]
    who: Word = ""
    text: str = ""
    emotion: Word = ""
    seconds: Seconds = 0.0


class Written(Wire):
    """The answer that is asked for."""

    elements: list[Said]
    summary: str


class Text:
    """What a model has written of one scene so far, for a `cast` by the ids it knows."""

    def __init__(self, cast: Mapping[str, Character]) -> None:
        self._who = {
            name.casefold(): character.id
            for id, character in cast.items()
            for name in (character.name, character.id, id)
        }
        self.elements: tuple[tuple[Said, str], ...] = ()
        self.summary = ""

    @property
    def count(self) -> int:
        """The words that are spoken."""
        return sum(len(words(said.text)) for said, _ in self.elements if said.kind == "speech")

    def take(self, answer: dict[str, Any]) -> Sequence[str]:
        """Take `answer`; what is wrong with it, for the model."""
        faults: list[str] = []
        found = []
        for said in parts(answer.get("elements"), Said, "elements", faults):
            if said.kind == "speech" and said.who.casefold() not in self._who:
                faults.append(f"'{shown(said.who, 40)}' speaks and is no character of the outline")
            found.append((said, self._who.get(said.who.casefold(), NARRATOR)))
        if isinstance(summary := answer.get("summary"), str):
            self.summary = one_line(summary)[:600]
        if not any(said.kind == "speech" and has_words(said.text) for said, _ in found):
            return [*faults, "`elements` holds no speech with a `text`"]
        self.elements = tuple(found)
        return faults


def scene_of(number: int, plot: Plot, written: Sequence[tuple[Said, str]]) -> Scene:
    """Scene `number` of a script."""
    return Scene(
        id=f"scene-{number}",
        heading=plot.heading or f"Scene {number}",
        space=plot.space,
        mood=plot.mood,
        setting="",
        elements=(*_beds(number, plot), *_elements(number, written)),
    )


def _beds(number: int, plot: Plot) -> Iterator[Element]:
    if has_words(plot.music):
        yield Music(id=f"music-{number}", what=plot.music, seconds=_OPENING, level="quiet", fade_in=0.5, fade_out=6.0)
    if has_words(plot.ambience):
        yield Ambience(id=f"ambience-{number}", what=plot.ambience, level="quiet")


def _elements(number: int, written: Sequence[tuple[Said, str]]) -> Iterator[Element]:
    for index, (said, who) in enumerate(written, 1):
        id = f"s{number}-{said.kind}-{index}"
        if said.kind == "pause":
            yield Pause(id=id, seconds=min(5.0, max(0.2, said.seconds or 1.0)))
        elif said.kind == "sound" and has_words(said.text):
            yield Sound(id=id, what=one_line(said.text)[:160], seconds=said.seconds or None)
        elif said.kind == "speech" and (text := spoken(said.text)):
            mode: Literal["narration", "dialogue"] = "narration" if who == NARRATOR else "dialogue"
            yield Speech(id=id, who=who, text=f"{text}\n\n", mode=mode, delivery=_delivery(said))


def spoken(text: str) -> str:
    """The words of a line without what a model wraps around them; "" where none are left."""
    plain = one_line(_MARKUP.sub("", text))[:_LONGEST]
    for opening, closing in (tuple(pair) for pair in _QUOTES):
        if len(plain) > 1 and plain[0] == opening and plain[-1] == closing and opening not in plain[1:-1]:
            plain = plain[1:-1].strip()
    return plain if has_words(plain) else ""


def _delivery(said: Said) -> Delivery:
    emotion = said.emotion.lower()
    fits = len(emotion) <= 30 and all(letter.isalpha() or letter in " -" for letter in emotion)
    return Delivery(emotion=emotion) if fits else Delivery()
