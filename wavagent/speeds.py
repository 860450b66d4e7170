"""How fast work is on this machine: what every run measured, and the two numbers that follow from it.

The measures are lines of JSON in a file that any number of processes append to; a line that is none is passed over.
"""

import json
import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from wavagent.lease import drafting

KEPT = 12
"""Runs of a tool that count; older ones are forgotten."""

HALF_LIFE = 4
"""Runs after which a measure counts half: a machine that became slower is believed soon."""

FINEST = 48
"""Measures of one run that are kept; neighbours of a longer run are added up."""

LARGEST = 400_000
"""Bytes of the file at which it is written anew without what no longer counts."""


@dataclass(frozen=True, slots=True)
class Timing:
    """A batch as it ran: the ids of its `calls` of `tool`, the seconds of sound they made, and the time it took.

    `start` is on `time.perf_counter`'s clock, in seconds, and so is `took`: inputs read and results kept included.
    """

    tool: str
    calls: tuple[str, ...]
    seconds: float
    start: float
    took: float


Timed = Callable[[Timing], None]


def untimed(timing: Timing) -> None:
    """Takes a timing, and forgets it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The time that work takes, in seconds: `call` for each call and `second` for each second of sound.

    `runs` is how many runs were measured; 0: nobody did, and a card says so.
    """

    call: float
    second: float
    runs: int = 0

    def took(self, calls: int, seconds: float) -> float:
        return calls * self.call + seconds * self.second


Measure = tuple[int, float, float]
"""Calls, seconds of sound, seconds that they took."""


class Speeds:
    """The measures in the file at `path`; None: nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def record(self, timings: Iterable[Timing]) -> None:
        """Add what a run measured. A file that cannot be written is no reason for a run to fail."""
        by_tool: dict[str, list[Measure]] = {}
        for timing in timings:
            by_tool.setdefault(timing.tool, []).append((len(timing.calls), timing.seconds, timing.took))
        if self._path is None or not by_tool:
            return
        lines = [_line(tool, _coarse(measures)) for tool, measures in by_tool.items()]
        with suppress(OSError):
            _append(self._path, "".join(["\n", *lines]).encode())  # a line that was torn ends here
            if self._path.stat().st_size > LARGEST:
                self._compact()

    def read(self) -> Mapping[str, Pace]:
        """The pace of everything that was measured, by tool. A file that is missing or damaged knows nothing."""
        return {tool: fitted(runs) for tool, runs in self._runs().items()}

    def _runs(self) -> dict[str, list[list[Measure]]]:
        """The runs of each tool that count, oldest first."""
        found: dict[str, list[list[Measure]]] = {}
        for tool, measures in self._lines():
            found.setdefault(tool, []).append(measures)
        return {tool: runs[-KEPT:] for tool, runs in found.items()}

    def _lines(self) -> Iterator[tuple[str, list[Measure]]]:
        if self._path is None:
            return
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError:
            return
        for line in lines:
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                yield _parsed(line)

    def _compact(self) -> None:
        assert self._path is not None
        lines = [_line(tool, run) for tool, runs in self._runs().items() for run in runs]
        with drafting(self._path.parent) as fresh:
            fresh.write_text("".join(lines), encoding="utf-8")
            os.replace(fresh, self._path)


def fitted(runs: Sequence[Sequence[Measure]]) -> Pace:
    """The pace of a tool after its `runs`, oldest first.

    How the time is shared between calls and sound follows from all measures, by least squares; how long it is, from
    the median of the runs, the later and larger ones counting more, so that one run on a busy machine changes little.
    """
    call, second = _shares([measure for run in runs for measure in run])
    ratios, weights = [], []
    for age, run in enumerate(reversed(runs)):
        expected = sum(call * calls + second * sound for calls, sound, _ in run)
        took = sum(took for _, _, took in run)
        if expected > 0.0:
            ratios.append(took / expected)
            weights.append(expected * 0.5 ** (age / HALF_LIFE))
    level = _median(ratios, weights) if ratios else 1.0
    return Pace(call * level, second * level, len(runs))


def _shares(measures: Sequence[Measure]) -> tuple[float, float]:
    """Seconds for a call and for a second of sound, neither below nothing, that fit best."""
    table = np.asarray(measures, np.float64).reshape(-1, 3)
    # What takes long varies much: each measure counts by its size, not by the square of it.
    table = table / np.sqrt(np.maximum(table[:, 2:], 1e-6))
    work, took = table[:, :2], table[:, 2]
    both = np.linalg.lstsq(work, took, rcond=None)[0]
    if (both >= 0.0).all():
        return float(both[0]), float(both[1])
    alone = [np.linalg.lstsq(work[:, [one]], took, rcond=None)[0][0] for one in (0, 1)]
    left = [float(np.sum((work[:, one] * alone[one] - took) ** 2)) for one in (0, 1)]
    return (float(alone[0]), 0.0) if left[0] < left[1] else (0.0, float(alone[1]))


def _median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value with half of the weight on either side; between the two nearest where one is not in the middle."""
    ranked = sorted(zip(values, weights, strict=True))
    sums = list(accumulate(weight for _, weight in ranked))
    middles = [whole - weight / 2 for whole, (_, weight) in zip(sums, ranked, strict=True)]
    at, half = bisect_left(middles, sums[-1] / 2), sums[-1] / 2
    if at in (0, len(ranked)):
        return ranked[min(at, len(ranked) - 1)][0]
    return float(np.interp(half, middles[at - 1 : at + 1], [ranked[at - 1][0], ranked[at][0]]))


def _coarse(measures: Sequence[Measure]) -> list[Measure]:
    """`measures`, neighbours added up until there are few enough."""
    size = -(-len(measures) // FINEST)
    groups = [measures[start : start + size] for start in range(0, len(measures), size)]
    return [
        (sum(calls for calls, _, _ in group), sum(sound for _, sound, _ in group), sum(took for _, _, took in group))
        for group in groups
    ]


def _line(tool: str, measures: Sequence[Measure]) -> str:
    rounded = [[calls, round(sound, 3), round(took, 4)] for calls, sound, took in measures]
    return json.dumps({"tool": tool, "measures": rounded}, separators=(",", ":")) + "\n"


def _parsed(line: bytes) -> tuple[str, list[Measure]]:
    """A line of the file. Raises ValueError, TypeError or KeyError when it is none."""
    values = json.loads(line)
    measures = [(int(calls), float(sound), float(took)) for calls, sound, took in values["measures"]]
    if not measures or any(
        not (0 < calls < 1e9 and 0 <= sound < 1e9 and 0 < took < 1e9) for calls, sound, took in measures
    ):
        raise ValueError("no measures")
    return str(values["tool"]), measures


def _append(path: Path, data: bytes) -> None:
    """One write at the end of the file, so that lines of two processes never mix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, data)
    finally:
        os.close(file)
