"""Headings of plain text: what stands alone, is short, and says chapter or looks like a title."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wavagent.reading.chapter import RANKS, Rank, Said, bare_number, chapter, numbered_title
from wavagent.reading.document import Heading
from wavagent.reading.draft import title_of
from wavagent.reading.paragraphs import is_break, paragraphs

_MARKED = re.compile(r"([#=_*])(?=\S)(?!.*\1.*\1)(?P<rest>.*\S)\1")
_NO_HEADING = re.compile(
    r"the end|end of .{1,60}|fin|ende|finis|конец|contents|table of contents|índice|indice|"
    r"inhalt(?:sverzeichnis)?|table des matières|оглавление|содержание|目录|目次|by|von|par|de|illustrations?|"
    r".*(?:copyright|©|verlag|printed|published|publish|press|gedruckt|éditeur|imprimerie|all rights).*",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"[\"“”„«»‘「『—–\-…(\[]")
_CLOSED = re.compile(r"[.!?…,;:。！？，；：][\"'”’»」』)_]*$")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that stands alone; `before` and `after` count the blank lines around it."""

    start: int
    end: int
    text: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class _Found:
    line: _Line
    rank: Rank
    number: int = 0
    full: bool = True
    """Whether it has a title of its own, so that the next line is none."""


def headings(text: str, title: str = "", author: str = "") -> tuple[Heading, ...]:
    """The headings of a plain text, levels by rank; title and author are the work's, where a header said them."""
    by = _plain(author)
    alone = [line for line in _alone(text) if not by or _plain(line.text) != by]
    found = [candidate for line in alone if (candidate := _candidate(line)) is not None]
    found = _in_sequence(found)
    if (first := _title(text, alone, found, title)) is not None:
        found = [first, *(candidate for candidate in found if candidate.line.start > first.line.start)]
    found = _with_prose(text, found)
    spans = [(_span(candidate, alone), candidate.rank) for candidate in found]
    levels = {
        rank: level for level, rank in enumerate((rank for rank in RANKS if rank in {r for _, r in spans}), start=1)
    }
    return tuple(
        Heading(start, end, levels[rank], title_of(text[start:end])) for (start, end), rank in _disjoint(spans)
    )


def is_title(heading: str) -> bool:
    """Whether a heading can be a work's title: it is more than a number or a chapter's."""
    return bare_number(heading) is None and chapter(heading) is None


def _alone(text: str) -> Iterator[_Line]:
    """Every short paragraph, and every first line that says chapter, with the blank lines around it."""
    spans = paragraphs(text)
    for index, (start, end) in enumerate(spans):
        first = text.find("\n", start, end)
        if first >= 0 and not _is_titled(text[start:end]):
            if not _says_chapter(text[start:first]):
                continue
            end = first
        if end - start > 240 or (first < 0 and end - start > 140) or is_break(text[start:end]):
            continue
        previous = spans[index - 1][1] if index else 0
        following = spans[index + 1][0] if index + 1 < len(spans) else len(text)
        before = text.count("\n", previous, start) - 1 if index else 9
        after = text.count("\n", end, following) - 1 if end == spans[index][1] else 0
        yield _Line(start, end, text[start:end].strip(), before, after)


def _is_titled(block: str) -> bool:
    """Whether a paragraph of two or three lines is a chapter's number with its title under it."""
    first, *rest = (line.strip() for line in block[:300].split("\n"))
    title = " ".join(rest)
    return (
        len(rest) <= 2
        and (_says_chapter(first) or bare_number(first) is not None)
        and len(title) <= _LONGEST
        and not (_CLOSED.search(title) and not title.endswith("."))
        and not _SPEECH.match(title)
        and _has_capitals(title)
    )


def _says_chapter(line: str) -> bool:
    return len(line.strip()) <= 30 and chapter(line.strip()) is not None


def _has_capitals(line: str) -> bool:
    """Whether most words of more than three letters begin with a capital, as in a title."""
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words)


def _candidate(line: _Line) -> _Found | None:
    """The line as a heading, if it looks like one by itself."""
    first, _, second = line.text.partition("\n")
    if second:
        found = _candidate(replace(line, text=first.strip()))
        return replace(found, line=line, full=True) if found is not None else None
    bare = line.text.strip("_*=# \t\u3000")
    if not bare or _spaced(bare) or _NO_HEADING.fullmatch(bare) or _SPEECH.match(bare):
        return None
    said = _said(line)
    return _Found(line, said.rank, said.number, said.titled) if said is not None else _titled(line, bare)


def _said(line: _Line) -> Said | None:
    said = chapter(line.text)
    if said is not None and not (said.titled and _is_sentence(line.text)):
        return said
    if (said := bare_number(line.text)) is not None:
        return said
    return numbered_title(line.text) if line.before > 0 and not _CLOSED.search(line.text) else None


def _spaced(line: str) -> bool:
    """Whether letters stand apart, as on a title page: `K U R T  W O L F F`."""
    words = line.split()
    return len(words) > 3 and sum(len(word) == 1 for word in words) > 0.7 * len(words)


def _titled(line: _Line, bare: str) -> _Found | None:
    """A line that only its capitals or its marks make a heading: it must have more than the usual room around it."""
    if len(bare) > _LONGEST or line.before < 2 or line.after < 1 or re.search(r"[!?,;:…]$", bare):
        return None
    letters = [character for character in bare if character.isalpha()]
    if len(letters) >= 3 and all(character.isupper() for character in letters):
        return _Found(line, "capitals")
    return _Found(line, "marked") if _MARKED.fullmatch(line.text) and not _CLOSED.search(bare) else None


def _is_sentence(line: str) -> bool:
    """`Part of me wanted to go.` and `Book one was lost, he said` begin like headings, and are none."""
    words = line.split()
    small = sum(word[:1].islower() for word in words)
    return len(words) > 14 or (bool(_CLOSED.search(line)) and small > 2) or small > max(4, 0.6 * len(words))


def _in_sequence(found: Sequence[_Found]) -> list[_Found]:
    """Without the bare numbers that do not count up from one: page numbers, years, the pronoun I."""
    kept: list[_Found] = []
    last = 0
    for candidate in found:
        if candidate.rank == "number":
            if candidate.number not in (1, last + 1):
                continue
            last = candidate.number
        elif candidate.rank in ("title", "part", "chapter", "capitals"):
            last = 0
        kept.append(candidate)
    return kept


def _title(text: str, alone: Sequence[_Line], found: Sequence[_Found], known: str) -> _Found | None:
    """The first line, when it is short and nothing but a title; or the first that says the title known."""
    wanted = _plain(known)
    for line in alone[:12]:
        if wanted and _plain(line.text) == wanted:
            return _Found(line, "title")
    if not alone or text[: alone[0].start].strip() or any(c.line == alone[0] and c.rank != "capitals" for c in found):
        return None
    line = alone[0]
    short = len(line.text) <= _LONGEST and line.after > 0 and text[line.end :].strip()
    return _Found(line, "title") if short and not _CLOSED.search(line.text) and not _SPEECH.match(line.text) else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _with_prose(text: str, found: list[_Found]) -> list[_Found]:
    """Without those that only head another of their own rank: a table of contents, a title page."""
    while found:
        kept = [
            candidate
            for candidate, after in zip(found, [*found[1:], None], strict=True)
            if candidate.rank == "title"
            or after is None
            or RANKS.index(after.rank) > RANKS.index(candidate.rank)
            or text[candidate.line.end : after.line.start].strip()
        ]
        if len(kept) == len(found):
            break
        found = kept
    return found


def _span(candidate: _Found, alone: Sequence[_Line]) -> tuple[int, int]:
    """From the heading's line to the end of its title, where that stands on the next line."""
    line = candidate.line
    if candidate.full or candidate.rank == "number":
        return line.start, line.end
    index = bisect_right(alone, line.start, key=lambda other: other.start)
    if index < len(alone) and _is_subtitle(line, alone[index]):
        return line.start, alone[index].end
    return line.start, line.end


def _is_subtitle(line: _Line, after: _Line) -> bool:
    return bool(
        _has_capitals(after.text)
        and line.after <= 2
        and after.before == line.after
        and after.after > 0
        and len(after.text) <= _LONGEST
        and not _CLOSED.search(after.text)
        and not _SPEECH.match(after.text)
        and _candidate_rank(after) is None
    )


def _candidate_rank(line: _Line) -> Rank | None:
    found = _candidate(line)
    return found.rank if found is not None and found.rank not in ("capitals", "marked") else None


def _disjoint(spans: Sequence[tuple[tuple[int, int], Rank]]) -> Iterator[tuple[tuple[int, int], Rank]]:
    """Without those that are another's second line."""
    end = -1
    for span, rank in spans:
        if span[0] >= end:
            yield span, rank
            end = span[1]
