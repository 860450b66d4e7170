"""Rain, wind, thunder, fire: the textures of air and weather."""

import numpy as np

from .sound import Series, Sound, Take
from .synth import (
    Signal,
    band,
    both,
    burst,
    canvas,
    dust,
    fall,
    filtered,
    modes,
    noise,
    peaks,
    place,
    span,
    swell,
    times,
    tone,
    unit,
    wander,
)


def _drops(take: Take, low: float, high: float, ring: float) -> list[Signal]:
    """A few drops: short ticks, each with a pitch of its own, ringing for `ring` seconds."""
    pitches = np.geomspace(low, high, 6) * take.rng.uniform(0.9, 1.1, 6)
    return [modes(8 * ring, (pitch, ring, 1.0), (pitch * 1.7, ring / 2, 0.5)) for pitch in pitches]


def rain(take: Take) -> Signal:
    """A wash of far drops, and near ones told apart; heavy rain is denser and fuller below."""
    wash = noise(take.rng, take.frames, band(500 / take.size, 6000), 2)
    near = dust(take.rng, take.frames, 260 * take.size, _drops(take, 1800, 8000, 0.0015), 1.0)
    return wash * (0.5 + 0.25 * take.weight) + near * 0.8


def rain_on_roof(take: Take) -> Signal:
    """Drops that ring the plate they fall on: bending modes of thin sheet metal at 0.4 to 3 kHz."""
    patter = dust(take.rng, take.frames, 120 * take.size, _drops(take, 420, 3200, 0.009), 0.9)
    return patter + 0.4 * rain(take)


def wind(take: Take) -> Signal:
    """Broad air with gusts, and a resonance that slides with them: a narrow band of noise on a wandering pitch."""
    frames, rng = take.frames, take.rng
    gust = wander(rng, frames, 2.2 / take.pace) ** (1.2 + 0.4 * take.weight)
    air = noise(rng, frames, band(60, 320 * take.size**0.5), 2) * (0.3 + gust)[:, None]
    hiss = noise(rng, frames, both(band(500, 1200), band(0, 2500)), 2) * (0.1 + gust**2)[:, None] * 0.35
    total = air + hiss
    for pitch, share in ((310, 0.7), (520, 0.45), (880, 0.2)):
        drift = 0.75 + 0.5 * (0.6 * gust + 0.4 * wander(rng, frames, 1.5))
        howl = tone(pitch * drift, circular=True) * (2 * wander(rng, frames, 0.03) - 1)
        total += share * take.size * (gust**1.5 * howl)[:, None] * rng.uniform(0.7, 1.2, 2)
    return total


def _roll(take: Take, seconds: float) -> Signal:
    """The rumble of thunder: sound of one channel arrives from its near and far parts, clap after clap."""
    frames = span(seconds)
    envelope = np.zeros(frames)
    for _ in range(int(take.rng.integers(5, 9))):
        start = int(frames * 0.55 * take.rng.random() ** 1.5)
        length = frames - start
        clap = fall(length, take.near(0.14 * seconds, 0.5)) * swell(length, take.rng.uniform(0.02, 0.25), 0.01)
        envelope[start:] += clap * take.rng.uniform(0.3, 1.0)
    low = noise(take.rng, frames, both(band(25, 90), band(0, 160)), 2)
    mid = noise(take.rng, frames, band(80, 450), 2) * (fall(frames, 0.14 * seconds) * 0.6)[:, None]
    return (low + mid) * (envelope * swell(frames, 0.02, 0.3 * seconds))[:, None]


def thunder(take: Take) -> Signal:
    """A tearing crack of many near sparks, then the roll."""
    seconds = 6.0
    roll = unit(_roll(take, seconds)) * 0.25
    crack = np.zeros(len(roll))
    for start in np.sort(take.rng.uniform(0, 0.35, 14)):
        snap = burst(take.rng, 0.25, take.near(0.03, 0.5), band(150, 3500))
        crack[span(start) : span(start) + len(snap)] += snap * take.rng.uniform(0.1, 0.5)
    return roll + crack[:, None] * (0.35 + 0.25 * take.weight)


def storm(take: Take) -> Signal:
    """Heavy rain, hard wind, and now and then thunder."""
    heavy = Take(take.rng, take.frames, max(take.weight, 0.6), take.pace)
    total = 0.22 * unit(rain(heavy)) + 0.22 * unit(wind(heavy))
    rolls = max(1, round(take.frames / span(9.0)))
    for number in range(rolls):
        start = int((number + take.rng.uniform(0, 0.5)) * take.frames / rolls)
        place(total, start, 1.2 * unit(_roll(take, 5.0)) * 0.4)
    return total


def fire(take: Take) -> Signal:
    """Flames that lap (low, wandering), gases that hiss, wood that cracks: clicks, most of them small."""
    rng, frames = take.rng, take.frames
    lap = noise(rng, frames, band(30, 160), 2) * (0.4 + wander(rng, frames, 0.25))[:, None] * 0.6 * take.size
    hiss = noise(rng, frames, band(1200, 3500), 2) * (0.3 + wander(rng, frames, 0.8))[:, None] * 0.1
    clicks = [burst(rng, 0.012, take.near(0.0012, 0.5), band(low, 3 * low)) for low in (400, 700, 1100, 1700, 2600)]
    crackle = dust(rng, frames, 14 * take.size, clicks, 1.5)
    spits = dust(rng, frames, 60 * take.size, [click[: len(click) // 2] for click in clicks[2:]], 1.0)
    return lap + hiss + crackle * 0.45 + spits * 0.12


def frying(take: Take) -> Signal:
    """Fat that spits: a bright hiss and many tiny pops of steam."""
    rng = take.rng
    hiss = (
        noise(rng, take.frames, both(band(2200, 6000), band(0, 9000)), 2)
        * (0.6 + 0.4 * wander(rng, take.frames, 0.4))[:, None]
    )
    pops = [
        burst(rng, 0.008, take.near(0.001, 0.5), both(band(low, 2 * low), band(0, 8000)))
        for low in (1000, 1800, 2800, 4000)
    ]
    return hiss * 0.5 + dust(rng, take.frames, 90 * take.size, pops, 1.1)


def leaves(take: Take) -> Signal:
    """Foliage that the wind moves: very many tiny dry contacts, coming and going."""
    ticks = [burst(take.rng, 0.006, 0.001, both(band(low, 2 * low), band(0, 7000))) for low in (1500, 2500, 3800)]
    gust = 0.15 + wander(take.rng, take.frames, 1.3) ** 1.5
    return (dust(take.rng, take.frames, 500, ticks, 0.9) + noise(take.rng, take.frames, band(1500, 6000), 2)) * gust[
        :, None
    ]


def room(take: Take) -> Signal:
    """The silence of a room: brown air, and next to nothing above."""
    return noise(take.rng, take.frames, both(band(25, 90), band(0, 1500)), 2)


def whoosh(take: Take) -> Signal:
    """Air past a moving thing: a band of noise that rises and falls in pitch as it comes and goes."""
    frames = span(0.7 / take.pace)
    air = np.zeros(frames)
    for order, centre in enumerate((350, 700, 1400, 2800)):
        middle = 0.5 + 0.06 * (order - 1.5)
        share = np.exp(-(((np.linspace(0, 1, frames) - middle) / (0.2 - 0.025 * order)) ** 2))
        air += noise(take.rng, frames, peaks((centre / take.size**0.5, 0.6 * centre, 1.0))) * share / (order + 1)
    return air


def explosion(take: Take) -> Signal:
    """A shock, a deep thump that falls in pitch, a cloud of low noise, and debris."""
    rng, frames = take.rng, span(3.5)
    time = times(frames)
    thump = np.sin(2 * np.pi * (38 * time + 4 * (1 - np.exp(-time / 0.08)))) * fall(frames, 0.45)
    cloud = noise(rng, frames, band(30, 500), 2) * (fall(frames, 0.5) + 0.25 * fall(frames, 1.2))[:, None]
    shock = burst(rng, 0.4, 0.05, band(100, 5000))
    total = canvas(frames) + 1.5 * thump[:, None] + cloud * swell(frames, 0.004, 1.5)[:, None]
    place(total, 0, shock, gain=1.4)
    chips = [burst(rng, 0.05, 0.008, band(low, 3 * low)) for low in (400, 900, 1800)]
    total += dust(rng, frames, 60, chips, 1.0) * (0.25 * fall(frames, 0.8) * swell(frames, 0.4, 1.0))[:, None]
    pressed: Signal = np.tanh(total)
    return pressed * swell(frames, 0.001, 1.2)[:, None]


def fireworks(take: Take) -> Signal:
    """A shell that whistles up, bursts, and crackles as it falls."""
    rng, rise = take.rng, span(0.9)
    total = canvas(span(3.2))
    whistle = tone(np.linspace(1500, take.near(2600), rise) + 60 * np.sin(np.arange(rise) / 700))
    place(total, 0, whistle * swell(rise, 0.3, 0.1) * 0.06 + burst(rng, 0.9, 2.0, band(800, 3000)) * 0.04)
    boom = noise(rng, span(1.6), band(40, 900), 2) * fall(span(1.6), 0.16)[:, None]
    place(total, rise, boom * swell(len(boom), 0.002, 0.5)[:, None])
    ticks = [burst(rng, 0.02, 0.002, band(low, 2 * low)) for low in (1200, 2500, 4500)]
    length = span(1.8)
    crackle = dust(rng, length, 45, ticks, 0.8) * (swell(length, 0.3, 1.2) * 0.25)[:, None]
    place(total, rise + span(0.4), crackle)
    return total


def static(take: Take) -> Signal:
    """A receiver between stations: hiss, crackle, and a heterodyne whistle that drifts."""
    rng, frames = take.rng, take.frames
    hiss = noise(rng, frames, band(400, 3500)) * (0.7 + 0.3 * wander(rng, frames, 0.3))
    crackle = filtered(
        dust(rng, frames, 40, [burst(rng, 0.01, 0.002, band(600, 4000))], 1.2)[:, 0], band(300, 3500), True
    )
    whistle = tone(700 + 900 * wander(rng, frames, 2.0), circular=True) * wander(rng, frames, 1.5) ** 3
    return hiss + 0.4 * crackle + 0.3 * whistle


SOUNDS = (
    Sound(
        "rain",
        "rain~, drizzle~, raindrop, rainfall, downpour, rain shower, pour~ rain, pour~-down, pitter-patter",
        rain,
        8,
        True,
    ),
    Sound(
        "rain_on_roof",
        "rain~ roof|tin|metal|tent|umbrella|window|windowpane|windshield, raindrop roof|tin|window|metal|umbrella",
        rain_on_roof,
        8,
        True,
    ),
    Sound(
        "wind",
        "wind, windy, breeze, gust~, gale, blizzard, wind blow~|howl~|whistle~|moan~, draught, snow storm, "
        "snowstorm, sandstorm",
        wind,
        8,
        True,
    ),
    Sound("thunder", "thunder~, thunderclap, thunderbolt, lightning, thunder clap|crack~|roll~|rumble~", thunder, 6),
    Sound(
        "storm",
        "storm, stormy, thunderstorm, rainstorm, tempest, hurricane, typhoon, thunder storm, thunder rain~, "
        "lightning rain~, storm rain~ wind, thunder rain~ wind, rain~ wind thunder, storm wind, storm sea",
        storm,
        12,
        True,
    ),
    Sound(
        "fire",
        "fire crackle~|burn~|roar~|pop~, fire, campfire, bonfire, fireplace, hearth, flame, wood|log burn~, "
        "furnace, inferno",
        fire,
        8,
        True,
    ),
    Sound("frying", "fry~, sizzle~, frying-pan, bacon, oil sizzle~, food|meat fry~|sizzle~|cook~", frying, 6, True),
    Sound(
        "leaves",
        "leaf rustle~|blow~|crackle~, foliage, rustle~ tree|bush|leaf|branch|forest, tree sway~",
        leaves,
        8,
        True,
    ),
    Sound(
        "room_tone",
        "silence, room-tone, quiet room, silent room, empty room, room silence, room ambience, hush, stillness",
        room,
        8,
        True,
        peak=0.05,
    ),
    Sound("whoosh", "whoosh~, swoosh~, swish~, swoop~", whoosh, 0.7, series=Series(1, (0.9, 1.2), (1.0, 2.0))),
    Sound(
        "explosion",
        "explosion, explode~, detonation, detonate~, blast~, bomb, bomb explode~, dynamite, grenade, "
        "eruption, boom~, blow~-up",
        explosion,
        3.5,
        peak=0.9,
    ),
    Sound(
        "fireworks",
        "firework, firecracker, firework explode~|burst~|pop~",
        fireworks,
        3.2,
        series=Series(2, (1.2, 2.0), (0.8, 2.2)),
    ),
    Sound(
        "static",
        "static, radio static, white-noise, radio tune~ static, radio interference, radio hiss~",
        static,
        6,
        True,
    ),
)
