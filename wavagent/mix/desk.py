"""The desk: sums the strips of a segment. Its memory is the segment and the clips that sound in it."""

from collections.abc import Mapping

import numpy as np

from wavagent.audio import CHANNELS, Samples
from wavagent.dsp.duck import Envelope, gain
from wavagent.mix.rack import Rack, Slot
from wavagent.mix.segment import Segment
from wavagent.mix.strip import Strip
from wavagent.timeline import Role

BLOCK = 1 << 15
"""Frames that are summed together: few enough to stay in the processor's cache."""


class Desk:
    """Mixes segments in any order; clips that sound on into the next one are kept ready for it."""

    def __init__(self, rack: Rack, ducking: Mapping[Role, Envelope]) -> None:
        self._rack, self._ducking = rack, ducking
        self._slots: dict[str, Slot] = {}

    def mix(self, segment: Segment) -> Samples:
        """The sum of all that sounds in `segment`: float32 of shape (frames, 2), before mastering."""
        self._slots = {placed.cue.id: self._rack.slot(placed) for placed in segment.cues}
        mixed = np.zeros((CHANNELS, segment.stop - segment.start), np.float32).T
        for start in range(segment.start, segment.stop, BLOCK):
            stop = min(start + BLOCK, segment.stop)
            self._sum(mixed[start - segment.start : stop - segment.start], start, stop)
        return mixed

    def _sum(self, block: Samples, start: int, stop: int) -> None:
        """Add to `block` all that sounds from frame `start` to `stop`. What has died away by then is let go."""
        for id, slot in list(self._slots.items()):
            if slot.placed.start >= stop:
                continue  # it is not even made yet
            one = slot.strip
            first, last = max(start, one.placed.start), min(stop, one.last)
            if first < last:
                block[first - start : last - start] += self._ducked(one, first, last)
            if one.last <= stop:
                del self._slots[id]

    def _ducked(self, one: Strip, start: int, stop: int) -> Samples:
        sound = one.window(start, stop)
        envelope = self._ducking.get(one.placed.cue.role)
        return sound if envelope is None else sound * gain(envelope, start, stop - start)[:, np.newaxis]
