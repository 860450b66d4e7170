"""What is heard otherwise after an edit: the seconds of two versions of a story in which they differ."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wavagent.audio import RATE
from wavagent.mix.place import GRID, Layout, place
from wavagent.programme import Placed
from wavagent.quote.foresight import Foresight
from wavagent.script import Script
from wavagent.studio import Studio
from wavagent.timeline import BEDS

Span = tuple[float, float]
"""Seconds, from and to."""

NEAR = 0.05
"""Seconds; stretches that are nearer to each other are told as one."""


@dataclass(frozen=True)
class Heard:
    """Where two versions sound otherwise: `changed` in seconds of the later, `gone` in seconds of the earlier.

    What only comes sooner or later than before is no difference, nor is a bed that lies otherwise under words that
    moved. `exact` says that the length of every clip is known from the store, and none is a guess.
    """

    changed: tuple[Span, ...]
    gone: tuple[Span, ...]
    before: float
    after: float
    exact: bool

    def __str__(self) -> str:
        about = "" if self.exact else "about "
        told = [f"changed: {_shown(span)}" for span in self.changed] + [
            f"gone: {_shown(span)} of the earlier" for span in self.gone
        ]
        length = f"lasts {about}{_clock(self.after)} (was {_clock(self.before)})"
        return f"{about}{'; '.join(told)}; {length}" if told else f"sounds the same; {length}"

    def to_json(self) -> dict[str, object]:
        return {
            "changed": [list(span) for span in self.changed],
            "gone": [list(span) for span in self.gone],
            "seconds": {"before": self.before, "after": self.after},
            "exact": self.exact,
        }


def heard(before: Script, after: Script, studio: Studio, folder: Path | None = None) -> Heard:
    """Compare two versions as they sound, or will as far as the tools can say. Nothing runs.

    `folder` is the project's, for its recordings. Raises ScriptError, InputError and StoreError.
    """
    one, other = _Version(before, studio, folder), _Version(after, studio, folder)
    return Heard(
        tuple(_joined(_otherwise(other, one))),
        tuple(_joined(_otherwise(one, other))),
        round(one.layout.frames / RATE, 3),
        round(other.layout.frames / RATE, 3),
        one.foresight.complete and other.foresight.complete,
    )


class _Version:
    """A script placed in time, with what is told apart by ear."""

    def __init__(self, script: Script, studio: Studio, folder: Path | None) -> None:
        compiled = studio.compile(script, folder)
        self.foresight: Foresight = studio.foresee(compiled.graph)
        self.layout: Layout = place(compiled.timeline, self.foresight.entries)
        self.placed: Mapping[str, Placed] = {one.cue.id: one for one in self.layout.placed}
        sounding = [one for one in self.layout.placed if one.cue.clip is not None and one.end > one.start]
        self.beds = [one for one in sounding if one.cue.role in BEDS]
        self.others = [one for one in sounding if one.cue.role not in BEDS]
        self.sounds: Mapping[str, Hashable] = {one.cue.id: self._sound(one) for one in sounding}

    def _sound(self, one: Placed) -> Hashable:
        """All that decides how a cue sounds, wherever it stands."""
        cue, call = one.cue, self.foresight.calls.get(one.cue.clip or "")
        made = call.ready.key if call is not None and call.ready is not None else cue.clip
        length = () if cue.role in BEDS else (one.end - one.start,)
        return (cue.role, made, cue.loop, cue.gain, cue.pan, cue.space, cue.fade_in, cue.fade_out, *length)


def _otherwise(version: _Version, other: _Version) -> Iterator[Span]:
    """The stretches of `version` in which `other` has something else, what is heard around it moved along."""
    spans = [*_foreground(version, other), *_beds(version, other)]
    return iter(sorted((start / RATE, end / RATE) for start, end in spans))


def _foreground(version: _Version, other: _Version) -> Iterator[tuple[int, int]]:
    """The cues of the foreground that sound otherwise, or stand otherwise to one that they overlap."""
    before: list[Placed] = []
    for one in version.others:
        before = [each for each in before if each.end > one.start]
        changed = version.sounds[one.cue.id] != other.sounds.get(one.cue.id)
        if changed or any(not _together(one, each, other) for each in before):
            yield one.start, one.end
        before.append(one)


def _together(one: Placed, each: Placed, other: _Version) -> bool:
    """Whether two cues are as far from each other in `other`; what is not there at all is told by itself."""
    if one.cue.id not in other.placed or each.cue.id not in other.placed:
        return True
    there = other.placed[one.cue.id].start - other.placed[each.cue.id].start
    return abs((one.start - each.start) - there) <= GRID


def _beds(version: _Version, other: _Version) -> Iterator[tuple[int, int]]:
    """The beds that sound otherwise, and of the others the edges that are elsewhere under the words."""
    later = _Later(version, other)
    for one in version.beds:
        there = other.placed.get(one.cue.id)
        if there is None or version.sounds[one.cue.id] != other.sounds.get(one.cue.id):
            yield one.start, one.end
            continue
        for here, expected in ((one.start, later.of(there.start)), (one.end, later.of(there.end))):
            if abs(here - expected) > NEAR * RATE:
                yield max(0, min(here, expected)), max(here, expected)


class _Later:
    """How much later a moment of `other` comes in `version`, by the nearest cue before it that both have."""

    def __init__(self, version: _Version, other: _Version) -> None:
        both = [
            (there.start, version.placed[id].start - there.start)
            for id, there in other.placed.items()
            if id in version.placed and there.cue.role not in BEDS
        ]
        self._starts = [start for start, _ in sorted(both)]
        self._shifts = [shift for _, shift in sorted(both)]

    def of(self, frame: int) -> int:
        at = bisect_right(self._starts, frame) - 1
        return frame + (self._shifts[at] if at >= 0 else 0)


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Spans that touch as one, in seconds to the millisecond."""
    current: Span | None = None
    for start, end in spans:
        if current is not None and start - current[1] <= NEAR:
            current = (current[0], max(current[1], round(end, 3)))
            continue
        if current is not None:
            yield current
        current = (round(start, 3), round(end, 3))
    if current is not None:
        yield current


def _shown(span: Span) -> str:
    return f"{_clock(span[0])}–{_clock(span[1])}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"
