"""EPUB 3 with media overlays (https://www.w3.org/TR/epub-33/#sec-media-overlays): the text, read aloud as one reads.

A chapter is a page, an audio file and an overlay. The text on the pages is the source's to the character, white space
included. An overlay's clips follow each other without a gap, so that pauses, music and sounds are heard between lines.
A clip is a line, or if asked a word of it.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from wavagent.errors import OutputError
from wavagent.export import mp3
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.cover import mime
from wavagent.export.excerpt import excerpt
from wavagent.export.lit import Lit, lit
from wavagent.export.page import CHAPTER, CSS, body, page, xml_text
from wavagent.export.place import replacing
from wavagent.export.stream import require_sound
from wavagent.programme import Programme

MODIFIED = "1980-01-01T00:00:00Z"
"""EPUB wants a date; the same book is the same file, so it is none that passes."""

_NAMESPACE = uuid.UUID("b7f3a0ce-7c0f-5d8e-9a56-3f0a6a7f2b11")
_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


@dataclass(frozen=True)
class Part:
    """A chapter: its number from 1 on, its title, its frames of the programme, its text and when it is spoken.

    `times` are (stretch's number, first, last frame of the programme), contiguous over all of the chapter's frames.
    """

    number: int
    title: str
    start: int
    stop: int
    text: tuple[Lit, ...]
    times: tuple[tuple[int, int, int], ...]
    rate: int

    @property
    def name(self) -> str:
        return f"{self.number:03}"

    @property
    def milliseconds(self) -> int:
        """How long its clips last together, as they are written."""
        return self._at(self.stop) if self.times else 0

    def clips(self) -> Iterator[tuple[int, int, int]]:
        """(stretch's number, first, last millisecond of the chapter's audio)"""
        for number, first, last in self.times:
            if self._at(last) > self._at(first):
                yield number, self._at(first), self._at(last)

    def _at(self, frame: int) -> int:
        return (frame - self.start) * 1000 // self.rate


def write(programme: Programme, path: Path, coding: Coding = PLAIN) -> None:
    """Write `programme` to `path`. Raises OutputError, also when the programme does not say what it tells."""
    require_sound(programme)
    if not any(passage.text.strip() for passage in programme.passages):
        raise OutputError("the programme has no text, and an EPUB is made of text; export a script's story")
    parts = list(_parts(programme, tuple(lit(programme, coding.by_word))))
    with replacing(path) as fresh, ZipFile(fresh, "w") as book, TemporaryDirectory(prefix="wavagent-") as folder:
        _put(book, "mimetype", b"application/epub+zip", stored=True)
        _put(book, "META-INF/container.xml", _CONTAINER)
        _put(book, "EPUB/package.opf", _package(programme, parts))
        _put(book, "EPUB/nav.xhtml", _navigation(programme, parts))
        _put(book, "EPUB/style.css", CSS)
        if cover := programme.tags.cover:
            _put(book, _cover_name(cover), cover, stored=True)
        for part in parts:
            _put(book, f"EPUB/{part.name}.xhtml", page(part.title, programme.tags.language, body(part.text)))
            _put(book, f"EPUB/{part.name}.smil", _overlay(part))
        for part in parts:
            sound = Path(folder) / f"{part.name}.mp3"
            spoken = excerpt(programme, part.start, part.stop)
            tags = replace(programme.tags, title=part.title, album=programme.tags.title, cover=None)
            mp3.write(replace(spoken, tags=replace(tags, track=part.number, tracks=len(parts))), sound, coding)
            _put(book, f"EPUB/{part.name}.mp3", sound.read_bytes(), stored=True)


def _parts(programme: Programme, text: Iterable[Lit]) -> Iterator[Part]:
    """The chapters that have text; sound before the first or of one without belongs to its neighbour."""
    groups = list(_groups(programme, text))
    starts = [0, *(start for start, _, _ in groups[1:]), programme.frames]
    for number, (_, title, held) in enumerate(groups, 1):
        start, stop = starts[number - 1], starts[number]
        times = tuple(_times(held, start, stop))
        yield Part(number, title or programme.tags.title or "Untitled", start, stop, held, times, programme.rate)


def _groups(programme: Programme, text: Iterable[Lit]) -> Iterator[tuple[int, str, tuple[Lit, ...]]]:
    """The text by chapter, with its first frame and its title: each stretch belongs to where its cue sounds."""
    marks = [(round(mark.start * programme.rate), mark.title) for mark in programme.chapters] or [(0, "")]
    starts = {one.cue.id: one.start for one in programme.placed}
    held: list[Lit] = []
    at = 0
    for one in text:
        here = at
        while here + 1 < len(marks) and starts.get(one.cue, -1) >= marks[here + 1][0]:
            here += 1
        if here != at and any(other.text.strip() for other in held):
            yield *marks[at], tuple(held)
            held = []
        at = here
        held.append(one)
    yield *marks[at], tuple(held)


def _times(text: Iterable[Lit], start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """When each stretch is spoken, in order: from its first word to that of the next."""
    found: list[tuple[int, int]] = []
    for number, one in enumerate(text):
        if one.frame is not None and one.text.strip() and (not found or one.frame > found[-1][1]):
            found.append((number, one.frame))
    for index, (number, first) in enumerate(found):
        yield number, first if index else start, found[index + 1][1] if index + 1 < len(found) else stop


def _overlay(part: Part) -> str:
    clips = "\n".join(
        f'<par id="p{number}"><text src="{part.name}.xhtml#t{number}"/>'
        f'<audio src="{part.name}.mp3" clipBegin="{_clock(first)}" clipEnd="{_clock(last)}"/></par>'
        for number, first, last in part.clips()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0"><body>'
        f'<seq id="s" epub:textref="{part.name}.xhtml#{CHAPTER}" epub:type="chapter">\n{clips}\n</seq></body></smil>\n'
    )


def _clock(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}s"


def _package(programme: Programme, parts: list[Part]) -> str:
    tags = programme.tags
    seed = "\x1f".join((tags.title, tags.author, *(passage.text for passage in programme.passages)))
    said = [f'<dc:identifier id="id">urn:uuid:{uuid.uuid5(_NAMESPACE, seed)}</dc:identifier>']
    said += [f"<dc:title>{xml_text(tags.title.strip() or 'Untitled')}</dc:title>"]
    said += [f"<dc:language>{xml_text(tags.language)}</dc:language>"]
    said += [f"<dc:creator>{xml_text(tags.author)}</dc:creator>"] * bool(tags.author.strip())
    said += [f"<dc:description>{xml_text(tags.comment)}</dc:description>"] * bool(tags.comment.strip())
    told = {
        "dcterms:modified": MODIFIED,
        "media:duration": _clock(sum(part.milliseconds for part in parts)),
        "media:narrator": tags.narrator.strip(),
        "media:active-class": "-epub-media-overlay-active",
        "media:playback-active-class": "-epub-media-overlay-playing",
        "schema:accessMode": "textual",
        "schema:accessibilityFeature": "synchronizedAudioText",
        "schema:accessibilityHazard": "none",
    }
    said += [f'<meta property="{name}">{xml_text(value)}</meta>' for name, value in told.items() if value]
    said += [
        f'<meta property="media:duration" refines="#s{part.name}">{_clock(part.milliseconds)}</meta>' for part in parts
    ]
    items = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="css" href="style.css" media-type="text/css"/>',
    ]
    if cover := tags.cover:
        name = _cover_name(cover).removeprefix("EPUB/")
        items.append(f'<item id="cover" href="{name}" media-type="{mime(cover)}" properties="cover-image"/>')
    for part in parts:
        items += [
            f'<item id="t{part.name}" href="{part.name}.xhtml" media-type="application/xhtml+xml" '
            f'media-overlay="s{part.name}"/>',
            f'<item id="s{part.name}" href="{part.name}.smil" media-type="application/smil+xml"/>',
            f'<item id="a{part.name}" href="{part.name}.mp3" media-type="audio/mpeg"/>',
        ]
    spine = "".join(f'<itemref idref="t{part.name}"/>' for part in parts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{escape(tags.language)}"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        + "\n".join(said)
        + "\n</metadata>\n<manifest>\n"
        + "\n".join(items)
        + f"\n</manifest>\n<spine>{spine}</spine></package>\n"
    )


def _navigation(programme: Programme, parts: list[Part]) -> str:
    rows = "".join(f'<li><a href="{part.name}.xhtml">{xml_text(part.title)}</a></li>' for part in parts)
    contents = f'<nav epub:type="toc" id="toc"><ol>{rows}</ol></nav>'
    return page(programme.tags.title, programme.tags.language, contents)


def _cover_name(cover: bytes) -> str:
    return "EPUB/cover.png" if mime(cover) == "image/png" else "EPUB/cover.jpg"


def _put(book: ZipFile, name: str, data: str | bytes, stored: bool = False) -> None:
    """Add an entry that is the same whenever and wherever it is added."""
    entry = ZipInfo(name)  # of 1980
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    book.writestr(entry, data.encode("utf-8") if isinstance(data, str) else data)
