"""Scenes: where a text's chapters and breaks part it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wavagent.planning.line import Line
from wavagent.reading.document import Document


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines `first` to `last` (exclusive) of a document: what becomes a scene; `heading` where a chapter starts."""

    first: int
    last: int
    heading: str | None = None


def stretches(document: Document, spoken: Sequence[Line]) -> tuple[Stretch, ...]:
    """The scenes of a document: a heading starts one, and so does what follows a break.

    Headings that follow each other at once are one scene's: a book's title, then its first chapter's.
    """
    titles = {heading.start: heading.title for heading in document.headings}
    starts: list[tuple[int, str | None]] = []
    for index, line in enumerate(spoken):
        before = spoken[index - 1] if index else None
        if line.heading:
            title = titles[document.paragraphs[line.paragraph].start]
            if before and before.heading:
                starts[-1] = (starts[-1][0], title)
            else:
                starts.append((index, title))
        elif before is None or (_is_break(before) and not _is_break(line)):
            starts.append((index, None))
    ends = [start for start, _ in starts[1:]] + [len(spoken)]
    return tuple(Stretch(start, end, title) for (start, title), end in zip(starts, ends, strict=True))


def _is_break(line: Line) -> bool:
    return line.silent and line.part is None
