"""A take: what came back from a tool, looked at before anybody hears it."""

import json
from collections.abc import Sequence
from dataclasses import replace

from wavagent.check import Fault, Take, faults, noted
from wavagent.errors import Broken, Flawed, ToolError
from wavagent.run.call import Ready
from wavagent.tool import TELLING, Result


def checked(batch: Sequence[Ready], results: Sequence[Result]) -> list[Result | ToolError]:
    """For each call of `batch` what was made, with every doubt noted in its data, or Flawed when it is no good.

    Raises Broken when there is not one result for each call.
    """
    if len(results) != len(batch):
        name = batch[0].tool.card.name
        raise Broken(f"tool '{name}' was given {len(batch)} calls and made {len(results)} clips")
    return [_checked(ready, result) for ready, result in zip(batch, results, strict=True)]


def _checked(ready: Ready, result: Result) -> Result | ToolError:
    tool = ready.tool
    try:
        if fault := _unfit(result, ready):
            raise Broken(fault)
        found = () if tool.card.task in TELLING else _faults(ready, result)
    except (Broken, Flawed) as error:
        return type(error)(f"tool '{tool.card.name}' {error} for '{ready.subject}'")
    return replace(result, data=noted(result.data, found))


def _unfit(result: object, ready: Ready) -> str | None:
    """Why `result` cannot be kept at all, or None."""
    if not isinstance(result, Result):
        return f"made no Result but {type(result).__name__}"
    card = ready.tool.card
    if card.task not in TELLING and card.rate and result.audio.rate != card.rate:
        return f"made a clip at {result.audio.rate} Hz, though its card says {card.rate} Hz,"
    try:
        json.dumps([dict(result.data), [word.to_json() for word in result.words]], allow_nan=False)
    except (TypeError, ValueError) as error:
        return f"gave words or data that no JSON can hold ({error})"
    return None


def _faults(ready: Ready, result: Result) -> tuple[Fault, ...]:
    """What is doubtful about the clip. Raises Flawed when nobody should hear it."""
    if result.audio.frames == 0:
        raise Flawed("made an empty clip")
    found = faults(Take.of(result.audio, ready.tool, ready.params))
    for fault in found:
        if fault.broken:
            raise Flawed(f"made a clip that {fault.message}")
    return found
