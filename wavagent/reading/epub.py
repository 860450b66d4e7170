"""EPUB 2 and 3: the pages in reading order, with the chapters that the table of contents names."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from wavagent.errors import InputError
from wavagent.reading.archive import Archive
from wavagent.reading.contents import Entry
from wavagent.reading.document import Document, Heading, Manuscript
from wavagent.reading.draft import Draft
from wavagent.reading.encoding import decode, looks_like
from wavagent.reading.html import parse_html
from wavagent.reading.package import open_package
from wavagent.reading.page import Page
from wavagent.reading.xml import Malformed, parse

Places = Mapping[tuple[str, str], int]
"""Offsets in the text by path and id; the id is empty where the page begins."""


def is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_epub(manuscript: Manuscript) -> Document:
    """An EPUB 2 or 3 without DRM. Raises InputError."""
    if not is_zip(manuscript.data):
        what = looks_like(manuscript.data) or "something else"
        raise InputError(f"'{manuscript.name}' is called an EPUB but is {what}; give the EPUB itself")
    archive = Archive(manuscript.data, manuscript.name)
    package = open_package(archive)
    draft = Draft(manuscript, package.title, package.author, package.language, package.cover)
    left_out = Counter(package.left_out)
    broken = 0
    places: dict[tuple[str, str], int] = {}
    for path in package.spine:
        page = Page(draft)
        places[path, ""] = draft.length
        broken += _turn(archive.read(path), archive.name, page)
        left_out.update(page.left_out)
        places |= {(path, mark.id): mark.offset for mark in page.marks}
    draft.notes += [f"left out: {what} ({count})" for what, count in left_out.items() if count]
    if broken:
        draft.notes.append(f"pages with broken markup, read as far as they go: {broken}")
    draft.headings[:] = _headings(draft, package.contents, places)
    return draft.document()


def _turn(data: bytes, name: str, page: Page) -> bool:
    """Reads a page, and says whether its markup was broken."""
    try:
        # a first pass for nothing but faults: a page must not be half read twice
        parse(data, name, _Nobody())
    except Malformed:
        parse_html(decode(data, name)[0], page)
        page.close()
        return True
    parse(data, name, page)
    page.close()
    return False


class _Nobody:
    """Listens to nothing."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


def _headings(draft: Draft, contents: Sequence[Entry], places: Places) -> Iterator[Heading]:
    """The headings of the pages, with the levels of the table of contents, and the chapters that only that names."""
    text = "".join(draft.pieces)
    named = dict(_named(text, draft.headings, contents, places))
    starts = sorted(named)
    for heading in draft.headings:
        if heading.start in named:
            continue
        before = bisect_left(starts, heading.start) - 1
        level = named[starts[before]].level + 1 if before >= 0 else heading.level
        named[heading.start] = replace(heading, level=min(6, level))
    return iter(sorted(named.values(), key=lambda heading: heading.start))


def _named(
    text: str, headings: Sequence[Heading], contents: Sequence[Entry], places: Places
) -> Iterator[tuple[int, Heading]]:
    """The chapters of the table of contents where they begin; on the same spot the first, outermost one wins."""
    starts = [heading.start for heading in headings]
    seen: set[int] = set()
    for entry in contents:
        place = places.get((entry.path, entry.fragment), places.get((entry.path, "")))
        if place is None:
            continue
        place += len(text[place : place + 2]) - len(text[place : place + 2].lstrip("\n"))
        found = _own(text, headings, bisect_left(starts, place), place, entry.label)
        heading = found or Heading(place, place, 1, entry.label)
        if place < len(text) and heading.start not in seen:
            seen.add(heading.start)
            yield heading.start, replace(heading, level=min(6, entry.level))


def _own(text: str, headings: Sequence[Heading], index: int, place: int, label: str) -> Heading | None:
    """The heading of the page that a line of the contents means: it stands there, or soon after and says the same."""
    for heading in headings[index : index + 2]:
        if not text[place : heading.start].strip() or (
            heading.start < place + 400 and _plain(heading.title) == _plain(label)
        ):
            return heading
    return None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
