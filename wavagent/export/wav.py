"""WAV: 24-bit PCM; past 4 GB the header becomes that of RF64 (EBU Tech 3306), which such files need."""

from pathlib import Path

from wavagent.export.encode import Encoding, encode
from wavagent.export.place import replacing
from wavagent.programme import Programme

ENCODING = Encoding("wav", "pcm_s24le", "s32", container_options={"rf64": "auto"})


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`, with title, author and comment as INFO. Raises OutputError."""
    tags = programme.tags
    with replacing(path) as fresh:
        encode(programme, fresh, ENCODING, {"title": tags.title, "artist": tags.author, "comment": tags.comment})
