"""Ogg Vorbis, with tags and chapters as Vorbis comments."""

from pathlib import Path

from wavagent.export.comments import with_picture
from wavagent.export.place import replacing
from wavagent.export.stream import cut, opened
from wavagent.programme import Programme

SERIAL = 1
"""The number of the only stream in a file. libsndfile draws one by lot, and so no file would be like another."""

COMPRESSION = 0.4
"""libsndfile's scale from 0.0, the best and largest, to 1.0: Vorbis quality 6, about 192 kbps in stereo."""

_BLOCK = 16_384  # libvorbis keeps its working memory on the stack


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`. Raises OutputError."""
    from mutagen.oggvorbis import OggVorbis

    with replacing(path) as fresh:
        _encode(programme, fresh)
        _number(fresh)
        ogg = OggVorbis(fresh)
        ogg.update(with_picture(programme))
        ogg.save()


def _encode(programme: Programme, path: Path) -> None:
    import soundfile

    channels, blocks = opened(programme)
    settings = {"format": "OGG", "subtype": "VORBIS", "compression_level": COMPRESSION}
    try:
        with soundfile.SoundFile(path, "w", programme.rate, channels, **settings) as file:
            for block in cut(blocks, _BLOCK):
                file.write(block)
    except soundfile.LibsndfileError as error:
        raise OSError(f"libsndfile says: {error}".rstrip(".")) from error


def _number(path: Path) -> None:
    """Give every page of the stream its serial number, and see that the last one was written."""
    from mutagen.ogg import OggPage

    size = path.stat().st_size
    with path.open("r+b") as file:
        while (start := file.tell()) < size:
            page = OggPage(file)
            page.serial = SERIAL
            file.seek(start)
            file.write(page.write())
    if not page.last:
        raise OSError("the file ends before the sound does")
