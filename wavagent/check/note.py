"""Faults as they are kept with a clip, under a name that no tool can use."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from wavagent.check.take import Fault

OURS = "wavagent."
"""What the names in a call's data begin with that are never what a tool said."""

FAULTS = OURS + "faults"


def noted(data: Mapping[str, JsonValue], found: Sequence[Fault]) -> dict[str, JsonValue]:
    """`data` as a tool said it, with the faults that were found."""
    said = {name: value for name, value in data.items() if not str(name).startswith(OURS)}
    return {**said, FAULTS: [fault.to_json() for fault in found]} if found else said


def faults_in(data: Mapping[str, JsonValue]) -> tuple[Fault, ...]:
    """The faults that were `noted`."""
    found = data.get(FAULTS, [])
    return tuple(Fault.from_json(each) for each in found if isinstance(each, dict)) if isinstance(found, list) else ()
