"""Insertions: what a model puts between the lines: sounds, the sound of a place, music, a pause."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from wavagent.planning.llm.wire import Seconds, Wire, Word
from wavagent.script import Ambience, Anchor, Element, Music, Pause, Scene, Sound, Speech
from wavagent.text import has_words, words

_SHARE = 6
"""So many lines for one insertion; a model that puts in more is cut short."""
_LONGEST = 160
"""Characters of a description."""
_PAUSE = (0.2, 5.0)
_MUSIC = 20.0
"""Seconds of music that the model gave no length."""


class Insertion(Wire):
    """Something that is heard beside the line `after`, at its word `word` where there is one."""

    kind: Literal["sound", "ambience", "music", "pause"]
    after: str
    word: Word = ""
    what: Word = ""
    seconds: Seconds = 0.0


def taken(found: Sequence[Insertion], lines: Mapping[str, Speech]) -> tuple[Insertion, ...]:
    """Those of `found` that can be: beside one of `lines`, saying what is heard, and not too many."""
    fit = [one for one in found if one.after in lines and (one.kind == "pause" or _describes(one.what))]
    return tuple(dict.fromkeys(fit))[: max(2, len(lines) // _SHARE)]


def placed(scene: Scene, insertions: Mapping[str, Sequence[Insertion]]) -> Scene:
    """`scene` with `insertions`, by line; what the rules heard at a line yields to what the model hears there."""
    heard = {line for line, found in insertions.items() if any(one.kind == "sound" for one in found)}
    kinds = {one.kind for found in insertions.values() for one in found}
    elements: list[Element] = []
    for element in scene.elements:
        if isinstance(element, Sound) and element.anchor and element.anchor.element in heard:
            continue
        if element.kind == "ambience" and "ambience" in kinds:
            continue
        if isinstance(element, Speech):
            made = list(_made(element, insertions.get(element.id, ())))
            elements += [one for one in made if not isinstance(one, Pause)]
            elements.append(element)
            elements += [one for one in made if isinstance(one, Pause)]
        else:
            elements.append(element)
    return scene.model_copy(update={"elements": tuple(elements)})


def _made(line: Speech, insertions: Sequence[Insertion]) -> Iterator[Element]:
    """The elements of the insertions at `line`; their ids follow from its own."""
    for number, one in enumerate(insertions, 1):
        id = f"{one.kind}-{line.id}-{number}"[:64]
        anchor = _anchor(line, one.word)
        if one.kind == "sound":
            yield Sound(id=id, what=one.what, seconds=one.seconds or None, anchor=anchor)
        elif one.kind == "ambience":
            yield Ambience(id=id, what=one.what, start=anchor, seconds=one.seconds or None, level="quiet")
        elif one.kind == "music":
            yield Music(id=id, what=one.what, start=anchor, seconds=one.seconds or _MUSIC, level="quiet", fade_out=5.0)
        else:
            yield Pause(id=id, seconds=min(_PAUSE[1], max(_PAUSE[0], one.seconds or 1.0)))


def _anchor(line: Speech, word: str) -> Anchor:
    """The moment of `word` in `line`, or its end."""
    spans = [line.text[start:end].casefold() for start, end in words(line.text)]
    wanted = [word[start:end].casefold() for start, end in words(word)]
    if wanted and wanted[0] in spans:
        return Anchor(element=line.id, edge="word", word=spans.index(wanted[0]))
    return Anchor(element=line.id, edge="end")


def _describes(what: str) -> bool:
    return has_words(what) and len(what) <= _LONGEST
