"""What a lossy encoder may be told, in words that all of them share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coding:
    """`kbps` is the bit rate of all channels together; None: the format's own. The rest is for MP3 alone.

    With `vbr` the encoder chooses each frame's bit rate for one quality, and `kbps` counts for nothing. Without
    `joint` both channels of a stereo file are coded by themselves, which is a third faster.
    """

    kbps: int | None = None
    vbr: bool = False
    joint: bool = False


PLAIN = Coding()
"""Every format's own."""
