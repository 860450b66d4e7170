"""Placing: a timeline of moments becomes cues with frames, once the lengths of the clips are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from wavagent.audio import RATE, Word
from wavagent.dsp.resample import resampled_frames
from wavagent.programme import Mark, Placed
from wavagent.store import Entry
from wavagent.timeline import BEDS, Cue, Moment, Timeline

GRID = RATE // 100
"""Foreground cues start on a grid of 10 ms, so that an edit moves what follows by whole hops of the loudness meter
and finds it mixed already. No pause is off by more than half of it."""

FOREWORD = 5.0
"""Seconds: what comes before the first heading is a chapter of its own when it is longer than this."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is: the cues in order of start, the chapters, and the length of the whole, in frames."""

    placed: tuple[Placed, ...]
    chapters: tuple[Mark, ...]
    frames: int


def place(timeline: Timeline, entries: Mapping[str, Entry]) -> Layout:
    """The layout of `timeline` with the clips of `entries`, by call."""
    placing = _Placing(timeline, entries)
    for id in _order(timeline):
        placing.put(timeline.by_id[id])
    spans = placing.spans
    placed = tuple(sorted((Placed(cue, *spans[cue.id]) for cue in timeline), key=lambda p: (p.start, p.cue.id)))
    last = max((one.end for one in placed), default=round(timeline.head * RATE))
    frames = last + round(timeline.tail * RATE)
    return Layout(placed, tuple(_chapters(timeline, spans, frames)), frames)


def _order(timeline: Timeline) -> Iterator[str]:
    """Cue ids, each after those it is placed by. The compiler has refused circles."""
    waits = {
        cue.id: [moment.of for moment in (cue.start, cue.end) if moment is not None and moment.of is not None]
        for cue in timeline
    }
    return iter(TopologicalSorter(waits).static_order())


class _Placing:
    """The cues placed so far: `spans` are first and last (exclusive) frames by cue id."""

    def __init__(self, timeline: Timeline, entries: Mapping[str, Entry]) -> None:
        self._timeline, self._entries = timeline, entries
        self.spans: dict[str, tuple[int, int]] = {}

    def put(self, cue: Cue) -> None:
        start = max(0, self._frame(cue.start))
        if cue.role not in BEDS and cue.start.edge != "word":
            start = round(start / GRID) * GRID
        self.spans[cue.id] = (start, max(start, self._end(cue, start)))

    def _end(self, cue: Cue, start: int) -> int:
        ends = []
        if cue.end is not None:
            ends.append(self._frame(cue.end))
        if cue.seconds is not None:
            ends.append(start + round(cue.seconds * RATE))
        entry = self._entries.get(cue.clip or "")
        if entry is not None and not (cue.loop and ends):
            ends.append(start + resampled_frames(entry.frames, entry.rate, RATE))
        return min(ends, default=start)

    def _frame(self, moment: Moment) -> int:
        offset = round(moment.offset * RATE)
        if moment.of is None:
            return offset
        start, end = self.spans[moment.of]
        if moment.edge == "word":
            return start + offset + self._word(self._timeline.by_id[moment.of], moment.at, end - start)
        return (start if moment.edge == "start" else end) + offset

    def _word(self, cue: Cue, at: int, frames: int) -> int:
        """Frames from the start of `cue` to the word at character `at`; without word times, in proportion."""
        entry = self._entries.get(cue.clip or "")
        if entry is not None and (word := _heard(entry.words, at)) is not None:
            return round(word.start * RATE)
        return round(frames * min(1.0, at / max(1, len(cue.text))))


def _heard(words: tuple[Word, ...], at: int) -> Word | None:
    return next((word for word in words if word.last > at), None)


def _chapters(timeline: Timeline, spans: Mapping[str, tuple[int, int]], frames: int) -> Iterator[Mark]:
    """Contiguous chapters from 0 to the end; what comes before the first heading belongs to the story's title."""
    starts = [(spans[chapter.cue][0], chapter.title) for chapter in timeline.chapters]
    if not starts or starts[0][0] > FOREWORD * RATE:
        starts.insert(0, (0, timeline.title))
    starts[0] = (0, starts[0][1])
    for (start, title), end in zip(starts, [*(at for at, _ in starts[1:]), frames], strict=True):
        yield Mark(title, start / RATE, end / RATE)
