"""Placing: a timeline of moments becomes cues with frames, once the lengths of the clips are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wavagent.audio import RATE, Word
from wavagent.dsp.resample import resampled_frames
from wavagent.programme import Mark, Placed
from wavagent.store import Entry
from wavagent.timeline import BEDS, Cue, Edge, Moment, Point, Timeline

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
    for id, edge in timeline.points():
        placing.put(timeline.by_id[id], edge)
    placed = tuple(sorted(map(placing.placed, timeline), key=lambda one: (one.start, one.cue.id)))
    last = max((one.end for one in placed), default=round(timeline.head * RATE))
    frames = last + round(timeline.tail * RATE)
    return Layout(placed, tuple(_chapters(timeline, placing.frames, frames)), frames)


class _Placing:
    """The points placed so far: `frames` are those of starts and of ends (exclusive).

    The two are placed by themselves: a line may wait for a bed to begin that waits for the line to end.
    """

    def __init__(self, timeline: Timeline, entries: Mapping[str, Entry]) -> None:
        self._timeline, self._entries = timeline, entries
        self.frames: dict[Point, int] = {}

    def put(self, cue: Cue, edge: Edge) -> None:
        self.frames[cue.id, edge] = self._start(cue) if edge == "start" else self._end(cue)

    def placed(self, cue: Cue) -> Placed:
        entry = self._entries.get(cue.clip or "")
        start, end = self.frames[cue.id, "start"], self.frames[cue.id, "end"]
        return Placed(cue, start, end, entry.words if entry is not None else ())

    def _start(self, cue: Cue) -> int:
        start = max(0, self._frame(cue.start))
        on_the_grid = cue.role not in BEDS and cue.start.edge != "word"
        return round(start / GRID) * GRID if on_the_grid else start

    def _end(self, cue: Cue) -> int:
        start = self.frames[cue.id, "start"]
        ends = []
        if cue.end is not None:
            ends.append(self._frame(cue.end))
        if cue.seconds is not None:
            ends.append(start + round(cue.seconds * RATE))
        entry = self._entries.get(cue.clip or "")
        if entry is not None and not (cue.loop and ends):
            ends.append(start + resampled_frames(entry.frames, entry.rate, RATE))
        return max(start, min(ends, default=start))

    def _frame(self, moment: Moment) -> int:
        offset = round(moment.offset * RATE)
        if moment.of is None:
            return offset
        if moment.edge == "word":
            return self._word(self.placed(self._timeline.by_id[moment.of]), moment.at) + offset
        return self.frames[moment.of, moment.edge] + offset

    def _word(self, line: Placed, at: int) -> int:
        """The frame of the word at character `at` of what is said; without word times, in proportion."""
        if (word := _heard(line.words, at)) is not None:
            return line.start + round(word.start * RATE)
        said = line.cue.said or line.cue.text
        return line.start + round((line.end - line.start) * min(1.0, at / max(1, len(said))))


def _heard(words: tuple[Word, ...], at: int) -> Word | None:
    return next((word for word in words if word.last > at), None)


def _chapters(timeline: Timeline, points: Mapping[Point, int], frames: int) -> Iterator[Mark]:
    """Contiguous chapters from 0 to the end; what comes before the first heading belongs to the story's title."""
    starts = [(points[chapter.cue, "start"], chapter.title) for chapter in timeline.chapters]
    if not starts or starts[0][0] > FOREWORD * RATE:
        starts.insert(0, (0, timeline.title))
    starts[0] = (0, starts[0][1])
    for (start, title), end in zip(starts, [*(at for at, _ in starts[1:]), frames], strict=True):
        yield Mark(title, start / RATE, end / RATE)
