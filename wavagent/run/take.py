"""A take: what came back from a tool, looked at before anybody hears it."""

import json
from collections.abc import Sequence

from wavagent.errors import Broken
from wavagent.run.call import Ready
from wavagent.tool import Result


def checked(batch: Sequence[Ready], results: Sequence[Result]) -> Sequence[Result]:
    """`results`, one for each call of `batch`. Raises Broken when they cannot be what was asked for."""
    name = batch[0].tool.card.name
    if len(results) != len(batch):
        raise Broken(f"tool '{name}' was given {len(batch)} calls and made {len(results)} clips")
    for ready, result in zip(batch, results, strict=True):
        if fault := _fault(result, ready.tool.card.rate):
            raise Broken(f"tool '{name}' {fault} for '{ready.subject}'")
    return results


def _fault(result: object, rate: int) -> str | None:
    """What is wrong with `result`, or None."""
    if not isinstance(result, Result):
        return f"made no Result but {type(result).__name__}"
    if result.audio.frames == 0:
        return "made an empty clip"
    if result.audio.rate != rate:
        return f"made a clip at {result.audio.rate} Hz, though its card says {rate} Hz,"
    try:
        json.dumps([dict(result.data), [word.to_json() for word in result.words]])
    except (TypeError, ValueError) as error:
        return f"gave words or data that no JSON can hold ({error})"
    return None
