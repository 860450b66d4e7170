"""What a writer may be told, in words that all of them share."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Coding:
    """`kbps` is the bit rate of all channels together; None: the format's own. The rest is for MP3 and EPUB alone.

    With `vbr` the encoder chooses each frame's bit rate for one quality, and `kbps` counts for nothing. Without
    `joint` both channels of a stereo file are coded by themselves, which is a third faster. A book lights up line by
    line as it is read, or `by_word`. `id3` is the version of an MP3's tags, 2.`id3`: 4, or for old readers 3.
    """

    kbps: int | None = None
    vbr: bool = False
    joint: bool = False
    by_word: bool = False
    id3: Literal[3, 4] = 4


PLAIN = Coding()
"""Every format's own."""
