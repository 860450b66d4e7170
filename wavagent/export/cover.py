"""Cover pictures."""

from wavagent.errors import OutputError

_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def mime(cover: bytes) -> str:
    """The kind of a picture by its first bytes. Raises OutputError when it is neither JPEG nor PNG."""
    for start, kind in _KINDS.items():
        if cover.startswith(start):
            return kind
    raise OutputError("the cover is neither a JPEG nor a PNG picture; give one of these")
