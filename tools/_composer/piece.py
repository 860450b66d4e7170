"""A piece of music as notes: the brief's harmony, melody and texture laid out in bars over an exact length."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from . import harmony, melody, texture
from .brief import Brief
from .harmony import IDIOMS, Bar, nearest
from .instruments import Instrument, Role
from .texture import Grid, Touch

STING = 3.0
"""Seconds under which a piece that need not loop is one gesture instead of phrases."""

_HELD_BARS = 1.25  # how long the last chord rings
_LEVEL: dict[str, float] = {"lead": 1.0, "pad": 0.34, "figure": 0.5, "bass": 0.45, "beat": 0.3}
_STRUCK = 1.5  # what dies away must begin louder to be heard beside what is held
_PAD_RANGE = (52, 72)

Streams = Callable[[str], np.random.Generator]


@dataclass(frozen=True, slots=True)
class Note:
    """A note: who plays it (None: percussion, with `pitch` its key), when and how long in beats, how loud."""

    role: Role | None
    instrument: Instrument | None
    pitch: int
    start: float
    length: float
    level: float
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """`beats` fill `seconds` exactly. `bars` leaves out the last chord's hold of a piece that ends."""

    notes: tuple[Note, ...]
    bars: tuple[Bar, ...]
    beats: float
    seconds: float
    meter: int
    tonic: int
    scale: str
    loop: bool

    @property
    def tempo(self) -> float:
        return 60.0 * self.beats / self.seconds


@dataclass(frozen=True, slots=True)
class _Frame:
    """The grid a piece is laid on: how many bars of which grid, and beats of a last chord after them."""

    grid: Grid
    bars: int
    hold: float

    @property
    def beats(self) -> float:
        return self.grid.meter * self.bars + self.hold


def compose(brief: Brief, seconds: float, loop: bool, seed: int, what: str = "") -> Piece:
    """A piece that lasts `seconds`. Two descriptions give two pieces, as two seeds do; a length only cuts it off."""
    streams = _streams(seed, what)
    rng = streams("piece")
    mood = brief.mood
    tonic = brief.tonic if brief.tonic is not None else int(rng.choice(mood.keys))
    tempo = brief.tempo or mood.tempo * float(rng.uniform(0.96, 1.04))
    frame = _frame(seconds, tempo, mood.meter, mood.divide, loop)
    idiom = IDIOMS[mood.idiom]
    bars = harmony.plan(frame.bars, idiom, tonic, streams) if frame.bars else ()
    notes = _sting(brief, tonic) if not bars else _body(brief, bars, frame, tonic, streams)
    if bars and not loop:
        notes += _ending(brief, tonic, frame, notes)
    return Piece(
        _human(notes, streams("hands")), bars, frame.beats, seconds, frame.grid.meter, tonic, idiom.scale, loop
    )


def _streams(seed: int, what: str) -> Streams:
    """Random numbers by name, so that what one part draws never moves another part's notes."""

    def stream(name: str) -> np.random.Generator:
        digest = hashlib.sha256(f"{seed}\n{name}\n{what}".encode("utf-8", "replace")).digest()
        return np.random.default_rng(int.from_bytes(digest[:16], "big"))

    return stream


def _frame(seconds: float, tempo: float, meter: int, divide: int, loop: bool) -> _Frame:
    """Whole bars at nearly `tempo`: a clip too short for a bar gets shorter bars, never a rush."""
    beats = seconds * tempo / 60.0
    if not loop and seconds < STING:
        return _Frame(Grid(1, divide), 0, 4.0)
    held = 0.0 if loop else _HELD_BARS
    meter = min(meter, max(1, round(beats / (1 + held))))
    return _Frame(Grid(meter, divide), max(1, round(beats / meter - held)), held * meter)


def _body(brief: Brief, bars: tuple[Bar, ...], frame: _Frame, tonic: int, streams: Streams) -> list[Note]:
    notes = _lead(brief, bars, frame.grid, streams)
    notes += _accompaniment(brief, bars, frame.grid, tonic, streams)
    if brief.mood.beat:
        notes += [
            _note(None, None, touch, place * frame.grid.meter, _LEVEL["beat"])
            for place, bar in enumerate(bars)
            if bar.phrase or len(bars) < 8  # a longer piece lets the percussion in with its second phrase
            for touch in texture.beat(brief.mood.beat, frame.grid)
        ]
    return notes


def _note(role: Role | None, player: Instrument | None, touch: Touch, offset: float, level: float) -> Note:
    return Note(role, player, touch.pitch, offset + touch.start, touch.length, level * touch.level, touch.passing)


def _swell(bar: Bar) -> float:
    """A phrase grows to its middle and gives way."""
    return 0.85 + 0.15 * float(np.sin(np.pi * (bar.position + 0.5) / bar.length))


def _lead(brief: Brief, bars: tuple[Bar, ...], grid: Grid, streams: Streams) -> list[Note]:
    """The melody: one theme for each section; silent in interludes, and in some phrases so that speech has room."""
    player = brief.ensemble.get("lead")
    if not player:
        return []
    mood = brief.mood
    low, high = _register(player, mood.centre)
    themes = {
        label: melody.theme(streams(f"theme {label}"), grid.meter, mood.motion, grid.divide)
        for label in {bar.label for bar in bars}
    }
    notes: list[Note] = []
    previous = mood.centre
    for place, bar in enumerate(bars):
        if _silent(bar, mood.rest, len(bars), streams):
            continue
        centre = mood.centre + (3 if bar.label == "B" else 0)
        for tone in melody.sing(bar, themes[bar.label], grid.meter, low, high, centre, previous):
            touch = Touch(tone.start, tone.length * mood.legato, tone.pitch)
            notes.append(_note("lead", player, touch, place * grid.meter, _LEVEL["lead"] * _swell(bar)))
            previous = tone.pitch
    return notes


def _register(player: Instrument, centre: int) -> tuple[int, int]:
    """An octave and a half about `centre`, moved into what the instrument can play."""
    low = min(max(centre - 9, player.low), player.high - 14)
    return low, min(max(centre + 10, low + 14), player.high)


def _silent(bar: Bar, rest: float, bars: int, streams: Streams) -> bool:
    """Whether the melody keeps silent through this bar's phrase; never in the first two."""
    if bar.phrase < 2 or bars < 12:
        return False
    return bar.label == "C" or bool(streams(f"rest {bar.phrase}").random() < rest)


def _accompaniment(brief: Brief, bars: tuple[Bar, ...], grid: Grid, tonic: int, streams: Streams) -> list[Note]:
    notes: list[Note] = []
    voicing: tuple[int, ...] = ()
    for place, bar in enumerate(bars):
        voicing = harmony.voicing(bar.chord, voicing, *_PAD_RANGE)
        following = bars[(place + 1) % len(bars)].chord.root
        parts: dict[Role, list[Touch]] = {
            "pad": [Touch(0.0, grid.meter, pitch) for pitch in voicing],
            "figure": _figure(brief, bar, voicing, grid, streams),
            "bass": texture.bass(brief.mood.line, bar, following, tonic, grid),
        }
        for role, touches in parts.items():
            if player := brief.ensemble.get(role):
                level = _LEVEL[role] * _swell(bar)
                notes += [_note(role, player, _inside(touch, player), place * grid.meter, level) for touch in touches]
    return notes


def _figure(brief: Brief, bar: Bar, voicing: tuple[int, ...], grid: Grid, streams: Streams) -> list[Touch]:
    """The figure over a bar; it thins out to a spread chord where a phrase comes to rest."""
    pattern = brief.mood.pattern
    if bar.cadence and pattern in ("arpeggio", "broken", "alberti"):
        pattern = "roll"
    rng = streams(f"figure {bar.label} {bar.phrase % 2} {bar.position}")
    return texture.FIGURES[pattern](voicing, grid, rng)


def _inside(touch: Touch, player: Instrument) -> Touch:
    """The touch, by octaves, in the player's range."""
    return replace(touch, pitch=nearest((touch.pitch % 12,), touch.pitch, player.low, player.high))


def _ending(brief: Brief, tonic: int, frame: _Frame, before: list[Note]) -> list[Note]:
    """The last chord, at home, spread a little and held; the melody comes down to the tonic."""
    start = float(frame.grid.meter * frame.bars)
    chord = harmony.home(IDIOMS[brief.mood.idiom], tonic)
    last = [note.pitch for note in before if note.role == "lead"]
    return _final(brief, chord, start, frame.hold, last[-1] if last else brief.mood.centre)


def _final(brief: Brief, chord: harmony.Chord, start: float, length: float, previous: int) -> list[Note]:
    voicing = harmony.voicing(chord, (), *_PAD_RANGE)
    parts: dict[Role, list[Touch]] = {
        "pad": [Touch(0.0, length, pitch) for pitch in voicing],
        "figure": [Touch(0.1 * index, length - 0.1 * index, pitch) for index, pitch in enumerate(voicing)],
        "bass": [Touch(0.0, length, nearest((chord.root,), 42, texture.BASS_LOW, texture.BASS_HIGH))],
    }
    if player := brief.ensemble.get("lead"):
        low, high = _register(player, brief.mood.centre)
        parts["lead"] = [Touch(0.0, length, nearest((chord.root,), previous, low, high), 0.9)]
    return [
        _note(role, player, _inside(touch, player), start, _LEVEL[role])
        for role, touches in parts.items()
        if (player := brief.ensemble.get(role))
        for touch in touches
    ]


def _sting(brief: Brief, tonic: int) -> list[Note]:
    """One gesture: two notes of the chord lead up to it, and it rings."""
    chord = harmony.home(IDIOMS[brief.mood.idiom], tonic)
    notes = _final(brief, chord, 0.8, 3.2, brief.mood.centre + 3)
    player = brief.ensemble.get("lead") or brief.ensemble.get("figure") or brief.ensemble.get("pad")
    if player:
        low, high = _register(player, brief.mood.centre)
        rise = [nearest((pitch,), brief.mood.centre - 3, low, high) for pitch in chord.pitches[1:3]]
        notes += [_note("lead", player, Touch(0.4 * index, 0.4, pitch), 0.0, 0.8) for index, pitch in enumerate(rise)]
    if brief.mood.beat:
        notes += [_note(None, None, touch, 0.8, 0.4) for touch in texture.beat(brief.mood.beat, Grid(1, 2))[:1]]
    return notes


def _human(notes: list[Note], rng: np.random.Generator) -> tuple[Note, ...]:
    """The notes in order of time, no two exactly as loud: hands are not machines."""
    ordered = sorted(notes, key=lambda note: (note.start, note.role or "", note.pitch, note.length))
    shades = rng.uniform(0.92, 1.08, len(ordered))
    return tuple(replace(note, level=note.level * float(shade)) for note, shade in zip(ordered, shades, strict=True))
