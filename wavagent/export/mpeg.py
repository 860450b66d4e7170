"""What every frame of an MP3 says of itself: specifications ask for one bit rate and one channel mode."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wavagent.export.decode import opened

MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""kbps of layer III by the index in the header, ISO/IEC 11172-3 and 13818-3."""

_MODES = ("stereo", "joint stereo", "dual mono", "mono")


@dataclass(frozen=True, slots=True)
class MpegFrames:
    """The bit rates, in kbps, and the channel modes that occur in a file."""

    kbps: frozenset[int]
    modes: frozenset[str]

    @classmethod
    def union(cls, parts: Iterable["MpegFrames"]) -> "MpegFrames":
        """What occurs in any of several files."""
        known = list(parts)
        return cls(
            frozenset().union(*(part.kbps for part in known)), frozenset().union(*(part.modes for part in known))
        )


def mpeg_frames(path: Path) -> MpegFrames:
    """The kinds of frames in the MP3 file `path`. Raises InputError."""
    with opened(path) as (container, stream):
        headers = {bytes(packet)[1:4] for packet in container.demux(stream) if packet.size >= 4}
    kbps = {(MPEG_1 if first & 8 else _MPEG_2)[min(second >> 4, 14)] for first, second, _ in headers}
    return MpegFrames(frozenset(kbps), frozenset(_MODES[third >> 6] for _, _, third in headers))
