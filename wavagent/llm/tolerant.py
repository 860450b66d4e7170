"""Reading JSON out of whatever a model wrote around it: thoughts, fences, prose, comments, trailing commas."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from wavagent.llm.fault import Unreadable
from wavagent.reading.json5 import to_json
from wavagent.text import shown

LONGEST = 2_000_000
"""Characters of the longest answer that is looked at."""
_TRIES = 16
"""Places at which the object may begin: prose before it may have braces of its own."""
_MENDED = 4
"""How many of them are also tried with their slips mended, which takes longer."""

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)|\A.*?</(?:think|thinking|reasoning)>", re.DOTALL)
_FENCE = re.compile(r"```[\w-]*[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)


def read_json(text: str, keys: Collection[str] = ()) -> dict[str, Any]:
    """The first object in `text` with one of `keys` (any object, where there are none); NaN and infinities are null.

    Raises Unreadable with the fault, worded for the model that made it.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"the answer has {len(text)} characters, more than {LONGEST}; give only what was asked for")
    fault = "the answer is empty"
    for part in _parts(text):
        for attempt in _attempts(part):
            try:
                return _object(attempt, keys)
            except RecursionError as error:
                raise Unreadable("the answer is nested too deeply; give the object that was asked for") from error
            except ValueError as error:
                fault = f"the answer is not the JSON object that was asked for ({shown(str(error), 120)})"
    raise Unreadable(fault)


def _parts(text: str) -> Iterator[str]:
    """What may hold the object: what stands in fences, then all but the thoughts, then all."""
    plain = text.replace("\x00", "").strip("\ufeff \t\r\n")
    spoken = _THOUGHT.sub("", plain).strip()
    for part in dict.fromkeys((spoken, plain, _unquoted(spoken))):
        yield from (match[1] for match in _FENCE.finditer(part))
        yield part


def _unquoted(part: str) -> str:
    """What a JSON string holds: some models answer with JSON inside of JSON."""
    try:
        value = json.loads(part)
    except (ValueError, RecursionError):
        return part
    return value if isinstance(value, str) else part


def _attempts(part: str) -> Iterator[str]:
    """`part` from each brace on at which the object may begin, as it is and then with its slips mended."""
    starts = [match.start() for match in re.finditer(r"\{", part)][:_TRIES]
    if not starts and part:
        yield part
    for number, start in enumerate(starts):
        yield part[start:]
        if number < _MENDED:
            yield to_json(part[start:])


def _object(text: str, keys: Collection[str]) -> dict[str, Any]:
    value, _ = _DECODER.raw_decode(text)
    if not isinstance(value, dict):
        raise ValueError(f"it is of type {type(value).__name__}")
    if keys and not any(key in value for key in keys):
        raise ValueError(f"it has none of the fields {', '.join(keys)}")
    return value


def _nothing(constant: str) -> None:
    """NaN and infinities are no numbers."""


_DECODER = json.JSONDecoder(parse_constant=_nothing)
