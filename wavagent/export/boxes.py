"""What an MP4 says of itself outside its sound: where its index stands, and its second list of chapters."""

import struct
from dataclasses import dataclass
from pathlib import Path

from wavagent.errors import InputError

MOST = 255
"""Chapters that Nero's list can hold: their number is one byte."""

_HEAD = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Boxes:
    """The names of the boxes at the top of a file, in order, and where each chapter of Nero's list starts, seconds."""

    names: tuple[str, ...]
    nero: tuple[float, ...] = ()

    @property
    def faststart(self) -> bool:
        """Whether the index stands before the sound, so that a player can begin before it has all of the file."""
        return {"moov", "mdat"} <= set(self.names) and self.names.index("moov") < self.names.index("mdat")


def boxes(path: Path) -> Boxes:
    """The boxes of the MP4 file `path`. Raises InputError when it is broken."""
    from mutagen import MutagenError
    from mutagen.mp4 import MP4

    try:
        chapters = MP4(path).chapters
        return Boxes(_names(path), tuple(float(chapter.start) for chapter in chapters or ()))
    except (MutagenError, OSError, struct.error) as error:
        raise InputError(f"'{path}' is no whole MP4 file ({error}); give one that plays") from error


def _names(path: Path) -> tuple[str, ...]:
    found, at, end = [], 0, path.stat().st_size
    with path.open("rb") as file:
        while at + _HEAD.size <= end:
            file.seek(at)
            size, name = _HEAD.unpack(file.read(_HEAD.size))
            if size == 1:
                (size,) = _LARGE.unpack(file.read(_LARGE.size))
            found.append(name.decode("latin-1"))
            if size < _HEAD.size:
                break  # 0: to the end of the file
            at += size
    return tuple(found)
