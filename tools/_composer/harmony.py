"""Functional harmony: scales, chords from Roman numerals, phrases that cadence, and voice leading."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Function = Literal["tonic", "predominant", "dominant"]

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}

_MAJOR = SCALES["major"]
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii")
_SYMBOL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(o7|o|\+|M7|7|sus|add9)?")
_TRIADS = {"o": (0, 3, 6), "o7": (0, 3, 6, 10), "+": (0, 4, 8), "sus": (0, 5, 7)}
_ADDED = {"7": 10, "M7": 11, "add9": 14}


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord in a key: its pitch classes, root first, and `palette`, what a melody over it may use."""

    symbol: str
    pitches: tuple[int, ...]
    palette: tuple[int, ...]

    @property
    def root(self) -> int:
        return self.pitches[0]


@dataclass(frozen=True, slots=True)
class Idiom:
    """A scale, and the chords that do each function's work in it. The first tonic is home."""

    scale: str
    tonic: tuple[str, ...]
    predominant: tuple[str, ...]
    dominant: tuple[str, ...]

    def chords(self, function: Function) -> tuple[str, ...]:
        choices: tuple[str, ...] = getattr(self, function)
        return choices


IDIOMS: dict[str, Idiom] = {
    "major": Idiom("major", ("I", "vi", "iii"), ("IV", "ii", "ii7"), ("V", "V7")),
    "minor": Idiom("minor", ("i", "VI", "III"), ("iv", "iio", "VI"), ("V", "V7")),
    "dorian": Idiom("dorian", ("i", "III"), ("IV", "ii"), ("VII", "v")),
    "phrygian": Idiom("phrygian", ("i", "VI"), ("iv", "VI"), ("II", "vii")),
    "lydian": Idiom("lydian", ("I", "iii", "vi"), ("II", "vi7"), ("V", "II")),
    "mixolydian": Idiom("mixolydian", ("I", "vi"), ("IV", "ii"), ("VII", "v")),
    "hymn": Idiom("major", ("I", "vi", "iii"), ("IV", "ii", "vi"), ("V", "IV")),
    "romantic": Idiom("major", ("Iadd9", "vi7", "iii"), ("ii7", "IVM7", "iv"), ("V7", "Vsus")),
    "dreaming": Idiom("lydian", ("IM7", "vi7", "iii7"), ("IIadd9", "vi7"), ("Vsus", "II")),
    "floating": Idiom("major", ("Iadd9", "vi7"), ("IVM7", "IVadd9"), ("Vsus", "ii7")),
    "wistful": Idiom("minor", ("iadd9", "VIM7", "III"), ("iv7", "VI"), ("VII", "v")),
    "epic": Idiom("minor", ("i", "VI", "III"), ("VI", "iv"), ("VII", "V")),
    "comic": Idiom("major", ("I", "vi"), ("II7", "ii", "IV"), ("V7", "V")),
    "tense": Idiom("phrygian", ("i",), ("II", "vo"), ("V", "viio")),
    "eerie": Idiom("minor", ("i",), ("bvi", "bII", "#ivo7"), ("bII", "VI+")),
    "dark": Idiom("minor", ("i",), ("iv", "VI", "bII"), ("v", "bII")),
    "jazz": Idiom("major", ("IM7", "vi7", "iii7"), ("ii7", "IVM7"), ("V7",)),
    "blue": Idiom("minor", ("i7", "VIM7"), ("iio7", "iv7"), ("V7",)),
}


def chord(symbol: str, tonic: int, scale: Sequence[int]) -> Chord:
    """The chord of a Roman numeral. An accidental counts from the major scale, a bare numeral from `scale`."""
    found = _SYMBOL.fullmatch(symbol)
    if not found:
        raise ValueError(f"'{symbol}' is no chord symbol; write one like 'IV', 'bII' or 'ii7'")
    accidental, numeral, suffix = found.groups()
    degree = _NUMERALS.index(numeral.lower())
    root = _MAJOR[degree] + {"b": -1, "#": 1}[accidental] if accidental else scale[degree]
    triad = _TRIADS.get(suffix or "", (0, 4, 7) if numeral.isupper() else (0, 3, 7))
    above = triad + ((_ADDED[suffix],) if suffix in _ADDED else ())
    pitches = tuple((root + step) % 12 for step in above)
    palette = _palette(pitches, scale)
    return Chord(symbol, _raised(pitches, tonic), _raised(palette, tonic))


def _raised(pitches: Sequence[int], tonic: int) -> tuple[int, ...]:
    return tuple((pitch + tonic) % 12 for pitch in pitches)


def _palette(pitches: Sequence[int], scale: Sequence[int]) -> tuple[int, ...]:
    """The scale, with the degrees that the chord alters given up: no natural seventh against a raised one."""
    altered = [pitch for pitch in pitches if pitch not in scale]
    lost = {
        degree
        for pitch in altered
        for degree in ((pitch - 1) % 12, (pitch + 1) % 12)
        if degree not in (0, 7) and degree not in pitches
    }
    return tuple(sorted({*pitches, *scale} - lost))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar's harmony and its place in the form.

    `label` names the section whose material it shares, `phrase` counts phrases through the piece, `position` bars
    inside a phrase of `length`; `closed` phrases end at home, open ones on the dominant.
    """

    chord: Chord
    label: str
    phrase: int
    position: int
    length: int
    closed: bool

    @property
    def cadence(self) -> bool:
        """Whether a phrase comes to rest here."""
        return self.position == self.length - 1


def phrases(bars: int) -> tuple[int, ...]:
    """How `bars` fall into phrases of four, the last one taking in what is left over."""
    whole, rest = divmod(bars, 4)
    if whole == 0:
        return (rest,)
    if rest <= 2:
        return (4,) * (whole - 1) + (4 + rest,)
    return (4,) * whole + (rest,)


def functions(length: int, closed: bool) -> tuple[Function, ...]:
    """The work each bar of a phrase does: an open phrase ends on the dominant, a closed one at home."""
    if length == 1:
        return ("tonic",)
    ending: tuple[Function, ...] = ("dominant", "tonic") if closed else ("predominant", "dominant")
    if length == 2:
        return ending if closed else ("tonic", "dominant")
    free: tuple[Function, ...] = ("predominant", "tonic") if closed else ("tonic", "predominant")
    middle = tuple(free[index % 2] for index in range(length - 3))
    return ("tonic", *middle, *ending)


def plan(bars: int, idiom: Idiom, tonic: int, rng: Callable[[str], np.random.Generator]) -> tuple[Bar, ...]:
    """The harmony of a piece whose last bar leads home, to its own first bar or to a final chord.

    Two phrases, one open and one closed, make a section; sections with one label share their chords, drawn from
    `rng(label)`, so that what returns is heard as returning.
    """
    lengths = phrases(bars)
    made: list[Bar] = []
    for index, length in enumerate(lengths):
        closed = index % 2 == 1 and index < len(lengths) - 1
        label = "ABAC"[index // 2 % 4]
        chords = _progression(idiom, functions(length, closed), tonic, rng(f"chords {label}"))
        made += [Bar(chord, label, index, place, length, closed) for place, chord in enumerate(chords)]
    return tuple(made)


def home(idiom: Idiom, tonic: int) -> Chord:
    """The chord a piece starts from and ends on."""
    return chord(idiom.tonic[0], tonic, SCALES[idiom.scale])


def _progression(idiom: Idiom, work: Sequence[Function], tonic: int, rng: np.random.Generator) -> tuple[Chord, ...]:
    """A chord for each bar: home at the start and at a close, elsewhere drawn, never the same twice running."""
    symbols: list[str] = []
    for place, function in enumerate(work):
        if function == "tonic" and place in (0, len(work) - 1):
            symbols.append(idiom.tonic[0])
            continue
        choices = [symbol for symbol in idiom.chords(function) if symbol not in symbols[-1:]]
        symbols.append(str(rng.choice(choices or list(idiom.chords(function)))))
    return tuple(chord(symbol, tonic, SCALES[idiom.scale]) for symbol in symbols)


def voicing(
    chord: Chord, previous: Sequence[int] = (), low: int = 52, high: int = 74, centre: float = 62.0
) -> tuple[int, ...]:
    """The chord in close position, the inversion that moves least from `previous`, lowest pitch first."""
    starts = [pitch for pitch in range(low, high + 1) if pitch % 12 in chord.pitches]
    stacks = [stack for start in starts if (stack := _stack(chord, start))[-1] <= high]

    def motion(stack: tuple[int, ...]) -> float:
        moved = sum(min((abs(pitch - old) for old in previous), default=0) for pitch in stack)
        return moved + 0.5 * abs(sum(stack) / len(stack) - centre)

    return min(stacks or [_stack(chord, low)], key=motion)


def _stack(chord: Chord, start: int) -> tuple[int, ...]:
    """Every pitch class of the chord once, upward from `start`."""
    return tuple(sorted(start + (pitch - start) % 12 for pitch in chord.pitches))


def nearest(pitch_classes: Sequence[int], pitch: float, low: int, high: int) -> int:
    """The pitch of one of these classes in `low` to `high` that lies nearest to `pitch`."""
    inside = [place for place in range(low, high + 1) if place % 12 in pitch_classes]
    return min(inside or [low + (pitch_classes[0] - low) % 12], key=lambda place: abs(place - pitch))
