"""The pre-master: the mix of a whole programme before mastering, kept in segments with their loudness."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from wavagent.audio import CHANNELS, RATE, Audio, Samples
from wavagent.dsp.duck import Envelope
from wavagent.dsp.gain import peak
from wavagent.dsp.loudness import Loudness
from wavagent.errors import StoreError
from wavagent.event import Event, Listener, silent
from wavagent.mix.desk import Desk
from wavagent.mix.level import DUCKS
from wavagent.mix.place import Layout
from wavagent.mix.segment import Segment, segments
from wavagent.mix.strip import Source
from wavagent.store import Entry, Store
from wavagent.timeline import Role

T = TypeVar("T")

_PEAK = struct.Struct("<d")

HOPS = 100
"""Loudness is metered in hops of 10 ms, the grid on which segments start."""


class Damaged(StoreError):
    """A clip that the mix needs is gone from the store or damaged, and was removed; running again makes it anew."""


@dataclass(frozen=True)
class Premaster:
    """A mixed programme in the store: `blocks()` reads it segment by segment, float32 of shape (n, 2).

    `mixed` are the segments that were mixed anew, the others were found.
    """

    store: Store
    segments: Sequence[Segment]
    levels: Sequence[tuple[float, Loudness]]
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
        return max((highest for highest, _ in self.levels), default=0.0)

    @cached_property
    def loudness(self) -> Loudness:
        """The loudness of the whole."""
        return Loudness.joined([loudness for _, loudness in self.levels])

    def blocks(self) -> Iterator[Samples]:
        return self.since(0)

    def since(self, start: int) -> Iterator[Samples]:
        """The blocks from frame `start` on."""
        for segment in self.segments:
            if segment.stop <= start:
                continue
            samples = _read(self.store, segment)
            if samples is None:
                raise Damaged("a mixed stretch is gone from the store; run the same command again")
            yield from cut(samples[max(0, start - segment.start) :], RATE)


def premaster(
    layout: Layout,
    entries: Mapping[str, Entry],
    store: Store,
    *,
    workers: int = 1,
    listen: Listener = silent,
) -> Premaster:
    """Mix `layout`, or what of it the store does not have. The samples do not depend on `workers`.

    Raises Damaged when a clip is gone.
    """
    ducks = ducking(layout)
    parts = list(segments(layout, entries, ducks))
    known = {segment.key: levels for segment in parts if (levels := _levels(store, segment)) is not None}
    missing = list({segment.key: segment for segment in parts if segment.key not in known}.values())
    listen(Event("mix", "start", 0.0, len(parts)))

    def mix(stretch: Sequence[Segment]) -> list[tuple[str, tuple[float, Loudness]]]:
        desk = Desk(loader(entries, store), ducks)
        made = []
        for segment in stretch:
            made.append((segment.key, _keep(store, segment, desk.mix(segment))))
            listen(Event("mix", "progress", len(known) + len(made), len(parts)))
        return made

    for made in _spread(mix, missing, workers):
        known.update(made)
    listen(Event("mix", "end", len(parts), len(parts)))
    return Premaster(store, parts, [known[segment.key] for segment in parts], missing)


def _spread(work: Callable[[Sequence[Segment]], T], items: Sequence[Segment], workers: int) -> Iterator[T]:
    """`work` on `items` in as many stretches as there are workers."""
    size = max(1, -(-len(items) // workers))
    stretches = [items[start : start + size] for start in range(0, len(items), size)]
    with ThreadPoolExecutor(workers, "wavagent-mix") as threads:
        yield from threads.map(work, stretches)


def loader(entries: Mapping[str, Entry], store: Store) -> Source:
    """What gives the clip that a call made. It raises Damaged when that is gone."""

    def load(call: str) -> Audio:
        clip = store.clip(entries[call])
        if clip is None:
            raise Damaged(f"the clip of '{call}' is damaged in the store")
        return clip

    return load


def ducking(layout: Layout) -> dict[Role, Envelope]:
    """How far the beds of each role go down, and when."""
    speech = [(one.start, one.end) for one in layout.placed if one.cue.role == "speech" and one.cue.clip]
    return {role: Envelope.of(speech, RATE, depth) for role, depth in DUCKS.items()}


def cut(samples: Samples, frames: int) -> Iterator[Samples]:
    """`samples` in blocks of at most `frames`, which stay in the processor's cache while they are worked on."""
    for start in range(0, len(samples), frames):
        yield samples[start : start + frames]


def _levels(store: Store, segment: Segment) -> tuple[float, Loudness] | None:
    """What is known of a mixed segment, if it is still there."""
    data = store.get_bytes("levels", segment.key)
    if data is None or not store.has_bytes("mix", segment.key):
        return None
    return _PEAK.unpack_from(data)[0], Loudness.from_bytes(data[_PEAK.size :])


def _keep(store: Store, segment: Segment, samples: Samples) -> tuple[float, Loudness]:
    highest, loudness = peak(samples), Loudness.of(samples, RATE, HOPS)
    store.put_bytes("mix", segment.key, samples.data.cast("B"))
    store.put_bytes("levels", segment.key, _PEAK.pack(highest) + loudness.to_bytes())
    return highest, loudness


def _read(store: Store, segment: Segment) -> Samples | None:
    data = store.get_bytes("mix", segment.key)
    return None if data is None else np.frombuffer(data, np.float32).reshape(-1, CHANNELS)
