"""What a run measured, as its report keeps it: times count from the first start."""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from wavagent.speeds import Timing

_TIMINGS = TypeAdapter(list[Timing])


def measured(*timings: Timing | None) -> list[Timing]:
    """`timings` in order of start, the first at 0. None among them are left out; a step has no calls to name."""
    there = sorted((one for one in timings if one is not None), key=lambda one: one.start)
    return [_plain(one, there[0].start) for one in there]


def _plain(timing: Timing, began: float) -> Timing:
    calls = () if timing.tool.startswith("@") else timing.calls
    start, took, seconds = round(timing.start - began, 4), round(timing.took, 4), round(timing.seconds, 3)
    return replace(timing, calls=calls, start=start, took=took, seconds=seconds)


def timings_in(values: object) -> list[Timing]:
    """The timings in a report; none where there are none, or somebody wrote over them."""
    try:
        found = _TIMINGS.validate_python(values)
    except ValidationError:
        return []
    return found if all(_plausible(found)) else []


def _plausible(timings: Iterable[Timing]) -> Iterable[bool]:
    return (0.0 <= one.start < 1e9 and 0.0 <= one.took < 1e9 for one in timings)
