"""Plays and scripts: what a format says outright of who speaks and what is heard."""

from collections.abc import Iterable, Iterator, Sequence

from wavagent.planning.ids import id_of
from wavagent.planning.line import Line
from wavagent.reading.document import Part
from wavagent.script import NARRATOR, Ambience, Anchor, Character, Element, Music, Pause, Sound, Speech


def parts_cast(parts: Sequence[Part]) -> tuple[Character, ...]:
    """The narrator, and everybody whom the parts name, in order."""
    names = dict.fromkeys(part.who for part in parts if part.kind == "speech" and part.who)
    cast = [Character(id=NARRATOR, name="Narrator")]
    taken = {NARRATOR}
    for name in names:
        cast.append(Character(id=id_of(name, taken), name=name))
        taken.add(cast[-1].id)
    return tuple(cast)


def placed(parts: Sequence[Part], here: Sequence[Line], elements: Iterable[Element]) -> Iterator[Element]:
    """The elements of the lines `here` with what the format places between them."""
    first, last = here[0].start, here[-1].end
    waiting = [
        (number, part)
        for number, part in enumerate(parts, 1)
        if part.kind in ("sound", "music", "ambience", "pause") and first <= part.start < max(last, first + 1)
    ]
    for element in elements:
        if isinstance(element, Speech | Pause) and element.span:
            while waiting and waiting[0][1].start <= element.span.start:
                yield from _of_part(*waiting.pop(0), element)
        yield element
    for number, part in waiting:
        yield from _of_part(number, part, None)


def _of_part(number: int, part: Part, before: Element | None) -> Iterator[Element]:
    """The element of a part; a bed starts with the line that it stands before."""
    start = Anchor(element=before.id) if before else None
    if part.kind == "pause":
        yield Pause(id=f"rest-{number}", seconds=part.seconds or 1.0)
    elif part.kind == "sound" and part.what:
        yield Sound(id=f"given-{number}", what=part.what, seconds=part.seconds, gain=_within(part.gain))
    elif part.kind == "music" and part.what:
        yield Music(id=f"given-{number}", what=part.what, start=start, seconds=part.seconds, gain=_within(part.gain))
    elif part.what:
        gain = _within(part.gain)
        yield Ambience(id=f"given-{number}", what=part.what, start=start, seconds=part.seconds, gain=gain)


def _within(gain: float) -> float:
    return min(12.0, max(-40.0, gain))
