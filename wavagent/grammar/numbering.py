"""The numbers that lines are called by."""

import re
from collections.abc import Mapping

from wavagent.script import Script

_NUMBERED = re.compile(r"line-(\d{1,9})")


def line_numbers(script: Script) -> Mapping[str, int]:
    """The number of every line, by its id: where most lines bear it in their id (`line-14`) that one, which stays
    whatever is added or removed; else the place in the script, counted from 1."""
    ids = [line.id for line in script.lines]
    borne = {id: int(match.group(1)) for id in ids if (match := _NUMBERED.fullmatch(id))}
    if 2 * len(borne) > len(ids):
        return borne
    return {id: number for number, id in enumerate(ids, 1)}
