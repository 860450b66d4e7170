"""People without words: crowds, hands, breath, hearts.

Vowels are a buzz through formants (Peterson and Barney, 1952); a crowd is many of them at once.
"""

import numpy as np

from .animals import rough
from .sound import Series, Sound, Take
from .synth import (
    Formant,
    Response,
    Signal,
    band,
    both,
    burst,
    canvas,
    convolved,
    dust,
    fall,
    filtered,
    glide,
    modes,
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
)

VOWELS: dict[str, tuple[Formant, ...]] = {
    "a": ((730, 110, 1.0), (1150, 130, 0.7), (2500, 200, 0.25), (3500, 300, 0.1)),
    "e": ((530, 90, 1.0), (1840, 140, 0.45), (2500, 200, 0.25), (3500, 300, 0.1)),
    "i": ((290, 70, 1.0), (2250, 150, 0.3), (3000, 250, 0.2), (3700, 300, 0.1)),
    "o": ((500, 90, 1.0), (880, 110, 0.6), (2450, 200, 0.1), (3400, 300, 0.05)),
    "u": ((320, 80, 1.0), (870, 110, 0.35), (2250, 200, 0.06), (3300, 300, 0.03)),
    "uh": ((620, 100, 1.0), (1200, 130, 0.6), (2400, 200, 0.2), (3400, 300, 0.08)),
}


def vowel(name: str, size: float = 1.0) -> Response:
    """The formants of a vowel in a throat `size` times shorter than a man's."""
    return peaks(*((centre * size, width * size, gain) for centre, width, gain in VOWELS[name]))


def _syllables(take: Take, many: int, least: float, most: float) -> list[Signal]:
    """Syllables of many speakers: a pitch, a vowel, sometimes a consonant before it."""
    rng, made = take.rng, []
    for _ in range(many):
        frames = span(rng.uniform(least, most))
        woman = rng.random() < 0.5
        base = rng.normal(205, 25) if woman else rng.normal(120, 15)
        pitch = base * glide(
            frames, (0, rng.uniform(0.9, 1.1)), (0.4, rng.uniform(1.0, 1.2)), (1, rng.uniform(0.8, 1.0))
        )
        spoken = unit(filtered(voiced(pitch, 1.1), vowel(str(rng.choice(list(VOWELS))), 1.16 if woman else 1.0)))
        spoken = spoken * swell(frames, 0.03, 0.06)
        if rng.random() < 0.35:
            hiss = burst(rng, 0.07, 0.05, band(2500, 7000)) * 0.3
            spoken = np.concatenate([hiss, spoken])
        made.append(spoken)
    return made


def crowd(take: Take) -> Signal:
    """The murmur of a room full of people: syllables of thirty talkers, no word to be told, in a dull room."""
    rng, frames = take.rng, take.frames
    talk = dust(rng, frames, 48 * take.size, _syllables(take, 28, 0.09, 0.28), 0.7)
    air = noise(rng, frames, band(150, 900), 2)
    return np.stack([filtered(side, band(150, 2600), True) for side in talk.T], axis=1) + 0.08 * air


def cheer(take: Take) -> Signal:
    """A crowd that shouts for joy: long open vowels at strained pitches, whistles, clapping under it."""
    rng, frames = take.rng, take.frames
    shouts = []
    for _ in range(18):
        length = span(rng.uniform(0.5, 1.3))
        base = rng.uniform(240, 520)
        pitch = rough(take, glide(length, (0, 0.8 * base), (0.25, base), (1, 0.75 * base)), 0.03)
        shouts.append(unit(filtered(voiced(pitch, 0.6), vowel("a", rng.uniform(1.0, 1.25)))) * swell(length, 0.1, 0.3))
    total = dust(rng, frames, 26, shouts, 0.6)
    total = np.stack([filtered(side, band(250, 5000), True) for side in total.T], axis=1)
    return total + 0.25 * unit(applause(take)) + 0.2 * noise(rng, frames, peaks((900, 700, 1.0), (1600, 900, 0.6)), 2)


def _claps(take: Take, many: int) -> list[Signal]:
    """Pairs of hands: 5 to 10 ms of noise, the hollow between the palms tuned from 0.6 to 2 kHz."""
    made = []
    for centre in np.geomspace(650, 2100, many) * take.rng.uniform(0.9, 1.1, many):
        shape = both(peaks((centre, centre * 0.5, 1.0), (2.4 * centre, centre, 0.35)), band(300, 9000))
        made.append(burst(take.rng, 0.06, 0.007, shape))
    return made


def applause(take: Take) -> Signal:
    """Some hundred pairs of hands, none in time with another."""
    return dust(take.rng, take.frames, 190 * take.size, _claps(take, 14), 0.8)


def clap(take: Take) -> Signal:
    """One pair of hands in a small room."""
    hands = _claps(take, 3)[int(take.rng.integers(3))]
    return (
        np.append(hands, np.zeros(span(0.15)))
        + 0.1 * burst(take.rng, 0.21, 0.05, band(500, 4000))[: len(hands) + span(0.15)]
    )


def snap(take: Take) -> Signal:
    """Fingers that snap: a sharp click that rings at 2 kHz."""
    pitch = take.near(1900, 0.1)
    return modes(0.15, (pitch, 0.008, 1.0), (1.55 * pitch, 0.005, 0.6)) + 0.6 * burst(
        take.rng, 0.15, 0.004, band(1500, 9000)
    )


def laugh(take: Take) -> Signal:
    """One 'ha' of a laugh: breath, then a short vowel; each lower and softer than the last."""
    fade = 0.94 ** (take.index % 7)
    frames = span(0.17)
    pitch = rough(take, take.near(250, 0.04) * fade * glide(frames, (0, 0.95), (0.3, 1.1), (1, 0.85)), 0.02)
    breath = noise(take.rng, frames, vowel("a", 1.1)) * glide(frames, (0, 0), (0.15, 0.5), (0.4, 0.15), (1, 0.2))
    ha = unit(filtered(voiced(pitch, 0.9), vowel("a", 1.1))) * glide(
        frames, (0, 0), (0.25, 0.1), (0.45, 1), (0.8, 0.7), (1, 0)
    )
    return (ha + breath) * fade * swell(frames, 0.01, 0.04)


def baby(take: Take) -> Signal:
    """A cry: an arch of pitch around 450 Hz, pressed and bright, then the gasp for the next."""
    frames = span(take.near(1.05, 0.2))
    base = take.near(450, 0.1)
    shake = 1 + 0.02 * np.sin(2 * np.pi * 7 * times(frames))
    pitch = rough(take, base * glide(frames, (0, 0.8), (0.15, 1.12), (0.6, 1.05), (1, 0.72)) * shake, 0.02)
    throat = peaks((1050, 250, 1.0), (1500, 300, 0.7), (3300, 500, 0.6), (4800, 700, 0.2))
    cry = unit(filtered(voiced(pitch, 0.6), throat)) * glide(frames, (0, 0), (0.1, 0.8), (0.5, 1), (0.85, 0.6), (1, 0))
    gasp = noise(take.rng, span(0.22), peaks((1400, 500, 1.0), (3000, 900, 0.6))) * swell(span(0.22), 0.1, 0.05) * 0.12
    return np.concatenate([cry, np.zeros(span(0.08)), gasp])


def cough(take: Take) -> Signal:
    """A cough: the glottis bursts open, air roars through the throat, a short voice ends it."""
    rng, frames = take.rng, span(0.38)
    throat = peaks((600, 250, 1.0), (1350, 350, 0.7), (2600, 600, 0.4))
    air = noise(rng, frames, both(throat, band(200, 6000))) * (fall(frames, 0.06) + 0.12 * swell(frames, 0.1, 0.15))
    pitch = rough(take, take.near(160, 0.1) * glide(frames, (0, 1.3), (0.3, 1), (1, 0.7)), 0.12)
    voice = unit(filtered(voiced(pitch, 0.9), throat)) * glide(frames, (0, 0.5), (0.2, 0.25), (0.45, 0.3), (1, 0))
    return (air + voice) * swell(frames, 0.003, 0.08)


def sneeze(take: Take) -> Signal:
    """Breath drawn in twice, then the burst: noise that opens from /t/ to /u/."""
    rng, total = take.rng, canvas(span(1.7))
    for start, seconds, gain in ((0.0, 0.25, 0.12), (0.35, 0.4, 0.25)):
        frames = span(seconds)
        place(
            total, span(start), noise(rng, frames, vowel("a", 1.2)) * glide(frames, (0, 0), (0.8, 1), (1, 0)), gain=gain
        )
    frames = span(0.55)
    spray = noise(rng, frames, band(1800, 8000)) * fall(frames, 0.06) + noise(rng, frames, vowel("u", 1.2)) * fall(
        frames, 0.15
    )
    voice = unit(filtered(voiced(take.near(240) * glide(frames, (0, 1.3), (1, 0.7)), 0.9), vowel("u", 1.15))) * fall(
        frames, 0.12
    )
    place(total, span(0.85), (spray + 0.8 * voice) * swell(frames, 0.006, 0.2), gain=1.2)
    return total


def _breath(take: Take, seconds: float, inward: bool, size: float = 1.0) -> Signal:
    frames = span(seconds / take.pace)
    mouth = (
        ((1050, 450, 1.0), (1900, 600, 0.55), (3400, 1200, 0.2))
        if inward
        else ((620, 320, 1.0), (1250, 500, 0.6), (2300, 800, 0.2))
    )
    shape = (
        glide(frames, (0, 0), (0.55, 1), (0.9, 0.5), (1, 0))
        if inward
        else glide(frames, (0, 0), (0.2, 1), (0.5, 0.5), (1, 0))
    )
    return noise(take.rng, frames, both(peaks(*mouth), band(250 * size, 6000))) * shape


def breathing(take: Take) -> Signal:
    """In, a moment, out: drawn breath is brighter, and ends suddenly; let breath is darker, and fades."""
    rest = np.zeros(span(0.15 / take.pace))
    return np.concatenate([_breath(take, 1.1, True) * 0.7, rest, _breath(take, 1.4, False)])


def gasp(take: Take) -> Signal:
    """A breath caught short."""
    frames = span(0.4)
    air = _breath(Take(take.rng), 0.4, True)[:frames] * swell(frames, 0.02, 0.05)
    voice = (
        unit(filtered(voiced(glide(frames, (0, 300), (1, 420)), 1.2), vowel("a", 1.2))) * 0.12 * swell(frames, 0.1, 0.1)
    )
    return air + voice


def sigh(take: Take) -> Signal:
    """A long breath let go, with a little voice that sinks."""
    air = _breath(Take(take.rng), 1.5, False)
    frames = len(air)
    voice = unit(filtered(voiced(glide(frames, (0, 190), (1, 120)), 1.5), vowel("uh", 1.1)))
    return air + 0.25 * voice * glide(frames, (0, 0), (0.15, 1), (0.6, 0.2), (1, 0))


def snore(take: Take) -> Signal:
    """Breath in over a loose palate, which flaps 30 to 50 times a second; breath out with a soft puff."""
    frames = span(1.4)
    flap = rough(take, glide(frames, (0, 28), (0.5, 46), (1, 36)), 0.2)
    palate = peaks((260, 120, 1.0), (650, 250, 0.6), (1400, 400, 0.35), (2600, 800, 0.1))
    rattle = unit(filtered(pulses(flap), palate)) + 0.4 * noise(take.rng, frames, palate)
    out = _breath(Take(take.rng), 1.2, False) * 0.25
    return np.concatenate([rattle * glide(frames, (0, 0), (0.3, 0.7), (0.8, 1), (1, 0)), np.zeros(span(0.25)), out])


def kiss(take: Take) -> Signal:
    """Lips that part: a small suction that squeaks upward, then the smack."""
    frames = span(0.09)
    draw = tone(glide(frames, (0, 900), (1, 2600))) * glide(frames, (0, 0), (0.8, 0.3), (1, 0))
    hiss = noise(take.rng, frames, band(1500, 6000)) * glide(frames, (0, 0), (0.9, 0.25), (1, 0))
    smack = burst(take.rng, 0.06, 0.006, both(peaks((1500, 700, 1.0), (3200, 1200, 0.7)), band(600, 8000)))
    return np.concatenate([draw + hiss, smack])


def whistle(take: Take) -> Signal:
    """Pursed lips: an idle tune on a pentatonic scale, nearly a pure sine, with a breath around it."""
    rng = take.rng
    scale = 1046.5 * 2.0 ** (np.array([0, 2, 4, 7, 9, 12]) / 12)
    steps = np.clip(np.cumsum(rng.integers(-2, 3, 9)) + 2, 0, 5)
    lengths = rng.choice([0.18, 0.25, 0.36], 9) / take.pace
    notes = zip(steps.tolist(), lengths.tolist(), strict=True)
    pitch: Signal = np.concatenate([np.full(span(length), scale[step]) for step, length in notes])
    pitch = convolved(np.append(np.full(2400, pitch[0]), pitch), np.full(1200, 1 / 1200))[2400:]
    vibrato = 1 + 0.004 * tone(np.full(len(pitch), 5.5))
    gate: Signal = np.concatenate([swell(span(length), 0.03, 0.05) for length in lengths])
    air = 0.05 * filtered(noise(rng, len(pitch), band(900, 4000)), band(800, 5000))
    return (tone(pitch * vibrato) + air) * gate


def heartbeat(take: Take) -> Signal:
    """Lub-dub: two valves shut, 0.3 s apart, below 100 Hz; the second is higher and shorter."""
    total = np.zeros(span(0.62))
    for start, pitch, decay, gain in ((0.0, 48.0, 0.055, 1.0), (0.29 / take.pace**0.5, 62.0, 0.04, 0.7)):
        pitch = take.near(pitch, 0.03)
        beat = modes(0.3, (pitch, decay, 1.0), (1.9 * pitch, 0.5 * decay, 0.5), (3.3 * pitch, 0.25 * decay, 0.25))
        total[span(start) : span(start) + len(beat)] += gain * beat[: len(total) - span(start)]
    return total


def punch(take: Take) -> Signal:
    """A fist: a slap of skin, a low blow under it, and cloth."""
    low = modes(0.3, (take.near(85, 0.1), 0.04, 1.6), (take.near(170, 0.1), 0.025, 0.7))
    return low + 0.7 * burst(take.rng, 0.3, 0.012, band(300, 3500)) + 0.2 * burst(take.rng, 0.3, 0.04, band(200, 1200))


def slap(take: Take) -> Signal:
    """An open hand: a sharp, flat crack."""
    return burst(take.rng, 0.25, 0.008, both(peaks((1300, 900, 1.0), (2900, 1800, 0.6)), band(400, 9000)))


def fall_down(take: Take) -> Signal:
    """A body or a heavy thing that falls on a floor: a thud, a smaller second one, a rustle."""
    rng, total = take.rng, canvas(span(0.9))
    for start, gain in ((0.0, 1.0), (take.near(0.13, 0.3), 0.45)):
        boards = modes(0.5, (68 / take.size**0.3, 0.07, 1.5), (141.0, 0.05, 0.8), (263.0, 0.03, 0.4))
        place(total, span(start), boards + 0.5 * burst(rng, 0.5, 0.03, band(100, 1500)), gain=gain)
    place(total, 0, burst(rng, 0.6, 0.15, band(800, 3500)), gain=0.06)
    return total


SOUNDS = (
    Sound(
        "crowd",
        "crowd, murmur~, chatter~, hubbub, babble, "
        "crowd|people|audience talk~|murmur~|chatter~|gather~|speak~, market, marketplace, restaurant, "
        "tavern, pub, cafe, cafeteria, party, audience, bazaar, station hall, train|railway station, "
        "men-and-women talk~, people converse~, group talk~|speak~, conversation people, inn, mob, airport, "
        "canteen, children play~, playground, classroom",
        crowd,
        8,
        True,
    ),
    Sound(
        "cheering",
        "cheer~, crowd|audience|people cheer~|shout~|roar~|yell~|scream~|celebrate~, hurrah, hooray, ovation, stadium",
        cheer,
        6,
        True,
    ),
    Sound(
        "applause",
        "applause, applaud~, crowd|audience|people clap~|applaud~, audience applause, clap~ cheer~",
        applause,
        5,
        True,
    ),
    Sound(
        "clapping",
        "clap~, hand clap~, clap~-hand, man|woman|person clap~",
        clap,
        0.25,
        series=Series.steady(6, 0.3, 0.36),
    ),
    Sound("finger_snap", "finger snap~, snap~-finger", snap, 0.15, series=Series(1, (0.5, 0.7), (0.6, 1.5))),
    Sound(
        "laughter",
        "laugh~, laughter, chuckle~, giggle~, cackle~, people|crowd|man|woman laugh~",
        laugh,
        0.2,
        series=Series(7, (0.19, 0.23), (0.7, 1.6)),
    ),
    Sound(
        "baby_cry",
        "baby, infant, baby|infant|toddler|child cry~|wail~|sob~|scream~, newborn",
        baby,
        1.45,
        series=Series(3, (1.45, 1.75), (1.4, 1.8)),
    ),
    Sound("cough", "cough~, man|woman cough~, clear~ throat", cough, 0.4, series=Series(3, (0.42, 0.6), (0.9, 2.2))),
    Sound("sneeze", "sneeze~, achoo", sneeze, 1.7, series=Series(1, (2.0, 2.5), (1.5, 3.0))),
    Sound(
        "breathing",
        "breathe~, breath, breath heavy, pant~, inhale~, exhale~, man|woman|person breathe~",
        breathing,
        2.8,
        series=Series.steady(2, 2.9, 3.2),
    ),
    Sound("gasp", "gasp~", gasp, 0.4, series=Series(1, (1.0, 1.4), (1.0, 2.0))),
    Sound("sigh", "sigh~", sigh, 1.6, series=Series(1, (2.5, 3.0), (2.0, 3.5))),
    Sound("snoring", "snore~, person|man snore~, sleep~ snore~", snore, 2.9, series=Series.steady(2, 3.0, 3.4)),
    Sound("kiss", "kiss~, smooch~, peck cheek", kiss, 0.16, series=Series(1, (0.5, 0.8), (0.6, 1.4))),
    Sound(
        "whistling",
        "whistle~, whistle~ tune, man|boy|person|human whistle~",
        whistle,
        2.5,
        series=Series(1, (2.8, 3.4), (0.4, 1.2)),
    ),
    Sound(
        "heartbeat",
        "heartbeat, heart beat~|thump~|pound~|throb~, pulse beat~",
        heartbeat,
        0.65,
        series=Series.steady(5, 0.82, 0.86),
    ),
    Sound(
        "punch",
        "punch~, fist hit~, blow face|stomach|jaw, fistfight",
        punch,
        0.35,
        series=Series(1, (0.4, 0.8), (0.5, 1.2)),
    ),
    Sound("slap", "slap~, smack~, spank~", slap, 0.25, series=Series(1, (0.5, 0.8), (0.6, 1.5))),
    Sound(
        "thud",
        "thud~, thump~, body|man|woman|person|something|object|tree|sack fall~|drop~|collapse~, "
        "fall~ floor|ground, body drop~, crump~",
        fall_down,
        0.9,
        series=Series(1, (0.8, 1.2), (1.0, 2.0)),
    ),
)
