"""Birds: songs, calls and hoots. A syrinx is close to a sine that sweeps; a crow's is closer to a reed."""

import numpy as np

from .animals import rough
from .sound import Series, Sound, Take
from .synth import (
    Signal,
    band,
    both,
    canvas,
    filtered,
    glide,
    noise,
    peaks,
    place,
    span,
    swell,
    times,
    tone,
    unit,
    voiced,
)


def _syllable(take: Take, low: float) -> Signal:
    """One note of a songbird: 40 to 160 ms, a sweep up, down or over, some of it trilled."""
    rng, frames = take.rng, span(take.rng.uniform(0.04, 0.16))
    start, middle, end = low * rng.uniform(0.85, 1.5, 3)
    trill = 1 + rng.choice([0.0, 0.0, 0.04]) * np.sin(2 * np.pi * rng.uniform(25, 60) * times(frames))
    pitch = glide(frames, (0, start), (rng.uniform(0.3, 0.7), middle), (1, end)) * trill
    return (tone(pitch) + 0.08 * tone(2 * pitch)) * np.sin(np.pi * np.linspace(0, 1, frames)) ** 1.2


def _song(take: Take, low: float) -> Signal:
    """A phrase: one or two syllables, each repeated a few times at an even pace."""
    parts: list[Signal] = []
    for _ in range(int(take.rng.integers(1, 4))):
        note, gap = _syllable(take, low), span(take.rng.uniform(0.02, 0.09))
        parts += [np.append(note, np.zeros(gap))] * int(take.rng.integers(2, 6))
    return np.concatenate(parts)


def birds(take: Take) -> Signal:
    """A wood in the morning: a handful of birds, each with its own song, register, place and distance."""
    rng, frames = take.rng, take.frames
    total = noise(rng, frames, band(200, 2500), 2) * 0.012
    for voice in range(6):
        low, pan = rng.uniform(2200, 4800), rng.uniform(-1, 1)
        gain = 0.9 if voice == 0 else rng.uniform(0.12, 0.5)
        song = _song(take, low)
        visits = max(1, round(frames / span(take.near(2.6 / take.pace, 0.4))))
        for number in range(visits):
            if rng.random() < 0.8:
                place(
                    total, int((number + 0.7 * rng.random()) * frames / visits), song, pan, gain * rng.uniform(0.6, 1.0)
                )
            if rng.random() < 0.4:
                song = _song(take, low)
    return total


def owl(take: Take) -> Signal:
    """A tawny owl's hoot: one long note, a pause, a short one, and a last that quavers."""
    total = canvas(span(3.2))
    base = take.near(720, 0.08) / take.size**0.3
    for start, seconds, quaver in ((0.0, 0.75, 0.0), (1.25, 0.18, 0.0), (1.6, 1.1, 1.0)):
        frames = span(seconds)
        shake = np.sin(2 * np.pi * 11 * times(frames)) * quaver * glide(frames, (0, 1), (0.6, 0.5), (1, 0))
        pitch = base * glide(frames, (0, 0.93), (0.25, 1.02), (1, 0.92)) * (1 + 0.02 * shake)
        hoot = tone(pitch) + 0.1 * tone(2 * pitch) + 0.03 * noise(take.rng, frames, band(400, 1500))
        place(total, span(start), hoot * (0.7 + 0.3 * shake * quaver) * swell(frames, 0.08, 0.15))
    return total


def cuckoo(take: Take) -> Signal:
    """A cuckoo: two flutelike notes, a falling third (about 660 and 545 Hz)."""
    total = canvas(span(1.0))
    base = take.near(665, 0.04)
    for start, seconds, ratio in ((0.0, 0.2, 1.0), (0.34, 0.34, 0.82)):
        frames = span(seconds)
        pitch = base * ratio * glide(frames, (0, 0.97), (0.2, 1), (1, 0.98))
        place(
            total,
            span(start),
            (tone(pitch) + 0.12 * tone(2 * pitch) + 0.05 * tone(3 * pitch)) * swell(frames, 0.03, 0.12),
        )
    return total


def dove(take: Take) -> Signal:
    """A wood pigeon: five low coos, the second the longest, each rolled in the throat."""
    total = canvas(span(2.7))
    for start, seconds, ratio in (
        (0.0, 0.26, 1.0),
        (0.38, 0.6, 1.08),
        (1.12, 0.42, 0.95),
        (1.68, 0.25, 1.0),
        (2.02, 0.38, 0.93),
    ):
        frames = span(seconds)
        roll = 0.7 + 0.3 * np.sin(2 * np.pi * 27 * times(frames))
        pitch = take.near(440, 0.01) * ratio * glide(frames, (0, 0.95), (0.4, 1.03), (1, 0.95))
        place(total, span(start), (tone(pitch) + 0.2 * tone(2 * pitch)) * roll * swell(frames, 0.07, 0.12))
    return total


def _reed(
    take: Take, frames: int, pitch: Signal, beak: tuple[tuple[float, float, float], ...], breath: float
) -> Signal:
    """A harsh call: a rough buzz and breath through a beak."""
    call = unit(filtered(voiced(pitch, 0.3), peaks(*beak)))
    return call + breath * noise(take.rng, frames, both(peaks(*beak), band(400, 9000)))


def crow(take: Take) -> Signal:
    """A caw: 0.35 s of rough buzz around 1.5 kHz, falling a little."""
    frames = span(take.near(0.36, 0.2))
    pitch = rough(take, take.near(480, 0.08) * glide(frames, (0, 0.85), (0.25, 1.05), (1, 0.8)), 0.2)
    caw = _reed(take, frames, pitch, ((1250, 350, 1.0), (1750, 400, 0.9), (3100, 900, 0.35)), 0.5)
    return np.append(caw * glide(frames, (0, 0), (0.12, 1), (0.7, 0.8), (1, 0)), np.zeros(span(0.2)))


def rooster(take: Take) -> Signal:
    """Cock-a-doodle-doo: two short notes, a leap, and one long note that breaks and sinks."""
    total = canvas(span(2.3))
    notes = ((0.0, 0.2, 520, 600), (0.27, 0.13, 700, 760), (0.45, 0.42, 800, 930), (0.92, 1.15, 960, 560))
    for start, seconds, first, last in notes:
        frames = span(seconds)
        pitch = rough(take, glide(frames, (0, first * 0.8), (0.15, first), (0.55, (first + last) / 2), (1, last)), 0.04)
        call = _reed(take, frames, pitch, ((1300, 500, 1.0), (2300, 700, 0.9), (3900, 1000, 0.4)), 0.15)
        place(total, span(start), call * swell(frames, 0.03, 0.25 * seconds))
    return total


def hen(take: Take) -> Signal:
    """A cluck: a tenth of a second, the pitch dropping; every fourth is drawn out and raised."""
    long = take.index % 4 == 3
    frames = span(0.32 if long else take.near(0.09, 0.2))
    top = take.near(950 if long else 620, 0.12)
    pitch = rough(take, glide(frames, (0, 0.7 * top), (0.3, top), (1, 0.55 * top)), 0.08)
    cluck = _reed(take, frames, pitch, ((900, 350, 1.0), (1900, 600, 0.6), (3200, 900, 0.3)), 0.25)
    return np.append(cluck * glide(frames, (0, 0), (0.15, 1), (1, 0)), np.zeros(span(0.1)))


def quack(take: Take) -> Signal:
    """A duck: a nasal buzz with few low harmonics, each quack a little lower than the last."""
    frames = span(take.near(0.2, 0.15))
    pitch = rough(take, take.near(265, 0.04) * 0.97**take.index * glide(frames, (0, 0.9), (0.2, 1.08), (1, 0.82)), 0.05)
    call = _reed(take, frames, pitch, ((1100, 220, 1.0), (2100, 350, 0.8), (3300, 600, 0.4)), 0.12)
    return np.append(call * swell(frames, 0.012, 0.07), np.zeros(span(0.1)))


def gull(take: Take) -> Signal:
    """A gull: a wail that leaps up and slides down, in a row that quickens."""
    frames = span(take.near(0.42 - 0.04 * min(take.index % 6, 5), 0.08))
    top = take.near(1320, 0.05)
    pitch = rough(take, glide(frames, (0, 0.6 * top), (0.2, top), (0.5, 0.92 * top), (1, 0.62 * top)), 0.025)
    call = _reed(take, frames, pitch, ((1400, 600, 1.0), (2700, 800, 0.8), (4300, 1200, 0.4)), 0.08)
    return np.append(call * swell(frames, 0.04, 0.12), np.zeros(span(0.12)))


def wings(take: Take) -> Signal:
    """Wings that beat: soft thumps of air with a feathery edge, quickening as the bird takes off."""
    frames = span(0.11)
    air = noise(take.rng, frames, both(band(150, 1200), band(0, 4000))) * glide(frames, (0, 0), (0.3, 1), (1, 0))
    return air * take.near(1.0, 0.2) * (1 - 0.05 * min(take.index, 12))


SOUNDS = (
    Sound(
        "birds",
        "bird, songbird, birdsong, bird sing~|chirp~|tweet~|whistle~|call~, sparrow, robin, nightingale, "
        "lark, blackbird, chirp~, tweet~, dawn-chorus, forest, woodland, meadow, garden, finch, canary, "
        "jungle",
        birds,
        8,
        True,
    ),
    Sound("owl", "owl, hoot~, owl hoot~|call~", owl, 3.4, series=Series(1, (4.0, 5.0), (2.0, 4.0))),
    Sound("cuckoo", "cuckoo, cuckoo-clock", cuckoo, 1.1, series=Series.steady(3, 1.25, 1.4)),
    Sound(
        "dove", "dove, pigeon, coo~, pigeon|dove coo~, turtledove", dove, 2.9, series=Series(1, (3.2, 3.6), (1.0, 2.5))
    ),
    Sound(
        "crow",
        "crow, raven, rook, caw~, crow|raven|rook caw~|call~|cry~, jackdaw",
        crow,
        0.6,
        series=Series(3, (0.6, 0.85), (1.2, 3.0)),
    ),
    Sound(
        "rooster",
        "rooster, cockerel, rooster|cock crow~, cock-a-doodle-doo",
        rooster,
        2.5,
        series=Series(1, (4.0, 5.0), (3.0, 5.0)),
    ),
    Sound("hen", "hen, chicken, cluck~, poultry, hen|chicken cluck~", hen, 0.3, series=Series.steady(8, 0.3, 0.6)),
    Sound(
        "duck", "duck, quack~, goose, duck quack~, goose honk~", quack, 0.35, series=Series(5, (0.3, 0.42), (0.8, 2.0))
    ),
    Sound(
        "gulls",
        "gull, seagull, gull|seagull cry~|call~|squawk~|scream~",
        gull,
        0.6,
        series=Series(6, (0.45, 0.6), (1.0, 2.5)),
    ),
    Sound(
        "wings",
        "wing flap~|flutter~|beat~, bird|pigeon|bat fly~|flutter~|flap~, flutter~",
        wings,
        0.12,
        series=Series(14, (0.085, 0.13), (1.0, 2.5)),
    ),
)
