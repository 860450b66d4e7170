"""Stems: what a pre-master is the sum of, apart. Speech by character, music, ambience, effects, recordings.

All are as long as the whole and start with it. Beds duck in their stems as they do in the mix.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from wavagent.audio import RATE, Samples
from wavagent.export.lane import lanes
from wavagent.mix.desk import Desk
from wavagent.mix.place import Layout
from wavagent.mix.premaster import ducking, loader
from wavagent.mix.rack import Rack
from wavagent.mix.segment import segments
from wavagent.mix.strip import entering_gain
from wavagent.programme import Clip, Placed, Programme
from wavagent.store import Entry, Store
from wavagent.timeline import BEDS


@dataclass(frozen=True)
class Stem:
    """A stem's name for people, and its samples: a fresh pass over blocks of shape (n, 2)."""

    name: str
    blocks: Callable[[], Iterator[Samples]]


def stems(layout: Layout, entries: Mapping[str, Entry], store: Store, names: Mapping[str, str]) -> list[Stem]:
    """The stems of `layout`, speech first and otherwise in order of entrance.

    `names` are the speakers' names, by id. Reading a stem raises Damaged when a clip is gone.
    """
    return [Stem(name, _reader(layout, part, entries, store)) for name, part in lanes(layout.placed, names).items()]


def _reader(
    layout: Layout, part: tuple[Placed, ...], entries: Mapping[str, Entry], store: Store
) -> Callable[[], Iterator[Samples]]:
    ducks = ducking(layout)

    def blocks() -> Iterator[Samples]:
        desk = Desk(Rack(loader(entries, store)), ducks)
        for segment in segments(replace(layout, placed=part), entries, ducks):
            yield desk.mix(segment)

    return blocks


def without_beds(layout: Layout) -> Layout:
    """`layout` without music and ambience, for specifications that ask for a floor as quiet as a studio's."""
    return replace(layout, placed=tuple(placed for placed in layout.placed if placed.cue.role not in BEDS))


def opened(programme: Programme, layout: Layout, entries: Mapping[str, Entry], store: Store) -> Programme:
    """`programme` with what it is made of, for exports that are edited further."""
    load = loader(entries, store)

    def clip(placed: Placed) -> Clip:
        assert placed.cue.clip is not None
        heard = load(placed.cue.clip)
        return Clip(heard.audio, entering_gain(heard.loudness, placed.cue))

    ducks = {
        role: tuple(
            (float(frame) / RATE, float(level)) for frame, level in zip(envelope.frames, envelope.levels, strict=True)
        )
        for role, envelope in ducking(layout).items()
    }
    return replace(programme, clip=clip, ducks=ducks)
