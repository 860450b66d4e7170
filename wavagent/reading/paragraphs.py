"""Where paragraphs begin and end, however a text shows it: blank lines, indented first lines, or one line each."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

Layout = Literal["blocks", "indented", "lines"]

_BREAK = re.compile(r"(?:[*＊⁂⁑✱#·•∙・~∼〜=_\-‐–—―+◇◆○●□■☆★§❦❧☙♦✦❖]\s*){1,120}")
_ENDING = re.compile(r"[.!?…:;。！？：；—–\-][\"'”’»«“」』)\]_*]*$")
_WIDE = 160  # columns; nobody wraps a line there


class Line(NamedTuple):
    """Characters `start` to `end` of the text without the white space around them, which is `indent` wide before."""

    start: int
    end: int
    indent: int


def is_break(line: str) -> bool:
    """Whether a paragraph is only an ornament that parts two scenes: `* * *`, `---`, `⁂`, `#`, `· · ·`."""
    return _BREAK.fullmatch(line.strip()) is not None


def paragraphs(text: str, cuts: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The first and the last character (exclusive) of every paragraph; outside them there is only white space.

    `cuts` are stretches, such as headings, that are paragraphs whatever stands around them.
    """
    fixed = sorted((start, end) for start, end in cuts if text[start:end].strip())
    blocks = _blocks(_lines(text), fixed)
    layout = _layout(text, blocks)
    found = [_span(group) for block in blocks for group in _split(text, block, layout)]
    return sorted(found + [_trimmed(text, *cut) for cut in fixed])


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        bare = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        lines.append(Line(start + indent, start + indent + len(bare), indent) if bare else Line(start, start, 0))
        start += len(raw) + 1
    return lines


def _blocks(lines: Sequence[Line], fixed: Sequence[tuple[int, int]]) -> list[list[Line]]:
    """Runs of lines with neither a blank line nor a cut between them."""
    starts = [start for start, _ in fixed]
    blocks: list[list[Line]] = [[]]
    for line in lines:
        nearest = bisect_right(starts, line.start) - 1
        inside = nearest >= 0 and line.start < fixed[nearest][1]
        if inside or line.start == line.end:
            blocks.append([])
        else:
            blocks[-1].append(line)
    return [block for block in blocks if block]


def _layout(text: str, blocks: Sequence[Sequence[Line]]) -> Layout:
    """How the text as a whole shows its paragraphs; decided by the lines that another one follows at once."""
    count = sum(len(block) for block in blocks)
    followed = [line for block in blocks for line in block[:-1]]
    if 3 * len(followed) <= count:
        return "blocks"
    after = [line for block in blocks for line in block[1:]]
    indented = sum(line.indent > 0 for line in after)
    if 0.02 * len(after) <= indented <= 0.7 * len(after) and 2 * _begins(text, after) > indented:
        return "indented"
    if _share_ending(text, followed) >= 0.6 or _wide(followed):
        return "lines"
    return "blocks"


def _begins(text: str, lines: Iterable[Line]) -> int:
    """How many indented lines begin as paragraphs do; the lines of a verse go on in small letters or end early."""
    return sum(line.indent > 0 and not text[line.start].islower() for line in lines)


def _share_ending(text: str, lines: Sequence[Line]) -> float:
    """The share of lines that end as a sentence does: nearly all where a line is a paragraph, few where it wraps."""
    return sum(_ENDING.search(text, max(line.start, line.end - 8), line.end) is not None for line in lines) / len(lines)


def _wide(lines: Sequence[Line]) -> bool:
    return 20 * sum(line.end - line.start > _WIDE for line in lines) > len(lines)


def _split(text: str, block: Sequence[Line], layout: Layout) -> Iterator[list[Line]]:
    """The paragraphs of a block, each as its lines."""
    group: list[Line] = []
    for line in block:
        alone = is_break(text[line.start : line.end])
        if group and (alone or layout == "lines" or (layout == "indented" and line.indent > 0)):
            yield group
            group = []
        group.append(line)
        if alone:
            yield group
            group = []
    if group:
        yield group


def _span(group: Sequence[Line]) -> tuple[int, int]:
    return group[0].start, group[-1].end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
