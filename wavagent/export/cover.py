"""Cover pictures."""

from pathlib import Path

from wavagent.errors import InputError, OutputError

_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


LARGEST = 16 * 2**20
"""Bytes of a picture; stores take less than five million."""


def read_cover(path: Path) -> bytes:
    """The JPEG or PNG picture in the file `path`. Raises InputError."""
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"the cover '{path}' cannot be read ({error.strerror or error}); check the name") from error
    if len(found) > LARGEST or not found.startswith(tuple(_KINDS)):
        why = f"larger than {LARGEST} bytes" if len(found) > LARGEST else "neither a JPEG nor a PNG picture"
        raise InputError(f"the cover '{path}' is {why}; give another one")
    return found


def mime(cover: bytes) -> str:
    """The kind of a picture by its first bytes. Raises OutputError when it is neither JPEG nor PNG."""
    for start, kind in _KINDS.items():
        if cover.startswith(start):
            return kind
    raise OutputError("the cover is neither a JPEG nor a PNG picture; give one of these")
