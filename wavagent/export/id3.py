"""ID3v2 tags with chapters (https://id3.org/id3v2-chapters-1.0): version 2.4, in UTF-8, or 2.3, in UTF-16."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wavagent.export.cover import mime
from wavagent.export.language import three_letters
from wavagent.programme import Mark, Programme, Tags
from wavagent.text import one_line

if TYPE_CHECKING:
    from mutagen.id3 import Frame

MOST = 255
"""Entries that one table of contents can hold: their number is one byte."""

_UTF8 = 3
_NO_OFFSET = 0xFFFFFFFF  # times are given, byte positions are not
_FRONT_COVER = 3


def tag(programme: Programme, path: Path, version: Literal[3, 4] = 4) -> None:
    """Put the tags of `programme`, of version 2.`version`, before the MPEG audio in `path`."""
    from mutagen.id3 import ID3

    found = ID3()
    for frame in (*_frames(programme.tags), *_contents(programme.chapters)):
        found.add(frame)
    if version == 3:
        found.update_to_v23()
    found.save(path, v1=0, v2_version=version)


def version(path: Path) -> int | None:
    """The version of the tags before the sound in `path`, 4 for 2.4; None when there are none."""
    with path.open("rb") as file:
        head = file.read(4)
    return head[3] if len(head) == 4 and head.startswith(b"ID3") else None


def _frames(tags: Tags) -> Iterator["Frame"]:
    from mutagen.id3 import APIC, COMM, TALB, TCOM, TCON, TIT2, TLAN, TPE1, TPE2, TRCK

    language = three_letters(tags.language)
    said = (
        (TIT2, tags.title),
        (TALB, tags.album or tags.title),
        (TPE1, tags.author),
        (TPE2, tags.author),
        (TCOM, tags.narrator),
    )
    for kind, value in (*said, (TCON, "Audiobook"), (TLAN, language), (TRCK, tags.part)):
        if text := one_line(value):
            yield kind(encoding=_UTF8, text=[text])
    if comment := one_line(tags.comment):
        yield COMM(encoding=_UTF8, lang=language, desc="", text=[comment])
    if tags.cover:
        yield APIC(encoding=_UTF8, mime=mime(tags.cover), type=_FRONT_COVER, desc="", data=tags.cover)


def _contents(chapters: tuple[Mark, ...]) -> Iterator["Frame"]:
    """The chapters, and tables of contents: one, or where there are too many, one of tables."""
    ids = [f"chp{number}" for number in range(len(chapters))]
    yield from map(_chapter, ids, chapters)
    tables = [ids[start : start + MOST] for start in range(0, len(ids), MOST)]
    if len(tables) > 1:
        names = [f"toc{number}" for number in range(len(tables))]
        yield from (_table(name, table, top=False) for name, table in zip(names, tables, strict=True))
        yield _table("toc", names)
    elif tables:
        yield _table("toc", tables[0])


def _chapter(id: str, mark: Mark) -> "Frame":
    from mutagen.id3 import CHAP, TIT2

    title = TIT2(encoding=_UTF8, text=[one_line(mark.title)])
    return CHAP(
        element_id=id,
        start_time=round(mark.start * 1000),
        end_time=round(mark.end * 1000),
        start_offset=_NO_OFFSET,
        end_offset=_NO_OFFSET,
        sub_frames=[title],
    )


def _table(id: str, entries: list[str], top: bool = True) -> "Frame":
    from mutagen.id3 import CTOC, CTOCFlags

    flags = CTOCFlags.ORDERED | (CTOCFlags.TOP_LEVEL if top else 0)
    return CTOC(element_id=id, flags=flags, child_element_ids=entries, sub_frames=[])
