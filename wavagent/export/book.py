"""A book with media overlays read back: its sound, and whether text and sound fit together as EPUB 3.3 asks.

https://www.w3.org/TR/epub-33/#sec-media-overlays. What is in the file is data: XML without entities, names that stay
inside the book, nothing unpacked that is much larger than it was packed.
"""

import posixpath
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urldefrag
from xml.etree.ElementTree import Element

from wavagent.errors import InputError
from wavagent.export.check import Check, at_most, number, yes
from wavagent.reading.xml import tree

SOUNDS = ("audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus")
"""Kinds of sound that every reading system knows."""

TOLERANCE = 0.1
"""Seconds that clips may leave of their sound, and an overlay's own length may be off."""

LARGEST_TEXT, HIGHEST_RATIO = 64 * 2**20, 150
"""Bytes of a page, and how much smaller than its content anything may be packed."""

_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)(h|min|s|ms)?")
_UNITS = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001, None: 1.0}


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a sound, in seconds, and the element of a page that it speaks. Paths are inside the book."""

    page: str
    fragment: str
    sound: str
    begin: float
    end: float


@dataclass(frozen=True)
class Book:
    """The pages of a book in reading order, the ids on each in document order, and the overlays of those that have one.

    `lengths` are what the package says the overlays last, by page, and `total` all of them; None where it does not.
    """

    path: Path
    mimetype_first: bool
    pages: Mapping[str, tuple[str, ...]]
    overlays: Mapping[str, tuple[Clip, ...]]
    lengths: Mapping[str, float]
    total: float | None
    types: Mapping[str, str]  # of every file, as the manifest names them

    @property
    def clips(self) -> tuple[Clip, ...]:
        return tuple(clip for page in self.pages for clip in self.overlays.get(page, ()))

    @property
    def sounds(self) -> tuple[str, ...]:
        """The files with sound, in the order in which they are first heard."""
        return tuple(dict.fromkeys(clip.sound for clip in self.clips))

    @contextmanager
    def unpacked(self) -> Iterator[list[Path]]:
        """The sounds as files, until the block ends. Raises InputError for one that is not there."""
        with _opened(self.path) as book, TemporaryDirectory() as folder:
            found = []
            for number, name in enumerate(self.sounds):
                found.append(Path(folder) / f"{number}{posixpath.splitext(name)[1]}")
                with _entry(book, name, self.path) as packed, found[-1].open("wb") as file:
                    shutil.copyfileobj(packed, file, 2**20)
            yield found


def read_book(path: Path) -> Book:
    """The book in the EPUB file `path`. Raises InputError when it is none, damaged, or nothing in it is read aloud."""
    with _opened(path) as book:
        container = _tree(book, "META-INF/container.xml", path)
        opf = next((root.get("full-path", "") for root in container.iter("rootfile")), "")
        package = _tree(book, opf, path)
        items = {item.get("id", ""): item for item in package.iter("item")}
        hrefs = {id: _inside(opf, item.get("href", "")) for id, item in items.items()}
        spine = [ref.get("idref", "") for ref in package.iter("itemref") if ref.get("idref", "") in items]
        spoken = {id: items[id].get("media-overlay", "") for id in spine}
        lengths = _lengths(package)
        found = Book(
            path,
            _mimetype_first(book),
            {hrefs[id]: _ids(_tree(book, hrefs[id], path)) for id in spine},
            {hrefs[id]: tuple(_clips(book, hrefs[over], path)) for id, over in spoken.items() if over in hrefs},
            {hrefs[id]: lengths[f"#{over}"] for id, over in spoken.items() if f"#{over}" in lengths},
            lengths.get(""),
            {hrefs[id]: item.get("media-type", "") for id, item in items.items()},
        )
    if not found.clips:
        raise InputError(f"'{path}' is a book that nobody reads aloud; give one with media overlays")
    return found


def rules(book: Book, lengths: Sequence[float]) -> Iterator[Check]:
    """What EPUB asks of `book`, whose sounds last so many seconds each, as far as it can be seen without a reader."""
    clips, last = book.clips, dict(zip(book.sounds, lengths, strict=True))
    yield yes("mimetype first, not packed", book.mimetype_first)
    kinds = sorted({book.types.get(name, "not in the manifest") for name in book.sounds})
    yield Check("sound files", ", ".join(kinds), "MP3, MP4 or Ogg Opus", all(kind in SOUNDS for kind in kinds))
    yield _named("clips empty or out of order", _disordered(clips))
    yield _named("clips past their sound's end", [c for c in clips if c.end > last[c.sound] + TOLERANCE])
    yield _named("texts lost or out of order", _lost(book))
    spoken = sum(clip.end - clip.begin for clip in clips)
    yield at_most("sound that no text goes with", round(abs(sum(lengths) - spoken), 3), TOLERANCE, "s")
    parts = sum(book.lengths.values())
    declared = abs(book.total - parts) if book.total is not None else float("inf")
    yield at_most("book's length off by", round(declared, 3), 1.0, "s")
    yield at_most("overlays' lengths off by", round(abs(parts - spoken), 3), TOLERANCE, "s")


def _named(name: str, wrong: Sequence[Clip]) -> Check:
    first = f", first {wrong[0].page}#{wrong[0].fragment} at {number(wrong[0].begin)} s" if wrong else ""
    return Check(name, f"{len(wrong)}{first}", "0", not wrong)


def _disordered(clips: Sequence[Clip]) -> list[Clip]:
    """Clips that end before they begin, or begin before the one before them in the same sound has ended."""
    ends: dict[str, float] = {}
    wrong = []
    for clip in clips:
        if clip.end <= clip.begin or clip.begin < ends.get(clip.sound, 0.0) - 1e-6:
            wrong.append(clip)
        ends[clip.sound] = max(ends.get(clip.sound, 0.0), clip.end)
    return wrong


def _lost(book: Book) -> list[Clip]:
    """Clips whose text is not on its page, or stands before that of the clip before."""
    places = {(page, id): at for page, ids in book.pages.items() for at, id in enumerate(ids)}
    wrong, before = [], ("", -1)
    for clip in book.clips:
        at = places.get((clip.page, clip.fragment), -1)
        if at < 0 or (clip.page == before[0] and at < before[1]):
            wrong.append(clip)
        before = (clip.page, at)
    return wrong


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as book:
            yield book
    except FileNotFoundError:
        raise InputError(f"there is no file '{path}'; check the name") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError(f"'{path}' is no EPUB, or damaged ({error}); give one that opens") from error


def _entry(book: zipfile.ZipFile, name: str, path: Path) -> "zipfile.ZipExtFile":
    try:
        entry = book.getinfo(name)
    except KeyError:
        raise InputError(f"'{path}' speaks of '{name}', which is not in it; make the book again") from None
    if entry.file_size > 2**20 and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
        raise InputError(f"'{name}' in '{path}' is packed as bombs are; give another book")
    return book.open(entry)  # type: ignore[return-value]


def _tree(book: zipfile.ZipFile, name: str, path: Path) -> Element:
    with _entry(book, name, path) as file:
        data = file.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        raise InputError(f"'{name}' in '{path}' is larger than {LARGEST_TEXT} bytes; give another book")
    return tree(data, name)


def _mimetype_first(book: zipfile.ZipFile) -> bool:
    first = next(iter(book.infolist()), None)
    return first is not None and first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED


def _lengths(package: Element) -> dict[str, float]:
    """What the package says overlays last, by '#id'; '' is the whole book."""
    said = (meta for meta in package.iter("meta") if meta.get("property") == "media:duration")
    return {meta.get("refines", ""): seconds(meta.text or "") for meta in said}


def _ids(page: Element) -> tuple[str, ...]:
    return tuple(id for element in page.iter() if (id := element.get("id")))


def _clips(book: zipfile.ZipFile, overlay: str, path: Path) -> Iterator[Clip]:
    for pair in _tree(book, overlay, path).iter("par"):
        text, sound = pair.find("text"), pair.find("audio")
        if text is not None and sound is not None:
            page, fragment = urldefrag(text.get("src", ""))
            yield Clip(
                _inside(overlay, page),
                unquote(fragment),
                _inside(overlay, sound.get("src", "")),
                seconds(sound.get("clipBegin", "0s")),
                seconds(sound.get("clipEnd", "")),
            )


def _inside(base: str, href: str) -> str:
    """The path in the book of what the file `base` calls `href`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))


def seconds(clock: str) -> float:
    """A SMIL clock value, as 1:02:03.5, 02:03.5, 12.5s, 500ms, 2min, 1h or 12.5, in seconds. Raises InputError."""
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        raise InputError(f"'{clock}' is no time as media overlays write it; it should be as 12.5s or 1:02:03.5")
    hours, minutes, rest, count, unit = match.groups()
    if count is not None:
        return float(count) * _UNITS[unit]
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(rest)
