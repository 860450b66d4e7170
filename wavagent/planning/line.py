"""Lines: a text cut into what one voice says in one go, to the character."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wavagent.planning.quotation import Quotation
from wavagent.reading.document import Document, Paragraph, Part
from wavagent.reading.paragraphs import is_break
from wavagent.text import SENTENCE_END, has_words

LONGEST = 600
"""Characters of the longest line of narration: an edit renders a paragraph anew, never a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """Characters `start` to `end` of the text, in one paragraph.

    `quotation` is the index of the one that it is, `part` what the format says outright of it; a line that is
    `silent` stands in the text and is not spoken.
    """

    start: int
    end: int
    paragraph: int
    quotation: int | None = None
    part: Part | None = None
    heading: bool = False
    silent: bool = False


def lines(document: Document, found: Sequence[Quotation]) -> tuple[Line, ...]:
    """The lines of a document; together they are its text, and each that is spoken holds a word."""
    cut = [line for line in _cut(document, found) if line.start < line.end]
    return tuple(_tiled(document.text, _worded(document.text, cut)))


def _cut(document: Document, found: Sequence[Quotation]) -> Iterator[Line]:
    headings = {heading.start for heading in document.headings}
    within: dict[int, list[int]] = {}
    for index, quotation in enumerate(found):
        within.setdefault(quotation.paragraph, []).append(index)
    said = [part for part in document.parts if part.kind in ("speech", "narration", "direction")]
    at = 0
    for index, here in enumerate(document.paragraphs):
        while at < len(said) and said[at].end <= here.start:
            at += 1
        if here.start in headings:
            yield Line(here.start, here.end, index, heading=True)
        elif is_break(document.text[here.start : here.end]):
            yield Line(here.start, here.end, index, silent=True)
        elif document.attributed:
            yield from _of_parts(document.text, index, here, said[at:])
        else:
            yield from _of_prose(document, index, here, found, within.get(index, ()))


def _of_parts(text: str, index: int, here: Paragraph, said: Sequence[Part]) -> Iterator[Line]:
    """The lines of a paragraph of a play: its parts, and what stands between them."""
    at = here.start
    for part in said:
        if part.start >= here.end:
            break
        start, end = max(at, part.start), min(part.end, here.end)
        yield from _narration(text, index, at, start)
        yield Line(start, end, index, part=part, silent=part.kind == "direction")
        at = end
    yield from _narration(text, index, at, here.end)


def _of_prose(
    document: Document, index: int, here: Paragraph, found: Sequence[Quotation], within: Sequence[int]
) -> Iterator[Line]:
    stops = [part.start for part in document.parts if here.start < part.start < here.end]
    at = here.start
    for number in within:
        yield from _stretch(document.text, index, at, found[number].start, stops)
        yield Line(found[number].start, found[number].end, index, number)
        at = found[number].end
    yield from _stretch(document.text, index, at, here.end, stops)


def _stretch(text: str, index: int, start: int, end: int, stops: Sequence[int]) -> Iterator[Line]:
    """Narration, cut where the format puts something between its words."""
    for stop in stops:
        if start < stop < end:
            yield from _narration(text, index, start, stop)
            start = stop
    yield from _narration(text, index, start, end)


def _narration(text: str, index: int, start: int, end: int) -> Iterator[Line]:
    """Narration, cut at the ends of sentences where it is long."""
    while end - start > LONGEST:
        stop = max((match.end() for match in SENTENCE_END.finditer(text, start, start + LONGEST)), default=0)
        if not stop:
            match = SENTENCE_END.search(text, start + LONGEST, end)
            stop = match.end() if match else end
        if end - stop < LONGEST // 6:
            break
        yield Line(start, stop, index)
        start = stop
    yield Line(start, end, index)


def _worded(text: str, cut: Sequence[Line]) -> list[Line]:
    """The lines that hold a word; what holds none goes to the line before it, or to the first one after."""
    kept: list[Line] = []
    waiting: int | None = None
    for line in cut:
        if line.silent or has_words(text[line.start : line.end]):
            kept.append(line if waiting is None else replace(line, start=waiting))
            waiting = None
        elif kept:
            kept[-1] = replace(kept[-1], end=line.end)
        elif waiting is None:
            waiting = line.start
    return kept


def _tiled(text: str, kept: Sequence[Line]) -> Iterator[Line]:
    """The lines with the white space that follows each, the first also with what stands before it."""
    starts = [0, *(line.start for line in kept[1:]), len(text)]
    for line, start, end in zip(kept, starts, starts[1:], strict=False):
        yield replace(line, start=start, end=end)
