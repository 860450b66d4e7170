"""Chapters as JSON: Podcasting 2.0, https://github.com/Podcastindex-org/podcast-namespace (jsonChapters 1.2.0)."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from wavagent.export.place import write_text
from wavagent.export.stream import require_sound
from wavagent.programme import Programme
from wavagent.text import one_line


def write(programme: Programme, path: Path) -> None:
    """Write the chapters of `programme` to `path`. Raises OutputError."""
    require_sound(programme)
    tags = programme.tags
    head = {"title": one_line(tags.title), "author": one_line(tags.author), "description": one_line(tags.comment)}
    said = {name: value for name, value in head.items() if value}
    data = {"version": "1.2.0", **said, "chapters": list(_chapters(programme))}
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _chapters(programme: Programme) -> Iterator[dict[str, JsonValue]]:
    """The chapters that last; starts must ascend strictly, so one without length is left out."""
    for mark in programme.chapters:
        start, end = round(mark.start, 3), round(mark.end, 3)
        if end > start:
            yield {"startTime": start, "endTime": end, "title": one_line(mark.title)}
