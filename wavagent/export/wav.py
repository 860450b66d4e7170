"""WAV: 24-bit PCM, or 32-bit float; past 4 GB the header becomes that of RF64 (EBU Tech 3306), as it must."""

from pathlib import Path

from wavagent.export.encode import Encoding, encode
from wavagent.export.place import replacing
from wavagent.programme import Programme

ENCODING = Encoding("wav", "pcm_s24le", "s32", container_options={"rf64": "auto"})
FLOAT = Encoding("wav", "pcm_f32le", "flt", container_options={"rf64": "auto", "write_bext": "1"})
"""With a `bext` chunk (EBU Tech 3285), which says at which frame of the whole the file starts."""


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`, with title, author and comment as INFO. Raises OutputError."""
    tags = programme.tags
    with replacing(path) as fresh:
        encode(programme, fresh, ENCODING, {"title": tags.title, "artist": tags.author, "comment": tags.comment})


def write_float(programme: Programme, path: Path) -> None:
    """Write `programme` to `path` to the bit, over full scale too, for tools that go on with it. Raises OutputError."""
    with replacing(path) as fresh:
        encode(programme, fresh, FLOAT, {"description": programme.tags.title, "time_reference": "0"})
