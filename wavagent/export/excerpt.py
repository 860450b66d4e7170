"""A part of a programme as a programme of its own, with silence before and after it if wanted."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wavagent.audio import Samples
from wavagent.dsp.fade import edges
from wavagent.programme import Mark, Placed, Programme

FADE = 0.01
"""Seconds over which an excerpt rises and falls where it was cut off: a cut is never heard as a click."""

LINGER = 1.5
"""Seconds for which a sample goes on after its last line at most, falling."""


def excerpt(
    programme: Programme, start: int, stop: int, lead: int = 0, trail: int = 0, fall: float = FADE
) -> Programme:
    """Frames `start` to `stop` of `programme`, behind `lead` frames of silence and before `trail` of them.

    What of its cues and chapters sounds in there comes with it, at its new place; what does not is left out. Where it
    was cut off it falls silent over `fall` seconds.
    """

    def blocks() -> Iterator[Samples]:
        yield from _silence(lead, programme.channels)
        yield from _faded(_window(programme, start, stop), programme, start, stop, fall)
        yield from _silence(trail, programme.channels)

    moved = lead - start
    return replace(
        programme,
        frames=lead + stop - start + trail,
        blocks=blocks,
        since=None,
        placed=tuple(_cut(one, start, stop, moved) for one in programme.placed if one.start < stop and one.end > start),
        chapters=_chapters(programme, start, stop, moved / programme.rate, (lead + stop - start + trail)),
    )


def _cut(one: Placed, start: int, stop: int, moved: int) -> Placed:
    """What of a cue sounds between two frames; of a line whose beginning does not, no word's time is known."""
    words = one.words if one.start >= start else ()
    return replace(one, start=max(one.start, start) + moved, end=min(one.end, stop) + moved, words=words)


def sample(programme: Programme, seconds: float) -> Programme:
    """The beginning of `programme`, at most so many seconds of it, up to the end of a line, and the text of that.

    Where no line ends in that time, it ends in the middle of one.
    """
    limit = round(seconds * programme.rate)
    if programme.frames <= limit:
        return programme
    lines = [one for one in programme.placed if one.cue.role == "speech"]
    ends = [
        one.end for one in lines if one.end <= limit and not any(other.start < one.end < other.end for other in lines)
    ]
    last = max(ends, default=limit)
    following = min((one.start for one in lines if one.start >= last), default=programme.frames)
    stop = min(limit, following, last + round(LINGER * programme.rate))
    found = excerpt(programme, 0, stop, fall=max(FADE, (stop - last) / programme.rate))
    heard = {one.cue.id for one in found.placed}
    told = [number for number, passage in enumerate(programme.passages, 1) if passage.cue in heard]
    return replace(found, passages=programme.passages[: max(told, default=0)])


def by_chapter(programme: Programme) -> Iterator[Programme]:
    """Every chapter as a programme of its own, its tags naming it and the whole as its album."""
    marks, tags = programme.chapters, programme.tags
    for number, mark in enumerate(marks, 1):
        start, stop = round(mark.start * programme.rate), round(mark.end * programme.rate)
        part = excerpt(programme, start, min(stop, programme.frames))
        title = mark.title or f"{tags.title} {number}"
        yield replace(part, tags=replace(tags, title=title, album=tags.title, track=number, tracks=len(marks)))


def _chapters(programme: Programme, start: int, stop: int, moved: float, frames: int) -> tuple[Mark, ...]:
    """The chapters in there, contiguous, over the whole of the excerpt."""
    first, last = start / programme.rate, stop / programme.rate
    inside = [mark for mark in programme.chapters if mark.start < last and mark.end > first]
    bounds = [0.0, *(mark.start + moved for mark in inside[1:]), frames / programme.rate]
    return tuple(Mark(mark.title, bounds[n], bounds[n + 1]) for n, mark in enumerate(inside))


def _window(programme: Programme, start: int, stop: int) -> Iterator[Samples]:
    """The samples of frames `start` to `stop`."""
    at, blocks = (start, programme.since(start)) if programme.since else (0, programme.blocks())
    for block in blocks:
        if at >= stop:
            return
        if len(part := block[max(0, start - at) : stop - at]):
            yield part
        at += len(block)


def _faded(blocks: Iterator[Samples], programme: Programme, start: int, stop: int, fall: float) -> Iterator[Samples]:
    half = (stop - start) // 2
    rising = min(round(FADE * programme.rate), half) * (start > 0)
    falling = min(round(fall * programme.rate), half) * (stop < programme.frames)
    at = 0
    for block in blocks:
        shape = edges(at, len(block), stop - start, rising, falling, "linear")
        yield block if shape is None else block * shape[:, np.newaxis]
        at += len(block)


def _silence(frames: int, channels: int) -> Iterator[Samples]:
    for start in range(0, frames, 48_000):
        yield np.zeros((min(48_000, frames - start), channels), np.float32)
