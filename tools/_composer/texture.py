"""What lies under a melody: figures over a voicing, bass lines, and light percussion; a bar of each at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .harmony import Bar, nearest

BASS_LOW, BASS_HIGH = 33, 55


@dataclass(frozen=True, slots=True)
class Touch:
    """A note inside a bar, in beats. `passing` marks one that may lie outside chord and scale."""

    start: float
    length: float
    pitch: int
    level: float = 1.0
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A bar to fill: how many beats, and how many parts each has."""

    meter: int
    divide: int

    @property
    def parts(self) -> int:
        return self.meter * self.divide


Voicing = Sequence[int]
Figure = Callable[[Voicing, Grid, np.random.Generator], list[Touch]]


def _cycle(order: Sequence[int], voicing: Voicing, grid: Grid, divide: int, hold: float) -> list[Touch]:
    """The voicing's notes in a fixed order, `divide` to a beat; an index past its top is an octave up."""
    size = len(voicing)
    count = grid.meter * divide
    pitches = [voicing[index % size] + 12 * (index // size) for index in order]
    return [
        Touch(place / divide, hold / divide, pitches[place % len(order)], 1.0 if place % divide == 0 else 0.8)
        for place in range(count)
    ]


def _arpeggio(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    top = len(voicing)
    order = [*range(top + 1), *range(top - 1, 0, -1)]
    return _cycle(order, voicing, grid, grid.divide, 1.6)


def _broken(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    return _cycle((0, 1, 2, 1), voicing, grid, 1, 1.8)


def _alberti(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    order = (0, 2, 1, 2) if grid.divide == 2 else (0, 1, 2)
    return _cycle(order, voicing, grid, grid.divide, 0.9)


def _ostinato(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    return _cycle((0, 0, 1, 0, 2, 0, 1, 0), voicing, grid, 2 * grid.divide if grid.divide == 2 else 3, 0.6)


def _pulse(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    return _cycle((0,), voicing, grid, grid.divide, 0.5)


def _chords(starts: Sequence[float], length: float, voicing: Voicing, spread: float = 0.0) -> list[Touch]:
    return [
        Touch(start + spread * index, length, pitch, 0.8) for start in starts for index, pitch in enumerate(voicing)
    ]


def _roll(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    """A chord spread upward by hand at the bar, and again at its middle."""
    starts = (0.0, grid.meter / 2) if grid.meter % 2 == 0 and grid.meter > 2 else (0.0,)
    return _chords(starts, grid.meter / len(starts), voicing, 0.08)


def _offbeat(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    """The chords of an oom-pah: after every strong beat, twice in a waltz."""
    if grid.meter == 3:
        return _chords((1.0, 2.0), 0.6, voicing)
    if grid.meter == 4:
        return _chords((1.0, 3.0), 0.5, voicing)
    return _chords([beat + 1 - 1 / grid.divide for beat in range(grid.meter)], 0.3, voicing)


def _comp(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    """Jazz chords, off the beat by a swung eighth."""
    late = (grid.divide - 1) / grid.divide
    choices = ((0.0, 1 + late), (late, 2.0), (1.0, 2 + late), (1 + late, 3.0))
    starts = [start for start in choices[int(rng.integers(len(choices)))] if start < grid.meter]
    return _chords(starts or (0.0,), 0.6, voicing)


def _drift(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    """A single high chord tone now and then, hung in the air."""
    if rng.random() < 0.35:
        return []
    start = float(rng.integers(grid.meter))
    return [Touch(start, 3.0, int(rng.choice(list(voicing))) + 12, 0.8)]


def _tremble(voicing: Voicing, grid: Grid, rng: np.random.Generator) -> list[Touch]:
    return _chords((0.0,), float(grid.meter), voicing)


FIGURES: Mapping[str, Figure] = {
    "arpeggio": _arpeggio,
    "broken": _broken,
    "alberti": _alberti,
    "ostinato": _ostinato,
    "pulse": _pulse,
    "roll": _roll,
    "offbeat": _offbeat,
    "comp": _comp,
    "drift": _drift,
    "tremble": _tremble,
}


def bass(line: str, bar: Bar, following: int, tonic: int, grid: Grid) -> list[Touch]:
    """A bar of bass; `following` is the pitch class of the next bar's root. A cadence stands on its root."""
    root = nearest((bar.chord.root,), 42, BASS_LOW, BASS_HIGH)
    fifth = nearest((bar.chord.pitches[2],), root - 5, BASS_LOW, BASS_HIGH)
    meter = float(grid.meter)
    if line == "walk" and grid.meter >= 3 and not bar.cadence:
        return _walk(bar, root, following, grid)
    if line == "two" and grid.meter >= 2 and not bar.cadence:
        half = meter / 2 if grid.meter % 2 == 0 else meter
        return [Touch(0.0, half * 0.8, root), Touch(half, half * 0.8, fifth, 0.85)][: round(meter / half)]
    if line == "beats":
        return [Touch(float(beat), 0.8, root, 1.0 if beat == 0 else 0.8) for beat in range(grid.meter)]
    if line == "pulse":
        return [
            Touch(part / grid.divide, 0.7 / grid.divide, root, 1.0 if part % grid.divide == 0 else 0.75)
            for part in range(grid.parts)
        ]
    if line == "drone" and not bar.cadence:
        return [Touch(0.0, meter, nearest((tonic,), 42, BASS_LOW, BASS_HIGH))]
    return [Touch(0.0, meter * 0.95, root)]


def _walk(bar: Bar, root: int, following: int, grid: Grid) -> list[Touch]:
    """Root, third, fifth, and a step from a semitone off into the next root."""
    inner = [nearest((pitch,), root + 4, BASS_LOW, BASS_HIGH) for pitch in bar.chord.pitches[1:3]]
    goal = nearest((following,), inner[-1], BASS_LOW + 1, BASS_HIGH)
    approach = goal - 1 if inner[-1] < goal or goal == BASS_HIGH else goal + 1
    line = [root, *(inner * grid.meter)[: grid.meter - 2], approach]
    last = grid.meter - 1
    return [Touch(float(beat), 0.9, pitch, passing=beat == last) for beat, pitch in enumerate(line)]


# General MIDI percussion keys.
_KICK, _STICK, _SNARE, _LOW_TOM, _HIGH_TOM = 36, 37, 38, 41, 45
_CLOSED, _PEDAL, _RIDE, _TAMBOURINE, _SHAKER, _CLAVES = 42, 44, 51, 54, 70, 75

_SWING = 2 / 3
_BEATS: Mapping[str, Sequence[tuple[float, int, float]]] = {
    "march": ((0, _KICK, 0.9), (1, _SNARE, 0.6), (1.5, _SNARE, 0.4), (2, _KICK, 0.8), (3, _SNARE, 0.6),
              (3.5, _SNARE, 0.35), (3.75, _SNARE, 0.35)),
    "epic": ((0, _LOW_TOM, 1.0), (0.75, _LOW_TOM, 0.5), (1.5, _HIGH_TOM, 0.6), (2, _LOW_TOM, 0.9),
             (3, _HIGH_TOM, 0.6), (3.5, _LOW_TOM, 0.6)),
    "swing": ((0, _RIDE, 0.7), (1, _RIDE, 0.6), (1 + _SWING, _RIDE, 0.45), (1, _PEDAL, 0.5), (2, _RIDE, 0.7),
              (3, _RIDE, 0.6), (3 + _SWING, _RIDE, 0.45), (3, _PEDAL, 0.5)),
    "folk": ((0, _LOW_TOM, 0.6), (0.5, _TAMBOURINE, 0.25), (1, _TAMBOURINE, 0.4), (1.5, _TAMBOURINE, 0.25),
             (2, _LOW_TOM, 0.5), (2.5, _TAMBOURINE, 0.25), (3, _TAMBOURINE, 0.4), (3.5, _TAMBOURINE, 0.25)),
    "jig": ((0, _LOW_TOM, 0.6), (2 / 3, _TAMBOURINE, 0.3), (1, _TAMBOURINE, 0.4), (1 + 2 / 3, _TAMBOURINE, 0.3),
            (2, _LOW_TOM, 0.5), (3, _TAMBOURINE, 0.4)),
    "heart": ((0, _KICK, 0.8), (0.5, _KICK, 0.5), (2, _KICK, 0.7), (2.5, _KICK, 0.45)),
    "tick": ((0, _CLAVES, 0.35), (1, _CLAVES, 0.25), (2, _CLAVES, 0.35), (3, _CLAVES, 0.25)),
    "chase": ((0, _KICK, 0.9), (0.5, _CLOSED, 0.4), (1, _STICK, 0.6), (1.5, _CLOSED, 0.4), (1.75, _KICK, 0.5),
              (2, _KICK, 0.8), (2.5, _CLOSED, 0.4), (3, _STICK, 0.6), (3.5, _CLOSED, 0.4)),
    "light": ((0, _KICK, 0.45), (0.5, _SHAKER, 0.3), (1, _SHAKER, 0.4), (1.5, _SHAKER, 0.3), (2, _KICK, 0.4),
              (2.5, _SHAKER, 0.3), (3, _SHAKER, 0.4), (3.5, _SHAKER, 0.3)),
    "slow": ((0, _LOW_TOM, 0.7), (3, _LOW_TOM, 0.4)),
}  # fmt: skip

BEATS = tuple(_BEATS)


def beat(pattern: str, grid: Grid) -> list[Touch]:
    """A bar of percussion, `pitch` being the General MIDI key; a pattern of four beats is cut to a shorter bar."""
    return [Touch(start, 0.5, key, level) for start, key, level in _BEATS[pattern] if start < grid.meter]
