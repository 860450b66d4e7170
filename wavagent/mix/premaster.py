"""The pre-master: the mix of a whole programme before mastering, kept in segments with their loudness."""

import struct
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from wavagent.audio import CHANNELS, RATE, Samples
from wavagent.dsp.duck import Envelope
from wavagent.dsp.gain import peak
from wavagent.dsp.loudness import Loudness, clip_loudness
from wavagent.errors import StoreError
from wavagent.event import Event, Listener, silent
from wavagent.mix.desk import Desk
from wavagent.mix.level import DUCKS
from wavagent.mix.place import Layout
from wavagent.mix.rack import Rack
from wavagent.mix.segment import Segment, segments
from wavagent.mix.strip import Metered, Source
from wavagent.store import Entry, Store
from wavagent.timeline import Role

_PEAK = struct.Struct("<d")

HOPS = 100
"""A segment is metered in hops of 10 ms, the grid on which segments start."""


class Damaged(StoreError):
    """A clip or segment is gone from the store or damaged, and was removed; running again makes it anew."""


@dataclass(frozen=True)
class Premaster:
    """A mixed programme in the store: `blocks()` reads it segment by segment, float32 of shape (n, 2).

    `mixed` are the segments that were mixed anew, the others were found. What is asked of it raises Damaged when a
    segment is gone.
    """

    store: Store
    segments: Sequence[Segment]
    mixed: Sequence[Segment] = field(default=())

    @property
    def frames(self) -> int:
        return self.segments[-1].stop if self.segments else 0

    @property
    def rate(self) -> int:
        return RATE

    @property
    def channels(self) -> int:
        return CHANNELS

    @property
    def peak(self) -> float:
        """The highest sample, linear."""
        return self._levels[0]

    @property
    def loudness(self) -> Loudness:
        """The loudness of the whole, in hops of 100 ms."""
        return self._levels[1]

    @cached_property
    def _levels(self) -> tuple[float, Loudness]:
        peaks: list[float] = []

        def parts() -> Iterator[Loudness]:
            for segment in self.segments:
                highest, loudness = _levels(self.store, segment)
                peaks.append(highest)
                yield loudness

        loudness = Loudness.joined(parts(), hops=10)
        return max(peaks), loudness

    def blocks(self) -> Iterator[Samples]:
        return self.since(0)

    def since(self, start: int) -> Iterator[Samples]:
        """The blocks from frame `start` on."""
        for segment in self.segments:
            if segment.stop > start:
                yield from cut(_read(self.store, segment)[max(0, start - segment.start) :], RATE)


def premaster(
    layout: Layout,
    entries: Mapping[str, Entry],
    store: Store,
    *,
    workers: int = 1,
    listen: Listener = silent,
    within: tuple[int, int] | None = None,
) -> Premaster:
    """Mix `layout`, or what of it the store does not have; `within` two frames, only the segments that reach in there.

    The samples do not depend on `workers`. Raises Damaged when a clip is gone.
    """
    ducks = ducking(layout)
    rack = Rack(loader(entries, store))
    parts = list(segments(layout, entries, ducks, within))
    missing = list({segment.key: segment for segment in parts if not _is_kept(store, segment)}.values())
    waiting = deque(missing)
    listen(Event("mix", "start", 0.0, len(parts)))

    def mix() -> None:
        desk = Desk(rack, ducks)
        try:
            while segment := _next(waiting):
                _keep(store, segment, desk.mix(segment))
                listen(Event("mix", "progress", len(parts) - len(waiting), len(parts)))
        except BaseException:
            waiting.clear()  # the others stop, too
            raise

    _together(mix, min(workers, len(missing)))
    listen(Event("mix", "end", len(parts), len(parts)))
    return Premaster(store, parts, missing)


def _next(waiting: deque[Segment]) -> Segment | None:
    """The segment whose turn it is. They are dealt in order, so that workers are near each other and share beds."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _together(work: Callable[[], None], workers: int) -> None:
    """`work` in so many threads; in this one where one will do."""
    if workers < 2:
        return work()
    with ThreadPoolExecutor(workers - 1, "wavagent-mix") as threads:
        others = [threads.submit(work) for _ in range(workers - 1)]
        work()
        for other in others:
            other.result()


def loader(entries: Mapping[str, Entry], store: Store) -> Source:
    """What gives the clip that a call made. It raises Damaged when that is gone."""

    def load(call: str) -> Metered:
        entry = entries[call]
        clip = store.clip(entry)
        if clip is None:
            raise Damaged(f"the clip of '{call}' is damaged in the store")
        loudness = clip_loudness(clip.samples, clip.rate) if entry.loudness is None else entry.loudness
        return Metered(clip, loudness)

    return load


def ducking(layout: Layout) -> dict[Role, Envelope]:
    """How far the beds of each role go down, and when."""
    speech = [(one.start, one.end) for one in layout.placed if one.cue.role == "speech" and one.cue.clip]
    return {role: Envelope.of(speech, RATE, depth) for role, depth in DUCKS.items()}


def cut(samples: Samples, frames: int) -> Iterator[Samples]:
    """`samples` in blocks of at most `frames`, which stay in the processor's cache while they are worked on."""
    for start in range(0, len(samples), frames):
        yield samples[start : start + frames]


def _is_kept(store: Store, segment: Segment) -> bool:
    return store.has_bytes("mix", segment.key) and store.has_bytes("levels", segment.key)


def _keep(store: Store, segment: Segment, samples: Samples) -> None:
    """Keep a segment, channel by channel, and its levels."""
    levels = _PEAK.pack(peak(samples)) + Loudness.of(samples, RATE, HOPS).to_bytes()
    store.put_bytes("mix", segment.key, np.ascontiguousarray(samples.T).data.cast("B"))
    store.put_bytes("levels", segment.key, levels)


def _levels(store: Store, segment: Segment) -> tuple[float, Loudness]:
    """The peak and the loudness of a kept segment."""
    data = _kept(store, "levels", segment)
    return _PEAK.unpack_from(data)[0], Loudness.from_bytes(bytes(data[_PEAK.size :]))


def _read(store: Store, segment: Segment) -> Samples:
    return np.frombuffer(_kept(store, "mix", segment), np.float32).reshape(CHANNELS, -1).T


def _kept(store: Store, kind: str, segment: Segment) -> memoryview:
    data = store.view(kind, segment.key)
    if data is None:
        raise Damaged("a mixed stretch is gone from the store; run the same command again")
    return data
