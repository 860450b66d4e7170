"""A mix taken apart for an editor: its clips as files, and where each of them lies on which track.

What a mixer does with a clip is kept as far as editors know it: place, length, gain, pan, fades, repetition, and how
beds give way to speech. The reverb of a space is not; its name goes along as a note.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wavagent.dsp.fade import DECLICK
from wavagent.errors import OutputError
from wavagent.export import wav
from wavagent.export.lane import lanes
from wavagent.export.stream import require_sound
from wavagent.programme import Clip, Placed, Programme, Tags
from wavagent.text import slug
from wavagent.timeline import BEDS, Role

CENTRE = 10.0 * math.log10(0.5)
"""dB by which a mix lowers a mono clip in each channel where it stands in the middle; editors play it in full."""


@dataclass(frozen=True, slots=True)
class Take:
    """A clip on a track: the file that holds it, relative to the session's, and how long that is, in frames of the mix.

    `gain` is in dB, the fades in seconds.
    """

    placed: Placed
    file: str
    frames: int
    gain: float
    fade_in: float
    fade_out: float


@dataclass(frozen=True, slots=True)
class Track:
    """A lane of the mix; `ducks` are the points of its volume, (seconds, dB)."""

    name: str
    takes: tuple[Take, ...]
    ducks: tuple[tuple[float, float], ...] = ()


def session(programme: Programme, path: Path) -> list[Track]:
    """The tracks of `programme` for a session at `path`; the clips are written to a folder beside it, STEM-media.

    Raises OutputError, also when the programme does not say what it is made of.
    """
    require_sound(programme)
    rows = lanes(programme.placed, programme.names)
    if not rows:
        return []
    if programme.clip is None:
        raise OutputError("the programme does not say what it is made of; export a script's story")
    media = _Media(path.parent / f"{path.stem}-media", programme.clip, programme.rate)
    return [
        Track(name, tuple(map(media.take, placed)), programme.ducks.get(_role(placed), ()))
        for name, placed in rows.items()
    ]


def _role(placed: Sequence[Placed]) -> Role:
    return placed[0].cue.role


class _Media:
    """The folder of clips: each is written once, however often it sounds."""

    def __init__(self, folder: Path, clip: Callable[[Placed], Clip], rate: int) -> None:
        self._folder, self._clip, self._rate = folder, clip, rate
        self._names: dict[str, str] = {}

    def take(self, placed: Placed) -> Take:
        clip, cue = self._clip(placed), placed.cue
        if cue.clip not in self._names:
            self._names[str(cue.clip)] = self._write(str(cue.clip), clip)
        bed = cue.role in BEDS
        return Take(
            placed,
            f"{self._folder.name}/{self._names[str(cue.clip)]}",
            round(clip.audio.seconds * self._rate),
            round(clip.gain + (CENTRE if clip.audio.channels == 1 else 0.0), 3),
            cue.fade_in if bed else DECLICK,
            cue.fade_out if bed else DECLICK,
        )

    def _write(self, id: str, clip: Clip) -> str:
        name = f"{len(self._names) + 1:04}-{slug(id)}.wav"
        audio = clip.audio
        plain = Programme(
            audio.frames, lambda: iter((audio.samples,)), tags=Tags(id), rate=audio.rate, channels=audio.channels
        )
        wav.write_float(plain, self._folder / name)
        return name


def apart(takes: Sequence[Take]) -> list[list[Take]]:
    """`takes` in rows in which none overlaps the next, for editors whose tracks hold one clip at a time."""
    rows: list[list[Take]] = []
    for take in sorted(takes, key=lambda take: take.placed.start):
        row = next((row for row in rows if row[-1].placed.end <= take.placed.start), None)
        if row is None:
            rows.append(row := [])
        row.append(take)
    return rows


def repeats(take: Take) -> Iterator[tuple[int, int]]:
    """How often, and how much of its file, a take sounds: frames (start, stop) of the file, one after the other."""
    length = take.placed.end - take.placed.start
    while length > 0:
        part = min(length, take.frames)
        yield 0, part
        length -= part if take.placed.cue.loop and part else length
