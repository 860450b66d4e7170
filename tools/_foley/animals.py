"""Animals with a voice: a source at a pitch that moves, through the resonances of a throat.

Pitches and lengths follow published descriptions of the calls; most calls are one syllable with one arch of pitch.
"""

import numpy as np

from wavagent.audio import RATE

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
    pulses,
    span,
    swell,
    times,
    tone,
    unit,
    voiced,
    wander,
)


def rough(take: Take, pitch: Signal, part: float) -> Signal:
    """`pitch` with the fast irregularity of a strained voice, up to `part` of it."""
    return pitch * (1 + part * (2 * wander(take.rng, len(pitch), 0.008) - 1))


def bark(take: Take) -> Signal:
    """A dog: a hard onset, a pitch that leaps and falls within 0.2 s, a wide mouth; a heavy dog is lower."""
    scale = take.size**-0.6
    frames = span(take.near(0.19, 0.15))
    top = take.near(560 * scale, 0.12)
    pitch = rough(take, glide(frames, (0, 0.6 * top), (0.18, top), (0.55, 0.85 * top), (1, 0.45 * top)), 0.12)
    throat = both(peaks((620 * scale, 260, 1.0), (1250 * scale, 400, 0.6), (2700 * scale, 700, 0.25)), band(150, 6000))
    voice = unit(filtered(voiced(pitch, 0.9), throat))
    breath = noise(take.rng, frames, throat) * glide(frames, (0, 1), (0.3, 0.3), (1, 0.5))
    call = (voice + 0.3 * breath) * glide(frames, (0, 0.2), (0.08, 1), (0.5, 0.7), (1, 0)) * swell(frames, 0.006, 0.05)
    return _in_air(call, 0.25)


def _in_air(call: Signal, tail: float) -> Signal:
    """A call and a little silence after it."""
    return np.concatenate([call, np.zeros(span(tail))])


def meow(take: Take) -> Signal:
    """A cat: /m-i-a-u/, the mouth opening and closing while the pitch makes one arch."""
    frames = span(take.near(0.85, 0.15))
    top = take.near(720, 0.12)
    pitch = rough(take, glide(frames, (0, 0.72 * top), (0.3, top), (0.7, 0.9 * top), (1, 0.62 * top)), 0.012)
    source = voiced(pitch, 0.7)
    shut = filtered(source, peaks((350, 150, 1.0), (2400, 350, 0.25)))
    bright = filtered(source, peaks((600, 250, 0.6), (1750, 400, 1.0), (3500, 700, 0.45)))
    open_ = filtered(source, peaks((1000, 300, 1.0), (1700, 350, 1.0), (3600, 800, 0.45)))
    mouth = (
        unit(shut) * glide(frames, (0, 0.6), (0.14, 0), (0.85, 0), (1, 0.4))
        + unit(bright) * glide(frames, (0, 0), (0.15, 0.9), (0.45, 0.4), (0.7, 0))
        + unit(open_) * glide(frames, (0, 0), (0.25, 0.1), (0.5, 1), (0.8, 0.6), (1, 0))
    )
    return filtered(mouth, band(900, 9000)) * swell(frames, 0.06, 0.2)


def purr(take: Take) -> Signal:
    """A cat at ease: 25 soft pulses a second, breathed in and out."""
    rng, frames = take.rng, take.frames
    breaths = max(1, round(frames / span(1.6)))
    phase = np.linspace(0, breaths, frames, endpoint=False) % 1.0
    breath = 0.45 + 0.55 * np.abs(np.sin(np.pi * phase * 2)) ** 0.7
    pulse = np.clip(tone(np.where(phase < 0.5, 24.0, 27.0), circular=True), 0, 1) ** 2
    return noise(rng, frames, both(band(60, 220), band(0, 900))) * (0.15 + pulse) * breath


def moo(take: Take) -> Signal:
    """A cow: closed lips, then a long low open vowel that sags at its end."""
    frames = span(take.near(1.9, 0.15))
    base = take.near(190, 0.1) / take.size**0.3
    pitch = rough(take, glide(frames, (0, 0.75 * base), (0.25, base), (0.75, 1.05 * base), (1, 0.7 * base)), 0.02)
    source = voiced(pitch, 1.0)
    hum = unit(filtered(source, peaks((240, 90, 1.0), (900, 300, 0.05))))
    call = unit(filtered(source, peaks((290, 120, 1.0), (580, 160, 0.8), (1100, 300, 0.25), (2300, 500, 0.08))))
    mix = hum * glide(frames, (0, 0.7), (0.3, 0.4), (0.5, 0)) + call * glide(
        frames, (0, 0), (0.3, 0.8), (0.7, 1), (1, 0.5)
    )
    return mix * swell(frames, 0.18, 0.35)


def bleat(take: Take) -> Signal:
    """A sheep or a goat: a nasal /æ/ that trembles nine times a second."""
    frames = span(take.near(0.95, 0.2))
    tremble = np.sin(2 * np.pi * take.near(8.5) * times(frames))
    pitch = rough(
        take, take.near(240, 0.15) * (1 + 0.05 * tremble) * glide(frames, (0, 0.92), (0.2, 1), (1, 0.85)), 0.03
    )
    throat = peaks((750, 180, 1.0), (1550, 250, 0.9), (2700, 400, 0.5), (3700, 600, 0.2))
    voice = unit(filtered(voiced(pitch, 0.6), throat))
    return (voice + 0.1 * noise(take.rng, frames, throat)) * (0.65 + 0.35 * tremble) * swell(frames, 0.05, 0.2)


def neigh(take: Take) -> Signal:
    """A horse: a whinny that starts high, falls by an octave, and shakes ever more; then a snort."""
    frames = span(1.7)
    fraction = np.linspace(0, 1, frames)
    shake = np.sin(2 * np.pi * np.cumsum(glide(frames, (0, 14), (1, 9))) / RATE)
    pitch = glide(frames, (0, 650), (0.1, 1250), (0.35, 1100), (0.8, 620), (1, 420)) * (
        1 + (0.03 + 0.09 * fraction) * shake
    )
    throat = peaks((1100, 400, 1.0), (2200, 600, 0.7), (3600, 900, 0.4), (600, 300, 0.4))
    voice = unit(filtered(voiced(rough(take, pitch, 0.05), 0.5), throat))
    breath = 0.25 * noise(take.rng, frames, throat)
    call = (voice + breath) * (0.7 + 0.3 * shake * fraction) * glide(frames, (0, 0), (0.06, 1), (0.6, 0.7), (1, 0))
    total = canvas(span(2.6))
    place(total, 0, call)
    place(total, span(1.8), snort(take), gain=0.5)
    return total


def snort(take: Take) -> Signal:
    """Air through loose nostrils: low noise, fluttering 25 times a second."""
    frames = span(0.6)
    flutter = 0.4 + 0.6 * np.clip(tone(glide(frames, (0, 30), (1, 20))), 0, 1)
    air = noise(take.rng, frames, both(peaks((500, 400, 1.0), (1300, 700, 0.8)), band(150, 4000)))
    return air * flutter * glide(frames, (0, 0), (0.1, 1), (0.5, 0.5), (1, 0))


def howl(take: Take) -> Signal:
    """A wolf: a pitch that climbs, holds with a slow waver, and sinks; few harmonics, round lips."""
    frames = span(take.near(3.6, 0.15))
    base = take.near(430, 0.12)
    waver = 1 + 0.012 * np.sin(2 * np.pi * 4.2 * times(frames))
    pitch = (
        glide(frames, (0, 0.6 * base), (0.14, base), (0.3, 1.12 * base), (0.7, 1.05 * base), (1, 0.65 * base)) * waver
    )
    voice = tone(pitch) + 0.45 * tone(2 * pitch) + 0.16 * tone(3 * pitch) + 0.07 * tone(4 * pitch)
    return voice * swell(frames, 0.45, 1.1) * (0.9 + 0.1 * wander(take.rng, frames, 0.3))


def growl(take: Take) -> Signal:
    """A beast: irregular low pulses through a long throat, swelling."""
    frames = span(take.near(1.8, 0.2))
    pitch = rough(take, take.near(62, 0.15) / take.size**0.4 * glide(frames, (0, 0.85), (0.4, 1.15), (1, 0.8)), 0.25)
    throat = both(peaks((320, 160, 1.0), (750, 260, 0.7), (1500, 500, 0.35), (2600, 800, 0.12)), band(50, 4000))
    voice = unit(filtered(pulses(pitch), throat)) + 0.45 * noise(take.rng, frames, throat)
    return voice * (0.75 + 0.25 * wander(take.rng, frames, 0.1)) * swell(frames, 0.35, 0.5)


def grunt(take: Take) -> Signal:
    """A pig: short snorted grunts, breath and rough pulses through the nose."""
    frames = span(take.near(0.22, 0.3))
    pitch = rough(take, take.near(105, 0.25) * glide(frames, (0, 0.8), (0.3, 1.2), (1, 0.7)), 0.3)
    nose = both(peaks((380, 140, 1.0), (1050, 250, 0.7), (2100, 500, 0.4)), band(120, 5000))
    voice = unit(filtered(voiced(pitch, 0.5), nose)) + 0.7 * noise(take.rng, frames, nose)
    return _in_air(voice * glide(frames, (0, 0), (0.15, 1), (0.6, 0.6), (1, 0)), 0.15)


def croak(take: Take) -> Signal:
    """A frog: a train of pulses, each a click of the swollen throat, that quickens and stops."""
    frames = span(take.near(0.34, 0.25))
    low = take.near(750, 0.3) / take.size**0.5
    throat = pulses(glide(frames, (0, 38), (0.4, 62), (1, 70)))
    call = unit(filtered(throat, peaks((low, 160, 1.0), (2.2 * low, 300, 0.8), (3.6 * low, 500, 0.25))))
    return _in_air(call * glide(frames, (0, 0.1), (0.5, 0.8), (0.85, 1), (1, 0)) * swell(frames, 0.02, 0.03), 0.1)


def frogs(take: Take) -> Signal:
    """A pond: several frogs, each with its pitch and place, over still water."""
    total = noise(take.rng, take.frames, band(100, 800), 2) * 0.02
    for _ in range(5):
        own, pan, gain = croak(take), take.rng.uniform(-0.9, 0.9), take.rng.uniform(0.3, 1.0)
        calls = max(1, round(take.frames / span(take.near(0.9, 0.4))))
        for number in range(calls):
            if take.rng.random() < 0.75:
                place(total, int((number + 0.25 * take.rng.random()) * take.frames / calls), own, pan, gain)
    return total


def crickets(take: Take) -> Signal:
    """Field crickets: at 4.4 to 5 kHz, chirps of three or four wing strokes, near three chirps a second."""
    rng, frames = take.rng, take.frames
    total = noise(rng, frames, both(band(3800, 5500, 2), peaks((4600, 500, 1.0))), 2) * 0.05
    for voice in range(7):
        pitch, strokes = take.near(4650, 0.08), int(rng.integers(3, 5))
        stroke = span(0.017)
        pulse = tone(np.linspace(pitch, 0.985 * pitch, stroke)) * np.sin(np.pi * np.arange(stroke) / stroke) ** 2
        chirp = np.concatenate([np.append(pulse, np.zeros(span(0.008))) * (0.6 + 0.13 * n) for n in range(strokes)])
        chirps = max(1, round(frames / span(take.near(0.36 / take.pace, 0.15))))
        offset, pan, gain = rng.random(), rng.uniform(-1, 1), 1.0 if voice == 0 else rng.uniform(0.1, 0.5)
        for number in range(chirps):
            place(total, int((number + offset + 0.04 * rng.random()) * frames / chirps), chirp, pan, gain)
    return total


def bees(take: Take) -> Signal:
    """A swarm: wings at 200 to 260 strokes a second, coming near and going."""
    rng, frames = take.rng, take.frames
    total = canvas(frames)
    for _ in range(6):
        pitch = take.near(225, 0.12) * (1 + 0.12 * (wander(rng, frames, 0.5) - 0.5))
        near, side = 0.15 + wander(rng, frames, 1.2) ** 2, rng.uniform(0.05, 0.95)
        wings = voiced(pitch, 0.8, circular=True) * near
        total += wings[:, None] * np.sqrt(np.array([side, 1 - side]))
    body = peaks((500, 400, 1.0), (1600, 900, 0.5), (240, 120, 0.8))
    return np.stack([filtered(one, body, circular=True) for one in total.T], axis=1)


SOUNDS = (
    Sound(
        "dog_bark",
        "dog, puppy, hound, dog|puppy|hound bark~|yap~|woof~, bark~, woof~, yap~",
        bark,
        0.44,
        series=Series(3, (0.38, 0.6), (0.7, 2.0)),
    ),
    Sound(
        "cat_meow",
        "cat, kitten, meow~, mew~, miaow~, cat|kitten meow~|cry~|mew~",
        meow,
        0.9,
        series=Series(2, (1.1, 1.7), (1.2, 2.8)),
    ),
    Sound("cat_purr", "purr~, cat|kitten purr~", purr, 6, True),
    Sound(
        "cow",
        "cow, cattle, moo~, cow|cattle|bull|calf moo~|low~|bellow~, bull, calf",
        moo,
        2.1,
        series=Series(2, (2.3, 3.0), (2.5, 4.5)),
    ),
    Sound(
        "sheep",
        "sheep, lamb, goat, bleat~, baa~, sheep|goat|lamb bleat~|baa~",
        bleat,
        1.0,
        series=Series(2, (1.1, 1.6), (1.0, 2.6)),
    ),
    Sound(
        "horse_neigh",
        "neigh~, whinny~, horse neigh~|whinny~|snort~",
        neigh,
        2.6,
        series=Series(1, (3.0, 4.0), (2.5, 5.0)),
    ),
    Sound(
        "wolf_howl",
        "wolf, werewolf, coyote, wolf|dog|coyote howl~, howl~",
        howl,
        4.0,
        series=Series(1, (4.0, 5.0), (1.5, 4.0)),
    ),
    Sound(
        "growl",
        "growl~, snarl~, dog|bear|lion|beast|monster|tiger growl~|roar~|snarl~, lion, tiger, roar~",
        growl,
        2.1,
        series=Series(1, (2.2, 3.0), (1.0, 2.5)),
    ),
    Sound(
        "pig",
        "pig, hog, boar, oink~, piglet, sow, grunt~, pig|hog oink~|grunt~|snort~|squeal~",
        grunt,
        0.45,
        series=Series(4, (0.3, 0.55), (0.5, 1.4)),
    ),
    Sound("frogs", "frog, toad, croak~, ribbit~, frog|toad croak~", frogs, 8, True),
    Sound(
        "crickets",
        "cricket, cicada, grasshopper, insect, cricket|cicada|insect chirp~|sing~, night summer, "
        "summer-night, nighttime",
        crickets,
        8,
        True,
    ),
    Sound(
        "bees",
        "bee, wasp, hornet, fly buzz~, bee|insect|wasp|mosquito|swarm buzz~, beehive, mosquito, housefly",
        bees,
        6,
        True,
    ),
)
