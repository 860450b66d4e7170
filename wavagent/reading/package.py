"""An EPUB as its package file describes it: what is read in which order, and what the chapters are called."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from wavagent.errors import InputError
from wavagent.reading.archive import Archive
from wavagent.reading.contents import Entry, Item, contents, resolve, words
from wavagent.reading.xml import tree

_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways to hide a font that lock nothing else."""
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document", "image/svg+xml")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
_LARGEST_COVER = 16 * 2**20


@dataclass(frozen=True)
class Package:
    """What the package says; `spine` are the paths of the pages in reading order."""

    title: str
    author: str
    language: str
    spine: tuple[str, ...]
    contents: tuple[Entry, ...]
    cover: bytes | None
    left_out: Mapping[str, int]


def open_package(archive: Archive) -> Package:
    """The package of an EPUB 2 or 3. Raises InputError."""
    _check_container(archive)
    path = _root(archive)
    root = tree(archive.read(path), archive.name)
    base = posixpath.dirname(path)
    items = {
        item.get("id", ""): Item(
            resolve(base, item.get("href", ""))[0],
            item.get("media-type", "").strip().lower(),
            frozenset(item.get("properties", "").split()),
            item.get("fallback", ""),
        )
        for item in root.iter("item")
    }
    spine, left_out = _spine(root, items, archive)
    return Package(
        title=_title(root),
        author=", ".join(dict.fromkeys(filter(None, map(words, _creators(root))))),
        language=next((words(tag) for tag in root.iter("language")), ""),
        spine=spine,
        contents=contents(root, items, archive),
        cover=_cover(root, items, archive),
        left_out=left_out,
    )


def _check_container(archive: Archive) -> None:
    mark = archive.entry("mimetype")
    if mark is not None and mark.extra:
        raise InputError(
            f"'{archive.name}' has an extra field on its mimetype entry, which EPUB forbids; "
            "pack it again with `zip -X0 book.epub mimetype && zip -Xr9 book.epub . -x mimetype`"
        )
    if _is_locked(archive):
        raise InputError(f"'{archive.name}' is locked (DRM); get a copy without it")


def _is_locked(archive: Archive) -> bool:
    if "META-INF/encryption.xml" not in archive:
        return False
    root = tree(archive.read("META-INF/encryption.xml"), archive.name)
    return any(
        method.get("Algorithm", "") not in _OBFUSCATION
        for data in root.iter("encrypteddata")
        for method in data.iter("encryptionmethod")
    )


def _root(archive: Archive) -> str:
    """The path of the package file; of several renditions, the first."""
    if "META-INF/container.xml" not in archive:
        raise InputError(f"'{archive.name}' is a ZIP archive but no EPUB; give the story file that is in it")
    container = tree(archive.read("META-INF/container.xml"), archive.name)
    for found in container.iter("rootfile"):
        path = resolve("", found.get("full-path", ""))[0]
        if path in archive:
            return path
    raise InputError(f"'{archive.name}' names no package file that it holds; get the file again")


def _spine(root: Element, items: dict[str, Item], archive: Archive) -> tuple[tuple[str, ...], dict[str, int]]:
    """The paths of the pages in order, and how many were passed over, and why."""
    paths: dict[str, None] = {}
    counts = {"pages outside the reading order": 0, "pages that are not there": 0, "pages that are no text": 0}
    for reference in root.iter("itemref"):
        item = _page(reference.get("idref", ""), items)
        if reference.get("linear", "").strip().lower() == "no":
            counts["pages outside the reading order"] += 1
        elif item is None:
            counts["pages that are no text"] += 1
        elif item.path not in archive:
            counts["pages that are not there"] += 1
        else:
            paths[item.path] = None
    return tuple(paths), counts


def _page(id: str, items: dict[str, Item]) -> Item | None:
    """The item, or the one of its fallbacks that can be read."""
    for _ in range(10):
        item = items.get(id)
        if item is None or item.media in _PAGES:
            return item
        id = item.fallback
    return None


def _title(root: Element) -> str:
    """The main title where the package says which that is, else the first."""
    titles = [element for element in root.iter("title") if words(element)]
    main = {meta.get("refines", "")[1:] for meta in root.iter("meta") if words(meta) == "main"}
    return words(next((title for title in titles if title.get("id") in main), titles[0])) if titles else ""


def _creators(root: Element) -> list[Element]:
    """The authors: creators whose role, where one is given, is to have written."""
    roles: dict[str, set[str]] = {}
    for meta in root.iter("meta"):
        if meta.get("property") == "role":
            roles.setdefault(meta.get("refines", "")[1:], set()).add(words(meta))
    wrote = {"aut"}
    return [
        creator
        for creator in root.iter("creator")
        if wrote & ({creator.get("role", "")} - {""} or roles.get(creator.get("id", ""), wrote))
    ]


def _cover(root: Element, items: dict[str, Item], archive: Archive) -> bytes | None:
    named = next((meta.get("content", "") for meta in root.iter("meta") if meta.get("name") == "cover"), "")
    item = next((item for item in items.values() if "cover-image" in item.properties), items.get(named))
    entry = archive.entry(item.path) if item is not None else None
    if entry is None or entry.file_size > _LARGEST_COVER:
        return None
    try:
        data = archive.read(entry.filename)
    except InputError:
        return None
    return data if data.startswith(_IMAGES) else None
