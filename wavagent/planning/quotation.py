"""Quotations: the stretches of a text in which somebody else than the narrator speaks, thinks or writes."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from wavagent.planning.dash import opens_with_dash, runs_on, said_in, speeches
from wavagent.planning.marks import DASHED, Marks, marks_of
from wavagent.planning.words import lexicon
from wavagent.planning.words.dashes import INLINE, OPENING
from wavagent.reading.document import Paragraph
from wavagent.text import words

_NAMED = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:called|named|entitled|termed|dubbed)$", re.IGNORECASE)
"""What leads to a name and not to somebody's words: he was called “Jim”."""

_SCARE_WORDS = 4
"""A quotation of at most so many words, inside a sentence, is a title or a word held at arm's length."""

_FEW = 4
"""Paragraphs with a dash that may stand in any English text."""
_BESIDE = 40
"""Characters beside a quotation that tell whether somebody says it."""
_LONGEST = 5000
"""Characters after which an apostrophe closes no quotation any more."""

_ELIDED = re.compile(r"(?:tis|twas|twere|twill|em|im|is|er|e|ere|un|cause|bout|til|till|cos|ow|ome|and|ad|alf)\b", re.I)
"""What follows an apostrophe that opens no quotation: 'tis, 'em, 'ere."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters `start` to `end` of the text with the marks, `first` to `last` without them.

    `paragraph` is the index of its paragraph. `continues`: its paragraph goes on with the quotation that the
    paragraph before left open, so the speaker is the same.
    """

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    continues: bool = False


def quotations(text: str, language: str, parts: Sequence[Paragraph]) -> tuple[Quotation, ...]:
    """Every quotation of direct speech in the paragraphs `parts` of `text`, in order; they do not overlap.

    One that no mark closes ends with its paragraph: a typing error spoils a paragraph, never a chapter.
    """
    marks = marks_of(text, language)
    dashes = has_dashes(text, language, parts, marks)
    saying = lexicon(language).saying - lexicon(language).writing
    inline = dashes and runs_on(text, parts)
    found: list[Quotation] = []
    left_open: Marks | None = None
    for index, part in enumerate(parts):
        here, left_open = _of_paragraph(text, index, part, marks, left_open)
        spoken = [
            one for whole in here if is_speech(text, part, whole, saying) for one in _broken(text, whole, language)
        ]
        said = [_dashed(text, index, span) for span in speeches(text, part, language, inline)] if dashes else []
        found += _joined(spoken, said)
    return tuple(found)


def has_dashes(text: str, language: str, parts: Sequence[Paragraph], marks: Sequence[Marks]) -> bool:
    """Whether a dash opens direct speech in `text`; where that is not the usual way, more dashes than marks must."""
    opening = sum(opens_with_dash(text, part) for part in parts)
    if language[:2] in DASHED:
        return opening > 0 or INLINE.search(text) is not None
    marked = sum(text.count(way.opens) for way in marks if not way.apostrophe)
    return opening > max(_FEW, marked)


def _word(text: str, at: int) -> str:
    found = text.lower().split()
    return found[at].strip(",.;:!?") if found else ""


def _dashed(text: str, index: int, span: tuple[int, int]) -> Quotation:
    start, end = span
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    opening = OPENING.match(text, start, end)
    return Quotation(start, end, opening.end() if opening else start, end, index)


def _broken(text: str, whole: Quotation, language: str) -> Iterator[Quotation]:
    """A quotation, in pieces where the narrator breaks into it."""
    pieces = said_in(text, whole.first, whole.last, language)
    for index, (first, last) in enumerate(pieces):
        start = whole.start if index == 0 else first
        end = whole.end if index == len(pieces) - 1 and last == whole.last else last
        yield replace(whole, start=start, end=end, first=first, last=last, continues=whole.continues and index == 0)


def _joined(marked: Sequence[Quotation], dashed: Sequence[Quotation]) -> list[Quotation]:
    """Both kinds in order; marks inside a speech that a dash opens are somebody quoted, those at its start its own."""
    opened = {one.start for one in marked}
    dashed = [one for one in dashed if one.first not in opened]
    apart = [one for one in marked if not any(other.start < one.end and one.start < other.end for other in dashed)]
    return sorted([*apart, *dashed], key=lambda quotation: quotation.start)


def _of_paragraph(
    text: str, index: int, part: Paragraph, marks: Sequence[Marks], left_open: Marks | None
) -> tuple[list[Quotation], Marks | None]:
    """The quotations of a paragraph, and the marks of the one that it leaves open."""
    found: list[Quotation] = []
    at = part.start
    while opening := _opening(text, at, part, marks):
        start, way = opening
        close = _closing(text, start + 1, part, way)
        end = part.end if close is None else close + 1
        last = part.end if close is None else close
        continues = way == left_open and start == part.start
        found.append(Quotation(start, end, start + 1, last, index, continues))
        if close is None:
            return found, way
        at = end
    return found, None


def _opening(text: str, at: int, part: Paragraph, marks: Sequence[Marks]) -> tuple[int, Marks] | None:
    """The first opening mark at or after `at`, and which marks it belongs to."""
    signs = {way.opens: way for way in marks}
    if not signs:
        return None
    for match in re.compile(f"[{re.escape(''.join(signs))}]").finditer(text, at, part.end):
        if _may_open(text, match.start(), part, signs[match.group()]):
            return match.start(), signs[match.group()]
    return None


def _may_open(text: str, at: int, part: Paragraph, way: Marks) -> bool:
    after = text[at + 1 : at + 2]
    if not after or at + 1 >= part.end:
        return False
    if not (way.straight or way.apostrophe):
        return True
    before = text[at - 1] if at > part.start else " "
    if before.isalnum() or (way.straight and after.isspace() and not before.isspace()):
        return False
    return not (way.opens == "'" and _ELIDED.match(text, at + 1))


def _closing(text: str, at: int, part: Paragraph, way: Marks) -> int | None:
    """Where the quotation opened before `at` closes; None: nowhere in this paragraph."""
    if way.apostrophe:
        return _closing_apostrophe(text, at, part, way)
    depth = 0
    for match in re.compile(f"[{re.escape(way.opens + way.closes)}]").finditer(text, at, part.end):
        if match.group() not in way.closes:
            depth += way.opens in "«「『"
        elif depth:
            depth -= 1
        else:
            return match.start()
    return None


def _closing_apostrophe(text: str, at: int, part: Paragraph, way: Marks) -> int | None:
    """A mark after punctuation closes; one after a letter may be the apostrophe of a plural or a clipped word."""
    weak: int | None = None
    for match in re.compile(f"[{way.closes}{way.opens}]").finditer(text, at, min(part.end, at + _LONGEST)):
        here = match.start()
        before, after = text[here - 1], text[here + 1 : here + 2]
        if after.isalnum():
            if match.group() == way.opens != way.closes:
                break
            continue
        if not before.isalnum():
            return here
        weak = here if weak is None else weak
    return weak


def is_speech(text: str, part: Paragraph, quotation: Quotation, saying: Container[str]) -> bool:
    """Whether somebody says it: not a title, not a word that the narrator holds at arm's length.

    `saying` are verbs that say so where they stand right beside it.
    """
    inner = text[quotation.first : quotation.last]
    count = len(words(inner[: 10 * _BESIDE]))
    if not count:
        return False
    if quotation.start == part.start or count > _SCARE_WORDS:
        return True
    before = text[max(part.start, quotation.start - _BESIDE) : quotation.start].rstrip()
    after = text[quotation.end : min(part.end, quotation.end + _BESIDE)].lstrip()
    if _NAMED.search(before):
        return False
    if _word(before, -1) in saying or _word(after, 0) in saying:
        return True
    ends = inner.rstrip()[-1:]
    if before[-1:] in ",.;:!?—–-”\"’'»" or (ends in "!?" and not after[:1].islower()):
        return True
    return ends in ",!?" and inner.lstrip()[:1].isupper()
