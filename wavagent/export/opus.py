"""Opus in Ogg (RFC 6716, RFC 7845), with tags and chapters as Vorbis comments."""

from pathlib import Path

from wavagent.export.comments import with_picture
from wavagent.export.encode import Encoding, encode
from wavagent.export.place import replacing
from wavagent.programme import Programme

ENCODING = Encoding(
    "opus",
    "libopus",
    "flt",
    bit_rates={1: 64_000, 2: 96_000},
    rates=(48_000, 24_000, 16_000, 12_000, 8_000),
)


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`. Raises OutputError, also for a rate that Opus does not know."""
    with replacing(path) as fresh:
        encode(programme, fresh, ENCODING, with_picture(programme))
