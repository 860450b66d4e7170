"""Reaper projects: a track for each speaker, music, ambience and effects, a marker for each chapter, clips to edit.

The format is text, read and written by Reaper; tags and numbers as in projects that Reaper 6 saves.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from wavagent.dsp.gain import linear
from wavagent.export.place import write_text
from wavagent.export.session import Take, Track, session
from wavagent.programme import Programme
from wavagent.text import one_line, shown

EQUAL_POWER, STRAIGHT = 1, 0
"""Reaper's numbers for the shapes of fades."""


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`, and its clips to a folder beside it. Raises OutputError."""
    tracks = session(programme, path)
    lines = [
        '<REAPER_PROJECT 0.1 "6.80" 0',
        f"  SAMPLERATE {programme.rate} 1 0",
        "  TEMPO 120 4 4",
        *(f"  MARKER {n} {_number(mark.start)} {quoted(mark.title)} 0" for n, mark in enumerate(programme.chapters, 1)),
        *(line for track in tracks for line in _track(track, programme.rate)),
        ">",
    ]
    write_text(path, "\n".join(lines) + "\n")


def _track(track: Track, rate: int) -> Iterator[str]:
    yield "  <TRACK"
    yield f"    NAME {quoted(track.name)}"
    yield "    VOLPAN 1 0 -1 -1 1"
    if track.ducks:
        yield from _envelope(track.ducks)
    for take in track.takes:
        yield from _item(take, rate)
    yield "  >"


def _envelope(points: Iterable[tuple[float, float]]) -> Iterator[str]:
    yield "    <VOLENV2"
    yield "      ACT 1 -1"
    yield "      VIS 1 1 1"
    yield "      ARM 0"
    yield "      DEFSHAPE 0 -1 -1"
    yield from (
        f"      PT {_number(seconds)} {_number(linear(level))} 0" for seconds, level in points if seconds >= 0.0
    )
    yield "    >"


def _item(take: Take, rate: int) -> Iterator[str]:
    cue = take.placed.cue
    shape = EQUAL_POWER if cue.loop else STRAIGHT
    name = shown(cue.text) or cue.id
    note = name if cue.space == "dry" else f"{name} [{cue.space}]"
    yield "    <ITEM"
    yield f"      POSITION {_number(take.placed.start / rate)}"
    yield f"      LENGTH {_number((take.placed.end - take.placed.start) / rate)}"
    yield f"      LOOP {int(cue.loop)}"
    yield f"      FADEIN {shape} {_number(take.fade_in)} 0 {shape} 0 0 0"
    yield f"      FADEOUT {shape} {_number(take.fade_out)} 0 {shape} 0 0 0"
    yield f"      NAME {quoted(note)}"
    yield f"      VOLPAN {_number(linear(take.gain))} {_number(cue.pan)} 1 -1"
    yield "      SOFFS 0"
    yield "      <SOURCE WAVE"
    yield f"        FILE {quoted(take.file)}"
    yield "      >"
    yield "    >"


def quoted(text: str) -> str:
    """`text` between the marks that Reaper reads: the first of " ' ` that is not in it."""
    line = one_line(text)
    for mark in "\"'`":
        if mark not in line:
            return f"{mark}{line}{mark}"
    return "`" + line.replace("`", "'") + "`"


def _number(value: float) -> str:
    return f"{value:.12g}"
