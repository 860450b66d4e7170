"""What tools that recognise sounds take and say, alike."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from wavagent.tool import Params


class TagParams(Params):
    """What every tool that recognises sounds takes beside the clip `audio`.

    It says `data["labels"]`, the likeliest `top` with how likely each is anywhere in the clip, and `data["events"]`:
    every stretch in which one is at least as likely as `threshold`, with its start and end in seconds.
    """

    top: int = Field(default=10, ge=1, le=1000)
    threshold: float = Field(default=0.3, gt=0.0, le=1.0)


def tags(
    labels: Sequence[str],
    found: Sequence[NDArray[np.float32]],
    starts: Sequence[float],
    seconds: float,
    params: TagParams,
) -> dict[str, JsonValue]:
    """What is said of a clip of `seconds` in whose windows, which begin at `starts`, each label is so likely."""
    most = np.max(found, axis=0)
    order = np.argsort(-most, kind="stable")[: params.top]
    events: list[JsonValue] = []
    ends = [*starts[1:], seconds]
    for label in order:
        events += _stretches(labels[label], [float(one[label]) for one in found], starts, ends, params.threshold)
    return {"labels": {labels[label]: round(float(most[label]), 6) for label in order}, "events": events}


def _stretches(
    label: str, likely: Sequence[float], starts: Sequence[float], ends: Sequence[float], threshold: float
) -> list[JsonValue]:
    """The runs of windows in which `label` is likely enough."""
    runs: list[tuple[float, float, float]] = []
    for value, start, end in zip(likely, starts, ends, strict=True):
        if value < threshold:
            continue
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end, max(runs[-1][2], value))
        else:
            runs.append((start, end, value))
    return [
        {"label": label, "start": round(start, 3), "end": round(end, 3), "likely": round(value, 6)}
        for start, end, value in runs
    ]
