"""A line in pieces that a model can say at once."""

import re
from collections.abc import Iterator, Sequence

_ENDS: Sequence[re.Pattern[str]] = (
    re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？｡]+[”」』）]*|\n\s*"),
    re.compile(r"[,;:،؛]\s+|[，、；：]"),
    re.compile(r"\s+"),
)
"""Where a line is cut: best between two sentences, else at a comma, else between two words."""


def pieces(text: str, limit: int) -> list[str]:
    """`text` in as few pieces of at most `limit` characters as its sentences allow; none is blank."""
    found: list[str] = []
    for part in _parts(text, limit, _ENDS):
        if found and len(found[-1] + part.rstrip()) <= limit:
            found[-1] += part
        else:
            found.append(part)
    return [piece.strip() for piece in found if piece.strip()]


def _parts(text: str, limit: int, ends: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """`text` cut at the first of `ends`, and where that leaves too much, at the next; joined they are `text` again."""
    if not ends:
        yield from (text[at : at + limit] for at in range(0, len(text), limit))
        return
    places = [0, *(match.end() for match in ends[0].finditer(text)), len(text)]
    for first, last in zip(places, places[1:], strict=False):
        part = text[first:last]
        if len(part.rstrip()) <= limit:
            yield part
        else:
            yield from _parts(part, limit, ends[1:])
