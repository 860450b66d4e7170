"""Segments: stretches of the programme that are mixed, kept and found again by what sounds in them.

The mix of a stretch depends on nothing but the clips that sound in it, where they are relative to its start, and
the ducking there. So a segment has a key, like any other result, and an edit mixes anew only what it changes. Cuts
stand where scenes start and before lines that a hash of their id picks out: an edit elsewhere moves no cut.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wavagent.audio import RATE
from wavagent.dsp.duck import Envelope
from wavagent.dsp.reverb import tail_frames
from wavagent.mix.place import GRID, Layout
from wavagent.programme import Placed
from wavagent.store import Entry, key_of
from wavagent.timeline import BEDS, Role

if TYPE_CHECKING:
    from pydantic import JsonValue

VERSION = "2"
"""Part of every segment's key: raise it when the mixer sounds different."""

LONGEST = 15 * RATE
"""Frames; a longer stretch is cut anyway, so that memory stays bounded."""

PICK = 4
"""One line in so many has a cut before it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames `start` to `stop` of the programme, the cues that sound in them, and the key of their mix."""

    start: int
    stop: int
    cues: tuple[Placed, ...]
    key: str


def segments(
    layout: Layout,
    entries: Mapping[str, Entry],
    ducking: Mapping[Role, Envelope],
    within: tuple[int, int] | None = None,
) -> Iterator[Segment]:
    """The segments of `layout`, in order; with `within`, those that reach between its two frames. `ducking` is by role.

    Only the clips of the segments that are given need to be among `entries`.
    """
    sounding = [placed for placed in layout.placed if placed.cue.clip is not None and placed.end > placed.start]
    active: list[Placed] = []
    upcoming = iter(sounding)
    following = next(upcoming, None)
    cuts = _cuts(layout)
    for start, stop in zip(cuts, cuts[1:], strict=False):
        active = [placed for placed in active if died_away(placed) > start]
        while following is not None and following.start < stop:
            active.append(following)
            following = next(upcoming, None)
        if within is not None and (stop <= within[0] or start >= within[1]):
            continue
        yield Segment(start, stop, tuple(active), _key(start, stop, active, entries, ducking))


def _cuts(layout: Layout) -> Sequence[int]:
    """The frames at which segments start, and the last one."""
    cuts, scene = [0], ""
    turns: list[int] = []
    for placed in layout.placed:
        if placed.cue.role in BEDS or placed.start % GRID:
            continue
        if placed.start > cuts[-1] and (placed.cue.scene != scene or _picked(placed.cue.id)):
            cuts.extend((*_bounded(cuts[-1], placed.start, turns), placed.start))
            turns.clear()
        turns.append(placed.start)
        scene = placed.cue.scene
    return [*cuts, *_bounded(cuts[-1], layout.frames, turns), layout.frames]


def _bounded(start: int, stop: int, turns: Sequence[int]) -> Iterator[int]:
    """Cuts that leave nothing longer than LONGEST, at the latest of `turns` where that can be: so a line is whole."""
    while stop - start > LONGEST:
        start = max((turn for turn in turns if start < turn <= start + LONGEST), default=start + LONGEST)
        yield start


def _picked(id: str) -> bool:
    return hashlib.sha256(id.encode()).digest()[0] % PICK == 0


def _key(
    start: int,
    stop: int,
    cues: Sequence[Placed],
    entries: Mapping[str, Entry],
    ducking: Mapping[Role, Envelope],
) -> str:
    sounds: list[JsonValue] = [_sound(placed, start, entries) for placed in cues]
    ducks: dict[str, JsonValue] = {
        role: _ducked(envelope, start, stop)
        for role, envelope in ducking.items()
        if any(placed.cue.role == role for placed in cues)
    }
    return key_of(mix=VERSION, frames=stop - start, sounds=sounds, ducks=ducks)


def died_away(placed: Placed) -> int:
    """The frame at which a cue has rung out in its space."""
    return placed.end + tail_frames(placed.cue.space, "normal", RATE)


def _ducked(envelope: Envelope, start: int, stop: int) -> "list[JsonValue]":
    """What an envelope does between two frames: its levels there and its breakpoints between, relative to `start`."""
    if not len(envelope.frames):
        return []
    first, last = np.searchsorted(envelope.frames, (start, stop))
    at = np.concatenate([[start], envelope.frames[first:last], [stop]])
    levels = np.interp(at, envelope.frames, envelope.levels)
    return [[float(frame - start), round(float(level), 6)] for frame, level in zip(at, levels, strict=True)]


def _sound(placed: Placed, start: int, entries: Mapping[str, Entry]) -> "list[JsonValue]":
    """All that decides how a cue sounds, with its place relative to the segment."""
    cue = placed.cue
    assert cue.clip is not None
    digest, place = entries[cue.clip].digest, (placed.start - start, placed.end - start)
    return [digest, cue.role, *place, cue.gain, cue.pan, cue.space, cue.loop, cue.seam, cue.fade_in, cue.fade_out]
