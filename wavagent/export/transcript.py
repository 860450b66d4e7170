"""What is said, by whom and when, as JSON: Podcasting 2.0's transcript 1.0.0."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from wavagent.export.place import write_text
from wavagent.export.stream import require_sound
from wavagent.programme import Programme
from wavagent.text import one_line


def write(programme: Programme, path: Path) -> None:
    """Write every spoken line of `programme` to `path`. Raises OutputError."""
    require_sound(programme)
    data = {"version": "1.0.0", "segments": list(_segments(programme))}
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _segments(programme: Programme) -> Iterator[dict[str, JsonValue]]:
    for placed in programme.placed:
        body = one_line(placed.cue.text)
        if placed.cue.role == "speech" and body:
            speaker = programme.names.get(placed.cue.speaker, placed.cue.speaker)
            yield {
                "speaker": one_line(speaker),
                "startTime": round(placed.start / programme.rate, 3),
                "endTime": round(placed.end / programme.rate, 3),
                "body": body,
            }
