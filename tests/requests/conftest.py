"""Real requests of people, each with a check on the script that comes of it.

A file of `data/` is a story and its requests: what is said, the answers to what is asked back, `expect` (all that parts
the script from what it was, as `compare.compared` tells it; nothing else may differ) or `refused`, and in `model` the
edit that a good model makes of it. `"grammar": false` marks what only a model understands.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from wavagent.planning import direct
from wavagent.reading import read as read_text
from wavagent.script import Script
from wavagent.script.file import read

HERE = Path(__file__).parent
STORIES = HERE.parents[1] / ".." / "shared" / "data" / "stories"


class Wanted(NamedTuple):
    """A request about a story."""

    story: str
    say: str
    answers: tuple[str, ...]
    expect: dict[str, Any] | None
    model: dict[str, Any] | None
    grammar: bool


def _wanted() -> Iterator[Wanted]:
    for path in sorted((HERE / "data").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        for one in data["requests"]:
            covered = one.get("grammar", True)
            answers = tuple(one.get("answers", ()))
            yield Wanted(data["story"], one["say"], answers, one.get("expect"), one.get("model"), covered)


WANTED = tuple(_wanted())


@cache
def story(name: str) -> Script | None:
    """A script of this folder, or one that the rules plan of a story beside the repository; None where it is not."""
    if "/" not in name:
        return read(HERE / "stories" / name)
    return direct(read_text(STORIES / name)) if (STORIES / name).is_file() else None


def script_of(wanted: Wanted) -> Script:
    script = story(wanted.story)
    if script is None:
        pytest.skip(f"there is no story '{wanted.story}' at '{STORIES}'")
    return script


def called(wanted: Wanted) -> str:
    return f"{Path(wanted.story).stem.split('__')[-1]}: {' / '.join((wanted.say, *wanted.answers))}"
