"""Credits as JSON, to compute with."""

import json
from pathlib import Path

from wavagent.credits import Credits
from wavagent.errors import OutputError
from wavagent.export.place import write_text
from wavagent.export.stream import require_sound
from wavagent.programme import Programme


def write(programme: Programme, path: Path) -> None:
    """Raises OutputError."""
    write_text(path, json.dumps(credits_of(programme, path).to_json(), ensure_ascii=False, indent=1) + "\n")


def credits_of(programme: Programme, path: Path) -> Credits:
    """The credits that are to be written to `path`. Raises OutputError where there are none, or nothing is heard."""
    require_sound(programme)
    if programme.credits is None:
        raise OutputError(f"'{path.name}': nobody said what this was made with; render the story, then export it")
    return programme.credits
