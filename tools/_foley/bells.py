"""Bells, clocks, telephones, alarms: things that ring, and things that beep.

A church bell is tuned to a hum, a prime, a minor third, a fifth and a nominal (1/2, 1, 1.2, 1.5, 2 of the prime);
see T. Rossing, *Science of Percussion Instruments*, 2000.
"""

import numpy as np

from wavagent.audio import RATE

from .sound import Series, Sound, Take
from .synth import (
    Signal,
    band,
    burst,
    canvas,
    convolved,
    dust,
    fall,
    filtered,
    glide,
    modes,
    noise,
    place,
    span,
    stereo,
    swell,
    tone,
    wander,
)

BELL = (
    (0.5, 1.6, 0.3),
    (1.0, 0.9, 0.7),
    (1.2, 0.8, 0.8),
    (1.5, 0.5, 0.4),
    (2.0, 0.7, 1.2),
    (2.5, 0.3, 0.4),
    (2.67, 0.25, 0.35),
    (3.0, 0.25, 0.4),
    (4.0, 0.15, 0.35),
    (5.4, 0.08, 0.2),
)


def _bell(take: Take, prime: float, seconds: float, ring: float) -> Signal:
    """A cast bell: every partial doubled by a few tenths of a hertz, as no bell is quite round."""
    pairs = []
    for ratio, decay, gain in BELL:
        pairs += [
            (prime * ratio, ring * decay, gain),
            (prime * ratio + take.rng.uniform(0.3, 1.2), ring * decay, 0.6 * gain),
        ]
    clapper = burst(take.rng, 0.1, 0.004, band(800, 8000)) * 0.5
    return modes(seconds, *pairs) * swell(span(seconds), 0.001, 0.3 * seconds) + np.append(
        clapper, np.zeros(span(seconds) - len(clapper))
    )


def church_bell(take: Take) -> Signal:
    """A tower bell, prime near 250 Hz, heard from the street."""
    return _bell(take, 392 / take.size**0.6, 5.0, 1.3)


def clock_strike(take: Take) -> Signal:
    """The gong of a tall clock: a coiled steel rod, lower and duller than a bell."""
    rod = _bell(take, 311 / take.size**0.5, 2.6, 0.75)
    return filtered(rod, band(80, 2200)) + np.append(
        0.05 * burst(take.rng, 0.05, 0.01, band(100, 600)), np.zeros(len(rod) - span(0.05))
    )


def small_bell(take: Take) -> Signal:
    """A hand bell: high, bright, a second long."""
    pitch = take.near(2350, 0.02) / take.size**0.5
    ring = modes(
        1.2, (pitch, 0.35, 1.0), (pitch * 1.004, 0.35, 0.7), (2.42 * pitch, 0.18, 0.5), (4.1 * pitch, 0.08, 0.3)
    )
    return ring + np.append(0.3 * burst(take.rng, 0.03, 0.002, band(2000, 12000)), np.zeros(len(ring) - span(0.03)))


def doorbell(take: Take) -> Signal:
    """Ding, dong: two struck bars, a major third apart."""
    total = canvas(span(2.4))
    for start, pitch in ((0.0, 659.3), (0.55, 523.3)):
        bar = modes(
            1.8, (pitch, 0.55, 1.0), (pitch * 1.003, 0.5, 0.4), (2.76 * pitch, 0.12, 0.3), (5.4 * pitch, 0.04, 0.15)
        )
        place(
            total,
            span(start),
            bar + np.append(0.1 * burst(take.rng, 0.02, 0.002, band(1500, 9000)), np.zeros(len(bar) - span(0.02))),
        )
    return total


def wind_chimes(take: Take) -> Signal:
    """Hung tubes of a pentatonic scale, struck in flurries as the air moves."""
    rng, frames = take.rng, take.frames
    total = noise(rng, frames, band(100, 500), 2) * 0.004
    tubes = []
    for step in (0, 2, 4, 7, 9, 12):
        pitch = 1174.7 * 2.0 ** (step / 12)
        tubes.append(
            modes(
                1.8, (pitch, 0.5, 1.0), (pitch * 1.002, 0.5, 0.4), (2.76 * pitch, 0.22, 0.35), (5.4 * pitch, 0.07, 0.12)
            )
        )
    gust = wander(rng, frames, 1.6) ** 2
    for _ in range(max(3, round(frames / RATE * 6))):
        at = int(rng.integers(0, frames))
        place(
            total,
            at,
            tubes[int(rng.integers(6))],
            rng.uniform(-0.7, 0.7),
            float(0.15 + gust[at]) * rng.uniform(0.3, 1.0),
        )
    return total


def gong(take: Take) -> Signal:
    """A large gong: a low strike, then a shimmer that blooms after it."""
    rng, low = take.rng, 72 / take.size**0.3
    deep = modes(
        6.0, *((low * ratio, 2.6 / ratio**0.5, 1 / ratio**0.6) for ratio in (1.0, 1.51, 2.07, 2.83, 3.67, 4.9))
    )
    wash = modes(6.0, *((rng.uniform(350, 2600), rng.uniform(0.6, 1.6), 0.12) for _ in range(36)))
    bloom = 1 - fall(len(wash), 0.35)
    mallet = np.append(burst(rng, 0.15, 0.02, band(60, 700)), np.zeros(len(deep) - span(0.15)))
    return (deep + wash * bloom + 0.8 * mallet) * swell(len(deep), 0.002, 2.5)


def tick(take: Take) -> Signal:
    """A clock: the escapement, tick and tock by turns, in a wooden case."""
    pitch = take.near(2300 if take.index % 2 else 1900, 0.02) / take.size**0.6
    metal = modes(0.12, (pitch, 0.004, 1.0), (1.9 * pitch, 0.003, 0.6), (0.5 * pitch, 0.006, 0.4))
    case = modes(0.12, (410.0, 0.012, 0.35), (880.0, 0.008, 0.3))
    return metal + case + 0.25 * burst(take.rng, 0.12, 0.0015, band(2000, 10000))


def telephone(take: Take) -> Signal:
    """An old telephone: a hammer between two gongs, 22 strokes a second, for two seconds."""
    total = canvas(span(2.6))
    gongs = [
        modes(0.6, (pitch, 0.18, 1.0), (2.6 * pitch, 0.09, 0.5), (4.9 * pitch, 0.04, 0.3), (1.004 * pitch, 0.18, 0.5))
        for pitch in (1370.0, 1630.0)
    ]
    for stroke in range(42):
        place(total, span(stroke / 22), gongs[stroke % 2], 0.0, take.near(0.5, 0.1))
    return total


def mobile(take: Take) -> Signal:
    """A modern telephone: two quick trills of two tones (a mobile, or a desk set)."""
    total = canvas(span(1.5))
    for start in (0.0, 0.6):
        frames = span(0.42)
        flip = (np.arange(frames) // span(1 / 32)) % 2
        trill = tone(np.where(flip, 1319.0, 1047.0)) + 0.25 * tone(np.where(flip, 2638.0, 2094.0))
        place(total, span(start), trill * swell(frames, 0.005, 0.02))
    return total


def alarm_clock(take: Take) -> Signal:
    """A digital alarm: four short beeps, a rest."""
    total = canvas(span(0.95))
    for beep in range(4):
        frames = span(0.07)
        pulse = (
            tone(np.full(frames, 2048.0)) + 0.33 * tone(np.full(frames, 6144.0)) + 0.15 * tone(np.full(frames, 10240.0))
        )
        place(total, span(0.125 * beep), pulse * swell(frames, 0.002, 0.003))
    return total


def alarm_bell(take: Take) -> Signal:
    """A fire or school bell: an electric hammer on one gong, 18 strokes a second, without end."""
    total = canvas(take.frames)
    shell = modes(0.5, (1050.0, 0.14, 1.0), (2680.0, 0.1, 0.8), (4720.0, 0.06, 0.5), (7100.0, 0.03, 0.3))
    strokes = max(1, round(take.frames / span(1 / 18)))
    for stroke in range(strokes):
        place(total, int(stroke * take.frames / strokes), shell, 0.0, take.near(0.5, 0.12))
    return total


def siren(take: Take) -> Signal:
    """A police or ambulance wail: 600 to 1400 Hz and back, once in 4 s, from a horn."""
    frames = take.frames
    sweeps = max(1, round(frames / span(4.0 / take.pace)))
    phase = np.linspace(0, sweeps, frames, endpoint=False) % 1.0
    rise = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    pitch = 620 + 820 * rise
    wail = tone(pitch, True)
    horn = np.tanh(2.5 * wail) + 0.3 * wail * np.abs(wail)
    body = filtered(horn, band(350, 3500), True)
    walls = convolved(body, noise(take.rng, span(0.4), band(300, 3000)) * fall(span(0.4), 0.12) * 0.004, True)
    return stereo(body + walls)


def beep(take: Take) -> Signal:
    """One clean beep."""
    frames = span(0.18)
    return (tone(np.full(frames, 1000.0)) + 0.1 * tone(np.full(frames, 2000.0))) * swell(frames, 0.005, 0.01)


def computer(take: Take) -> Signal:
    """A machine of the films: short notes of a few pitches, now and then a chirp."""
    total = canvas(take.frames)
    notes = max(2, round(take.frames / span(0.16 / take.pace)))
    scale = 880.0 * 2.0 ** (np.array([0, 3, 7, 10, 12, 15, 19, 24]) / 12)
    for number in range(notes):
        if take.rng.random() < 0.45:
            continue
        frames, pitch = span(take.rng.choice([0.05, 0.08, 0.12])), take.rng.choice(scale)
        bend = take.rng.choice([1.0, 1.0, 1.0, 1.6, 0.6])
        blip = np.tanh(1.5 * tone(np.linspace(pitch, bend * pitch, frames))) * swell(frames, 0.003, 0.012)
        place(total, int(number * take.frames / notes), blip, take.rng.uniform(-0.4, 0.4), take.near(0.6, 0.3))
    return total


def shimmer(take: Take) -> Signal:
    """Magic: a run of tiny bells up a scale, and a sparkle that hangs in the air."""
    total = canvas(span(3.0))
    for number in range(26):
        pitch = 1568.0 * 2.0 ** ((0, 2, 4, 7, 9)[number % 5] / 12 + number // 5 / 3)
        bell = modes(1.2, (pitch, 0.25, 1.0), (2.01 * pitch, 0.15, 0.4), (1.003 * pitch, 0.25, 0.5))
        place(total, span(0.045 * number + 0.01 * take.rng.random()), bell, take.rng.uniform(-0.8, 0.8), 0.5)
    sparks = [modes(0.3, (pitch, 0.06, 1.0)) for pitch in take.rng.uniform(4000, 10000, 14)]
    frames = len(total)
    return (
        total
        + dust(take.rng, frames, 45, sparks, 0.7)
        * (0.35 * glide(frames, (0, 0), (0.3, 0.8), (0.5, 1), (1, 0)))[:, None]
    )


def zap(take: Take) -> Signal:
    """A spark or an electric arc: a ragged buzz at twice the mains, full of snaps."""
    frames = span(take.near(0.6, 0.2))
    gate = (wander(take.rng, frames, 0.02) > 0.35) * swell(frames, 0.002, 0.08)
    hum = np.tanh(6 * tone(np.full(frames, 120.0)))
    snaps = dust(
        take.rng, frames, 400, [burst(take.rng, 0.004, 0.0007, band(low, 5 * low)) for low in (900, 2500)], 1.2
    )[:, 0]
    return filtered(
        (0.25 * hum + 0.8 * noise(take.rng, frames, band(1500, 9000)) * np.abs(hum) + snaps) * gate, band(200, 12000)
    )


def horn_note(take: Take, pitches: tuple[float, ...], seconds: float, edge: float) -> Signal:
    """Horns sounded together: buzzing reeds or diaphragms at `pitches`."""
    frames = span(seconds)
    total = np.zeros(frames)
    for pitch in pitches:
        total += np.tanh(edge * tone(np.full(frames, pitch) * (1 + 0.001 * wander(take.rng, frames, 0.2))) + 0.4)
    return filtered(total, band(0.7 * pitches[0], 3200)) * swell(frames, 0.03, 0.06)


SOUNDS = (
    Sound(
        "church_bell",
        "church|cathedral|temple|tower|funeral|monastery bell, bell toll~, toll~, church-bell, bell peal~, "
        "bell-tower, large|big|great bell, bell church ring~",
        church_bell,
        5.0,
        series=Series.steady(3, 1.9, 2.1),
    ),
    Sound(
        "small_bell",
        "bell, bell ring~|jingle~|tinkle~|ding~|chime~, hand-bell, handbell, shop bell, "
        "sleigh|bicycle|bike|dinner|desk|cow|service bell, jingle~, tinkle~, cowbell, ding~",
        small_bell,
        1.2,
        series=Series(2, (0.32, 0.45), (1.2, 2.5)),
    ),
    Sound(
        "doorbell",
        "doorbell, door-bell, bell door ring~, ding-dong~, ring~-doorbell, buzzer",
        doorbell,
        2.4,
        series=Series(1, (3.0, 3.5), (2.5, 5.0)),
    ),
    Sound("wind_chimes", "wind-chime, windchime, chime wind, chime~, wind-bell", wind_chimes, 8, True),
    Sound("gong", "gong, tam-tam, gong strike~|sound~", gong, 6.0, series=Series(1, (5.0, 6.0), (1.0, 3.0))),
    Sound(
        "clock_tick",
        "clock, clock|watch tick~, tick~, tick~-tock~, tictac, pocket-watch, wristwatch, wrist-watch, "
        "clock tick~|run~, timer tick~, metronome, stopwatch, pendulum",
        tick,
        0.14,
        series=Series.steady(10, 0.499, 0.501),
    ),
    Sound(
        "clock_strike",
        "clock strike~|chime~|bong~|toll~|ring~, grandfather-clock chime~|strike~, clock-tower strike~, "
        "strike~ hour|midnight|noon, midnight clock",
        clock_strike,
        2.8,
        series=Series(3, (1.75, 1.8), None),
    ),
    Sound(
        "telephone",
        "telephone, phone, phone|telephone ring~, rotary-phone, old|antique phone|telephone",
        telephone,
        2.6,
        series=Series.steady(2, 3.9, 4.1),
    ),
    Sound(
        "mobile_phone",
        "mobile|cell|office phone|telephone, cellphone, smartphone, ringtone, mobile|cell-phone ring~",
        mobile,
        1.6,
        series=Series.steady(2, 2.3, 2.5),
    ),
    Sound(
        "alarm_clock",
        "alarm-clock, alarm clock, clock alarm|beep~|buzz~, alarm beep~, alarm morning, timer|microwave beep~|ring~",
        alarm_clock,
        1.0,
        series=Series.steady(3, 1.1, 1.12),
    ),
    Sound(
        "alarm",
        "alarm, fire-alarm, school bell, alarm bell|ring~|sound~|blare~, burglar|smoke alarm, fire alarm, bell alarm",
        alarm_bell,
        5,
        True,
    ),
    Sound(
        "siren",
        "siren, police|ambulance|emergency siren|car|vehicle, fire-engine, fire-truck, ambulance, "
        "siren wail~|blare~, police-car",
        siren,
        8,
        True,
    ),
    Sound(
        "beep",
        "beep~, bleep~, blip~, heart-monitor, sonar, monitor beep~, truck back~ beep~, beep~ tone",
        beep,
        0.2,
        series=Series(3, (0.45, 0.46), (0.45, 0.46)),
    ),
    Sound(
        "computer",
        "computer, computer beep~|process~|blip~, robot, spaceship|console beep~|computer|panel, "
        "electronic|digital beep~|blip~, sci-fi",
        computer,
        5,
        True,
    ),
    Sound(
        "magic",
        "magic, magical, magic spell|shimmer~|wand, shimmer~, sparkle~, twinkle~, fairy dust|magic, "
        "spell cast~, enchantment",
        shimmer,
        3.0,
    ),
    Sound(
        "zap",
        "zap~, electricity, electric spark~|shock|arc, spark~, electricity crackle~|spark~, short-circuit, "
        "taser, laser",
        zap,
        0.75,
        series=Series(1, (0.9, 1.4), (0.5, 1.5)),
    ),
)
