"""The opening of a mix, while clips of what follows are still being made.

With the clips there are, a timeline is placed as if the others had no length: then nothing is placed later than it
will be. What comes before the first thing that can still move, or change, is final, to the sample.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from wavagent.audio import CHANNELS, RATE, Samples
from wavagent.dsp.duck import ATTACK, HOLD, RELEASE
from wavagent.mix.desk import Desk
from wavagent.mix.place import Layout, place
from wavagent.mix.premaster import ducking, loader
from wavagent.mix.rack import Rack
from wavagent.mix.segment import Segment, died_away
from wavagent.programme import Placed
from wavagent.store import Entry, Store
from wavagent.timeline import BEDS, Point, Timeline

REACH = round((ATTACK + RELEASE + HOLD) * RATE)
"""Frames before a line in which beds may already give way to it."""

BLOCK = 10 * RATE
"""Frames that are mixed together at most."""


@dataclass(frozen=True)
class Opening:
    """The pre-master of `timeline` from its start, as far as each of `made`, entries by call, allows.

    `left_out` are the clips that will not come, as far as that is known by then.

    `blocks()`, once, gives float32 of shape (n, 2). Joined they are the pre-master, bit for bit. It raises Damaged
    when a clip is gone.
    """

    timeline: Timeline
    made: Iterable[Mapping[str, Entry]]
    store: Store
    rate: int = RATE
    channels: int = CHANNELS
    left_out: Container[str] = ()

    def blocks(self) -> Iterator[Samples]:
        at = 0
        for entries in self.made:
            timeline = self.timeline.without(self.left_out)
            layout = place(timeline, entries)
            final = horizon(timeline, layout, entries)
            if final > at:
                yield from _window(layout, entries, self.store, at, final)
                at = final


def horizon(timeline: Timeline, layout: Layout, entries: Mapping[str, Entry]) -> int:
    """The frame before which nothing will change any more: all of them when every clip is there."""
    settled = _settled(timeline, entries)
    if len(settled) == 2 * len(timeline.cues):
        return layout.frames
    return max(0, min(bound for one in layout.placed if (bound := _bound(one, settled, entries)) is not None))


def _settled(timeline: Timeline, entries: Mapping[str, Entry]) -> set[Point]:
    """The starts and the ends of cues that are where they will be; an end only with its clip."""
    found: set[Point] = set()
    for point in timeline.points():
        cue = timeline.by_id[point[0]]
        made = point[1] == "start" or cue.clip is None or cue.clip in entries
        if made and cue.needs[point] <= found:
            found.add(point)
    return found


def _bound(one: Placed, settled: set[Point], entries: Mapping[str, Entry]) -> int | None:
    """The first frame at which a cue that is not settled may sound otherwise than it does now; None if it is."""
    cue = one.cue
    if (cue.id, "end") in settled:
        return None
    rise, fall = round(cue.fade_in * RATE), round(cue.fade_out * RATE)
    sounds = cue.role in BEDS and cue.clip in entries and (cue.id, "start") in settled
    if sounds and one.end - one.start > 2 * max(rise, fall):
        return one.end - fall - 1  # it has begun, and will not end before that
    return one.start - REACH


def _window(layout: Layout, entries: Mapping[str, Entry], store: Store, start: int, stop: int) -> Iterator[Samples]:
    desk = Desk(Rack(loader(entries, store)), ducking(layout))
    sounding = [one for one in layout.placed if one.cue.clip in entries and one.end > one.start]
    for first in range(start, stop, BLOCK):
        last = min(first + BLOCK, stop)
        cues = tuple(one for one in sounding if one.start < last and died_away(one) > first)
        yield desk.mix(Segment(first, last, cues, ""))
