"""The table of contents of an EPUB: EPUB 3's navigation document, or EPUB 2's NCX."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from wavagent.errors import InputError
from wavagent.reading.archive import Archive
from wavagent.reading.xml import tree

_MOST_CHAPTERS = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the book."""

    path: str
    media: str
    properties: frozenset[str]
    fallback: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: where it leads, what it says, how deep it stands (1: outermost)."""

    path: str
    fragment: str
    label: str
    level: int


def contents(root: Element, items: Mapping[str, Item], archive: Archive) -> tuple[Entry, ...]:
    """The table of contents, from EPUB 3's navigation document or else EPUB 2's NCX."""
    nav = next((item.path for item in items.values() if "nav" in item.properties), "")
    spine = next(root.iter("spine"), None)
    ncx = items.get(spine.get("toc", "")) if spine is not None else None
    ncx = ncx or next((item for item in items.values() if item.media == "application/x-dtbncx+xml"), None)
    try:
        entries = _from_nav(tree(archive.read(nav), archive.name), nav) if nav in archive else []
        if not entries and ncx is not None and ncx.path in archive:
            entries = _from_ncx(tree(archive.read(ncx.path), archive.name), ncx.path)
    except InputError:  # a broken table of contents costs the chapters' names, not the book
        return ()
    return tuple(entries[:_MOST_CHAPTERS])


def _from_nav(root: Element, path: str) -> list[Entry]:
    nav = next((nav for nav in root.iter("nav") if "toc" in nav.get("epub:type", "toc").split()), None)
    base = posixpath.dirname(path)
    entries: list[Entry] = []
    waiting = [(nav, 0)] if nav is not None else []
    while waiting:
        element, level = waiting.pop()
        if element.tag == "a" and element.get("href") and words(element):
            target, fragment = resolve(base, element.get("href", ""))
            entries.append(Entry(target or path, fragment, words(element), max(1, level)))
        deeper = level + (element.tag == "ol")
        waiting += [(child, deeper) for child in reversed(element)]
    return entries


def _from_ncx(root: Element, path: str) -> list[Entry]:
    base = posixpath.dirname(path)
    entries: list[Entry] = []
    waiting = [(child, 1) for map in root.iter("navmap") for child in reversed(map)]
    while waiting:
        point, level = waiting.pop()
        if point.tag != "navpoint":
            continue
        label = next((words(label) for label in point if label.tag == "navlabel"), "")
        content = next((child.get("src", "") for child in point if child.tag == "content"), "")
        if label and content:
            entries.append(Entry(*resolve(base, content), label, level))
        waiting += [(child, level + 1) for child in reversed(point)]
    return entries


def resolve(base: str, href: str) -> tuple[str, str]:
    """The path in the archive and the fragment that `href` leads to; the path is empty when it leads elsewhere."""
    target, _, fragment = href.strip().partition("#")
    target = unquote(target.partition("?")[0])
    if "://" in href.partition("/")[0] + "//" or ":" in target.partition("/")[0]:
        return "", ""
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
    path = posixpath.normpath("/" + joined).lstrip("/") if target else ""
    return path, unquote(fragment)


def words(element: Element) -> str:
    """The text in and under an element, on one line."""
    return " ".join("".join(element.itertext()).split())
