"""Melody: a motif is made once and sung over every chord of a phrase, so that a listener can hold on to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .harmony import Bar, nearest


@dataclass(frozen=True, slots=True)
class Motif:
    """A bar of melody without pitches: how long each note is, in beats, and how many steps it moves from the last."""

    lengths: tuple[float, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """What the phrases of a section sing: a motif, and an answer to it."""

    motif: Motif
    answer: Motif

    def bar(self, position: int) -> Motif:
        """Statement, restatement on the new chord, answer; then over again."""
        return self.answer if position % 3 == 2 else self.motif


@dataclass(frozen=True, slots=True)
class Tone:
    """A note of the melody inside its bar, in beats."""

    start: float
    length: float
    pitch: int


def theme(rng: np.random.Generator, meter: int, motion: float, divide: int) -> Theme:
    """A theme for bars of `meter` beats; `motion` in 0..1 is how busy it is, `divide` the parts of a beat."""
    statement = _motif(rng, meter, motion, divide)
    answer = _motif(rng, meter, min(1.0, motion * 1.3), divide)
    return Theme(statement, answer)


def _motif(rng: np.random.Generator, meter: int, motion: float, divide: int) -> Motif:
    lengths = _rhythm(rng, float(meter), motion, divide)
    if len(lengths) == 1 and meter > 1:  # one note is no motif
        first = _longer_part(rng, float(meter), divide)
        lengths = (first, meter - first)
    direction = int(rng.choice([-1, 1]))
    steps = [0]
    for _ in lengths[1:]:
        size = int(rng.choice([1, 1, 1, 2, 2, 3])) if abs(steps[-1]) < 3 else 1
        # A leap is answered by a step back, and a line that has run for a while turns: singable, not random.
        if abs(steps[-1]) >= 3 or rng.random() < 0.35:
            direction = -direction
        steps.append(direction * size)
    return Motif(lengths, tuple(steps))


def _rhythm(rng: np.random.Generator, length: float, motion: float, divide: int) -> tuple[float, ...]:
    """`length` beats cut in two again and again, at beats first, the longer part leading."""
    chance = motion * (1.6 if length >= 3 else 1.0 if length >= 2 else 0.55 if length >= 1 else 0.0)
    if rng.random() >= chance:
        return (length,)
    if length > 1:
        first = _longer_part(rng, length, divide)
    elif divide == 3:
        first = length * 2 / 3
    else:
        first = length / 2
    return _rhythm(rng, first, motion, divide) + _rhythm(rng, length - first, motion, divide)


def _longer_part(rng: np.random.Generator, length: float, divide: int) -> float:
    if length == 2:
        return 1.5 if divide == 2 and rng.random() < 0.4 else 1.0
    if length == 4:
        return 3.0 if rng.random() < 0.35 else 2.0
    return float(np.ceil(length / 2))


def sing(bar: Bar, material: Theme, meter: int, low: int, high: int, centre: float, previous: int) -> list[Tone]:
    """One bar of a phrase: an arch over the phrase, chord tones where weight falls, steps between, rest at the end."""
    if bar.cadence:
        return [_rest_note(bar, meter, low, high, previous)]
    motif = material.bar(bar.position)
    ladder = [pitch for pitch in range(low, high + 1) if pitch % 12 in bar.chord.palette]
    arch = 4.0 * np.sin(np.pi * (bar.position + 0.5) / bar.length)
    pitch = nearest(bar.chord.pitches, 0.5 * (centre + arch) + 0.5 * previous, low, high)
    tones: list[Tone] = []
    start = 0.0
    for length, step in zip(motif.lengths, motif.steps, strict=True):
        if step:
            pitch = _move(ladder, pitch, step)
        if _weighty(start, length, meter):
            # Leaning the way it moves, so that a step is not undone.
            pitch = nearest(bar.chord.pitches, pitch + 0.6 * np.sign(step), low, high)
        tones.append(Tone(start, length, pitch))
        start += length
    return tones


def _weighty(start: float, length: float, meter: int) -> bool:
    middle = meter % 2 == 0 and start == meter / 2
    return start == 0 or middle or length >= 1.5


def _move(ladder: Sequence[int], pitch: int, step: int) -> int:
    """`step` rungs along the ladder, turned back at its ends."""
    index = ladder.index(pitch) + step
    last = len(ladder) - 1
    if index < 0:
        index = -index
    elif index > last:
        index = 2 * last - index
    return ladder[min(max(index, 0), last)]


def _rest_note(bar: Bar, meter: int, low: int, high: int, previous: int) -> Tone:
    """The long note a phrase ends on: the root when it closes, the nearest chord tone below when it stays open."""
    targets = (bar.chord.root,) if bar.closed else bar.chord.pitches
    pitch = nearest(targets, previous - 1, low, high)
    return Tone(0.0, meter * 0.75, pitch)
