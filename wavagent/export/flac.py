"""FLAC: 24 bits, with tags and chapters as Vorbis comments."""

from pathlib import Path

from wavagent.export.comments import comments, picture
from wavagent.export.encode import Encoding, encode
from wavagent.export.place import replacing
from wavagent.programme import Programme

ENCODING = Encoding("flac", "flac", "s32")


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`. Raises OutputError."""
    with replacing(path) as fresh:
        encode(programme, fresh, ENCODING, comments(programme))
        if programme.tags.cover:
            _add_cover(programme, fresh)


def _add_cover(programme: Programme, path: Path) -> None:
    from mutagen.flac import FLAC

    flac = FLAC(path)
    flac.add_picture(picture(programme.tags))
    flac.save()
