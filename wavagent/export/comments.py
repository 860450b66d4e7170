"""Vorbis comments: the tags of FLAC, Ogg Vorbis and Opus, chapters among them.

https://xiph.org/vorbis/doc/v-comment.html and https://wiki.xiph.org/Chapter_Extension.
"""

import base64
from typing import TYPE_CHECKING

from wavagent.export.clock import stamp
from wavagent.export.cover import mime
from wavagent.programme import Mark, Programme, Tags
from wavagent.text import one_line

if TYPE_CHECKING:
    from mutagen.flac import Picture


def comments(programme: Programme) -> dict[str, str]:
    """Everything but the cover, by name in capitals; what is empty is left out."""
    tags = programme.tags
    said = {
        "TITLE": tags.title,
        "ALBUM": tags.album or tags.title,
        "TRACKNUMBER": str(tags.track or ""),
        "TRACKTOTAL": str(tags.tracks or ""),
        "ARTIST": tags.author,
        "ALBUMARTIST": tags.author,
        "PERFORMER": tags.narrator,
        "GENRE": "Audiobook",
        "LANGUAGE": tags.language,
        "DESCRIPTION": tags.comment,
    }
    known = {name: one_line(value) for name, value in said.items() if one_line(value)}
    for number, mark in enumerate(programme.chapters):
        known |= _chapter(number, mark)
    return known


def _chapter(number: int, mark: Mark) -> dict[str, str]:
    name = f"CHAPTER{number:03}"
    return {name: stamp(mark.start, "."), f"{name}NAME": one_line(mark.title) or str(number + 1)}


def picture(tags: Tags) -> "Picture":
    """The cover as FLAC holds it."""
    from mutagen.flac import Picture

    cover = tags.cover or b""
    found = Picture()
    found.type, found.mime, found.data = 3, mime(cover), cover
    return found


def with_picture(programme: Programme) -> dict[str, str]:
    """The comments, and the cover as one of them, which is how Ogg files carry it."""
    known = comments(programme)
    if programme.tags.cover:
        written = picture(programme.tags).write()
        known["METADATA_BLOCK_PICTURE"] = base64.b64encode(written).decode("ascii")
    return known
