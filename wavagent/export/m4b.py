"""M4B and M4A: AAC in MP4, ready to stream, with chapters twice: as a QuickTime text track, and the first 255 of
them as Nero's `chpl`, which is what mutagen and older players read."""

from pathlib import Path

from wavagent.export.coding import PLAIN, Coding
from wavagent.export.cover import mime
from wavagent.export.encode import Encoding, encode
from wavagent.export.language import three_letters
from wavagent.export.place import replacing
from wavagent.programme import Programme, Tags
from wavagent.text import one_line

BIT_RATES = {1: 96, 2: 128}
"""kbps, by channels."""

AUDIOBOOK = "2"
"""iTunes' media kind, `stik`."""


def write(programme: Programme, path: Path, coding: Coding = PLAIN) -> None:
    """Write `programme` to `path`. Raises OutputError."""
    # the brand tells a player whether to keep its place, as for books
    brand = "M4B " if path.suffix.lower() == ".m4b" else "M4A "
    with replacing(path) as fresh:
        language = three_letters(programme.tags.language)
        encoding = _encoding(brand, programme.rate, coding.kbps)
        encode(programme, fresh, encoding, _metadata(programme.tags), language, chapters=True)
        if programme.tags.cover:
            _add_cover(programme.tags.cover, fresh)


def _encoding(brand: str, rate: int, kbps: int | None) -> Encoding:
    container = {
        "movflags": "+faststart",
        "brand": brand,
        "movie_timescale": str(rate),  # so that the edit list gives the length to the frame
    }
    # FFmpeg's fast coder, at these rates, is nearer to the original than its slow one, and quicker: measured
    bits = {channels: 1000 * (kbps or own) for channels, own in BIT_RATES.items()}
    return Encoding("ipod", "aac", "fltp", bits, codec_options={"aac_coder": "fast"}, container_options=container)


def _metadata(tags: Tags) -> dict[str, str]:
    said = {
        "title": tags.title,
        "album": tags.album or tags.title,
        "track": tags.part,
        "artist": tags.author,
        "album_artist": tags.author,
        "composer": tags.narrator,
        "genre": "Audiobook",
        "comment": tags.comment,
        "description": tags.comment,
        "media_type": AUDIOBOOK,
    }
    return {name: one_line(value) for name, value in said.items() if value}


def _add_cover(cover: bytes, path: Path) -> None:
    from mutagen.mp4 import MP4, MP4Cover

    mp4 = MP4(path)
    form = MP4Cover.FORMAT_PNG if mime(cover) == "image/png" else MP4Cover.FORMAT_JPEG
    mp4["covr"] = [MP4Cover(cover, form)]
    mp4.save()
