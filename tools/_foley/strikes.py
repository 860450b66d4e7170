"""Weapons and tools: shots, blades, chains, hammers, saws."""

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
    glide,
    modes,
    noise,
    peaks,
    place,
    pulses,
    span,
    swell,
    tone,
    unit,
    voiced,
    wander,
)


def _shot(take: Take, seconds: float, low: float, body: float, tail: float, echoes: int) -> Signal:
    """A muzzle blast: a shock of a millisecond, a body of noise from `low` Hz up, the land's answer, `echoes`."""
    rng, frames = take.rng, span(seconds)
    total = canvas(frames)
    shock = burst(rng, 0.03, 0.0015, band(500, 14000))
    place(total, 0, shock, gain=1.6)
    place(total, 0, burst(rng, 0.25, body, band(low, 2800)), gain=1.3)
    place(total, 0, modes(0.4, (take.near(low, 0.1), 0.05, 1.2), (2.1 * low, 0.03, 0.6)))
    echo = (
        noise(rng, frames, both(band(low, 900), band(0, 2500)), 2)
        * (fall(frames, tail) * swell(frames, 0.02, 0.4 * seconds))[:, None]
    )
    place(total, 0, 0.3 * echo)
    for _ in range(echoes):
        place(
            total, span(rng.uniform(0.12, 0.45)), burst(rng, 0.4, 0.07, band(low, 1200)), rng.uniform(-0.8, 0.8), 0.14
        )
    return np.tanh(1.4 * total) * swell(frames, 0.0003, 0.3 * seconds)[:, None]


def rifle(take: Take) -> Signal:
    """A rifle in the open: a crack, and a long rolling echo."""
    return _shot(take, 2.2, 90, 0.045, 0.45, 3)


def pistol(take: Take) -> Signal:
    """A pistol: shorter, drier and higher than a rifle."""
    return _shot(take, 1.2, 150, 0.028, 0.16, 2)


def burst_of_fire(take: Take) -> Signal:
    """One round of an automatic weapon."""
    return _shot(take, 0.3, 130, 0.022, 0.08, 0)


def cannon(take: Take) -> Signal:
    """A field gun: a deep blast below 60 Hz that rolls away."""
    rng, frames = take.rng, span(3.2)
    boom = modes(1.5, (36.0, 0.28, 1.8), (58.0, 0.2, 1.2), (97.0, 0.1, 0.8))
    total = canvas(frames)
    place(total, 0, boom)
    place(total, 0, burst(rng, 0.9, 0.09, band(50, 1200)), gain=1.4)
    roll = (
        noise(rng, frames, both(band(30, 150), band(0, 500)), 2)
        * (fall(frames, 0.7) * swell(frames, 0.06, 1.0))[:, None]
    )
    return np.tanh(total + 0.5 * roll)


def clash(take: Take) -> Signal:
    """Steel on steel: the bending modes of two blades, high, bright and not harmonic, with a scrape."""
    rng = take.rng
    partials = []
    for base in (take.near(1150, 0.15), take.near(1480, 0.15)):
        for ratio, decay in ((1.0, 0.3), (2.76, 0.24), (5.4, 0.16), (8.93, 0.08)):
            partials.append((base * ratio * rng.uniform(0.98, 1.02), decay * rng.uniform(0.7, 1.2), 1.0 / ratio**0.35))
    ring = modes(1.0, *partials)
    scrape = burst(rng, 0.25, 0.06, both(band(2500, 12000), peaks((3800, 900, 1.0), (6300, 1500, 0.8)))) * 0.7
    return ring * swell(len(ring), 0.0005, 0.4) + np.append(scrape, np.zeros(len(ring) - len(scrape)))


def draw(take: Take) -> Signal:
    """A blade out of its scabbard: a bright scrape that climbs, and the ring it leaves."""
    frames = span(0.55)
    parts = [
        noise(take.rng, frames, peaks((centre, 0.25 * centre, 1.0)))
        * np.exp(-((np.linspace(0, 1, frames) - at) ** 2) / 0.05)
        for centre, at in ((2400, 0.15), (3700, 0.45), (5600, 0.75), (8200, 0.95))
    ]
    scrape = np.sum(parts, axis=0) * swell(frames, 0.08, 0.03)
    ring = modes(0.9, (3150.0, 0.3, 1.0), (5480.0, 0.25, 0.8), (8350.0, 0.15, 0.5))
    total = canvas(frames + span(0.8))
    place(total, 0, 0.4 * scrape)
    place(total, frames - span(0.06), 0.35 * ring)
    return total


def arrow(take: Take) -> Signal:
    """A bow: the string's twang, the flight, the thump in the target and the shaft that quivers."""
    total = canvas(span(1.2))
    twang = modes(0.3, (take.near(165, 0.05), 0.06, 1.0), (331.0, 0.04, 0.6), (498.0, 0.03, 0.4))
    place(total, 0, twang + 0.4 * burst(take.rng, 0.3, 0.01, band(500, 4000)), -0.5)
    frames = span(0.35)
    place(
        total,
        span(0.06),
        0.25 * noise(take.rng, frames, peaks((2600, 1400, 1.0))) * glide(frames, (0, 0.3), (0.5, 1), (1, 0.2)),
    )
    quiver = modes(0.6, (72.0, 0.1, 0.6), (205.0, 0.03, 1.0), (480.0, 0.02, 0.6))
    place(total, span(0.4), quiver + 0.5 * burst(take.rng, 0.6, 0.012, band(200, 3000)), 0.5)
    return total


def whip(take: Take) -> Signal:
    """A whip: air that hisses faster and faster, then the crack of a tip beyond the speed of sound."""
    frames = span(0.28)
    swing = noise(take.rng, frames, peaks((1200, 700, 1.0), (2600, 1200, 0.5))) * glide(
        frames, (0, 0), (0.9, 0.3), (1, 0.05)
    )
    crack = burst(take.rng, 0.3, 0.003, band(900, 14000)) * 2.2 + burst(take.rng, 0.3, 0.05, band(400, 3000)) * 0.25
    return np.concatenate([swing, crack])


def chains(take: Take) -> Signal:
    """Iron links that strike each other as they are dragged: many small bright rings."""
    links = []
    for _ in range(12):
        base = take.rng.uniform(1500, 4200)
        links.append(
            modes(0.16, (base, 0.03, 1.0), (1.52 * base, 0.022, 0.7), (2.31 * base, 0.014, 0.5))
            + 0.3 * burst(take.rng, 0.16, 0.003, band(2000, 11000))
        )
    drag = 0.25 + wander(take.rng, take.frames, 0.35) ** 1.5
    return dust(take.rng, take.frames, 34 * take.pace, links, 0.8) * drag[:, None]


def hammer(take: Take) -> Signal:
    """A hammer on a nail: iron that rings short, and the wood that takes the blow."""
    head = take.near(2650, 0.03)
    iron = modes(0.3, (head, 0.02, 0.8), (1.63 * head, 0.014, 0.6), (2.4 * head, 0.008, 0.4))
    wood = modes(0.3, (take.near(150, 0.05), 0.03, 0.9), (take.near(410, 0.06), 0.018, 0.7))
    return iron + wood + 0.5 * burst(take.rng, 0.3, 0.005, band(600, 9000))


def anvil(take: Take) -> Signal:
    """A smith's hammer on the anvil, or any thick metal struck: a clear ring with a hard edge."""
    base = take.near(1180, 0.04) / take.size**0.4
    ring = modes(
        1.3,
        (base, 0.3, 0.7),
        (2.17 * base, 0.35, 1.0),
        (3.58 * base, 0.22, 0.7),
        (5.2 * base, 0.12, 0.5),
        (0.41 * base, 0.04, 0.6),
    )
    return ring * swell(len(ring), 0.0005, 0.5) + np.append(
        0.8 * burst(take.rng, 0.1, 0.004, band(800, 12000)), np.zeros(len(ring) - span(0.1))
    )


def saw(take: Take) -> Signal:
    """One stroke of a hand saw: teeth that pluck the fibres, louder on the push."""
    frames = span(0.42 / take.pace)
    push = take.index % 2 == 0
    teeth = pulses(glide(frames, (0, 90), (0.5, 210 if push else 170), (1, 80)))
    cut = unit(filtered(teeth, peaks((420, 150, 1.0), (1050, 300, 1.0), (2100, 600, 0.5), (3800, 1200, 0.15))))
    rasp = noise(take.rng, frames, both(peaks((950, 500, 1.0), (2100, 900, 0.5)), band(200, 3500)))
    return (0.5 * cut + 0.8 * rasp) * glide(frames, (0, 0), (0.25, 0.9), (0.6, 1), (1, 0)) * (1.0 if push else 0.55)


def axe(take: Take) -> Signal:
    """An axe into a log: a deep knock, a split, chips."""
    knock = modes(0.5, (take.near(125, 0.06), 0.05, 1.4), (288.0, 0.03, 1.0), (640.0, 0.018, 0.6))
    chips = dust(
        take.rng, span(0.5), 40, [burst(take.rng, 0.02, 0.002, band(low, 3 * low)) for low in (900, 2000)], 0.8
    )
    total = 0.15 * chips * fall(span(0.5), 0.12)[:, None]
    place(total, 0, knock + 0.8 * burst(take.rng, 0.5, 0.012, band(300, 5000)))
    return total


def crack(take: Take) -> Signal:
    """Wood that breaks: a first split, a run of snaps as fibres give way."""
    total = canvas(span(0.6))
    for number, start in enumerate(np.sort(take.rng.exponential(0.05, 9))):
        split = burst(
            take.rng, 0.1, take.near(0.003, 0.5), both(peaks((1300, 800, 1.0), (2800, 1500, 0.8)), band(300, 9000))
        )
        place(
            total,
            span(float(start)),
            split,
            take.rng.uniform(-0.2, 0.2),
            1.0 if number == 0 else take.rng.uniform(0.2, 0.8),
        )
    place(total, 0, modes(0.3, (320.0, 0.02, 0.5), (760.0, 0.012, 0.4)))
    return total


def clang(take: Take) -> Signal:
    """A pan, a gate, a pipe: thin metal struck, many modes that do not agree."""
    rng = take.rng
    base = rng.uniform(240, 420) / take.size**0.5
    ratios = (1.0, 1.59, 2.14, 2.3, 2.65, 2.92, 3.5, 4.06, 4.6, 5.98, 7.4)
    ring = modes(
        1.2, *((base * ratio * rng.uniform(0.98, 1.02), 0.35 / ratio**0.4, rng.uniform(0.4, 1.0)) for ratio in ratios)
    )
    return ring * swell(len(ring), 0.0005, 0.4) + np.append(
        burst(rng, 0.1, 0.005, band(600, 9000)), np.zeros(len(ring) - span(0.1))
    )


def drill(take: Take) -> Signal:
    """A power drill: a geared motor's whine and the grind of the bit."""
    frames = take.frames
    pitch = 390 * take.pace * (1 + 0.03 * wander(take.rng, frames, 0.4))
    whine = voiced(pitch, 0.6, True) + 0.4 * tone(5.3 * pitch, True)
    return unit(filtered(whine, peaks((800, 500, 1.0), (2200, 1200, 0.8), (4500, 2000, 0.5)), True)) + 0.4 * noise(
        take.rng, frames, band(1200, 7000)
    )


def chainsaw(take: Take) -> Signal:
    """A two-stroke motor at 110 firings a second under a changing load, and the chain in the wood."""
    rng, frames = take.rng, take.frames
    revs = 108 * take.pace * (1 + 0.35 * (wander(rng, frames, 1.1) - 0.4))
    pipe = peaks((220, 110, 1.0), (450, 200, 0.9), (1000, 400, 0.6), (2300, 900, 0.4), (4000, 1500, 0.25))
    motor = unit(filtered(pulses(revs, True) + 0.5 * pulses(revs / 2, True), pipe, True))
    return np.tanh(
        motor * (0.8 + 0.4 * noise(rng, frames, band(0, 60)) ** 2 * 0.2) + 0.1 * noise(rng, frames, band(700, 3500))
    )


def drum(take: Take) -> Signal:
    """A large drum: a circular membrane (1, 1.59, 2.14, 2.30 of the lowest mode) over a body of air."""
    low = take.near(82, 0.02) / take.size**0.4
    skin = modes(
        1.0,
        (low, 0.22, 1.4),
        (1.59 * low, 0.13, 0.7),
        (2.14 * low, 0.09, 0.45),
        (2.3 * low, 0.08, 0.35),
        (3.6 * low, 0.04, 0.2),
    )
    return skin + np.append(0.25 * burst(take.rng, 0.05, 0.006, band(200, 3000)), np.zeros(len(skin) - span(0.05)))


SOUNDS = (
    Sound(
        "gunshot",
        "gunshot, gun, rifle, shotgun, gun|rifle|shotgun|musket shot|fire~|shoot~|blast~, musket, gunfire, "
        "shot fire~|ring~, shoot~, hunting-rifle, gun go~-off, gun|rifle report, sniper",
        rifle,
        2.2,
        series=Series(1, (0.8, 1.6), (0.8, 2.5)),
        peak=0.9,
    ),
    Sound(
        "pistol",
        "pistol, revolver, handgun, pistol|revolver|handgun shot|fire~|shoot~",
        pistol,
        1.2,
        series=Series(1, (0.6, 1.0), (0.6, 2.0)),
        peak=0.9,
    ),
    Sound(
        "machine_gun",
        "machine-gun, machinegun, automatic gun|weapon|rifle, machine gun fire~, gunfire rapid|burst, "
        "submachine-gun, gatling",
        burst_of_fire,
        0.5,
        series=Series(9, (0.098, 0.104), (0.5, 1.4)),
        peak=0.9,
    ),
    Sound(
        "cannon",
        "cannon, artillery, cannon|artillery|howitzer fire~|shot|blast~|boom~, howitzer, mortar fire~|shell, cannonade",
        cannon,
        3.2,
        series=Series(1, (2.5, 3.5), (1.5, 3.5)),
        peak=0.9,
    ),
    Sound(
        "sword_clash",
        "sword, sword|blade|steel|knife clash~|clang~|strike~|fight~, sword-fight, swordfight, clash~, "
        "duel sword, fencing, sabre, rapier",
        clash,
        1.0,
        series=Series(3, (0.5, 0.8), (0.4, 1.2)),
    ),
    Sound(
        "sword_draw",
        "draw~|unsheathe~ sword|blade|knife|dagger, unsheathe~, sword|blade draw~|drew|scabbard|sheath",
        draw,
        1.4,
    ),
    Sound(
        "arrow",
        "arrow, bow-and-arrow, arrow fly~|shoot~|hit~|fire~, archer, crossbow, bow shoot~|twang~",
        arrow,
        1.2,
        series=Series(1, (1.3, 1.8), (0.6, 1.6)),
    ),
    Sound("whip", "whip~, whip crack~, whiplash, lash~ whip", whip, 0.6, series=Series(1, (0.9, 1.3), (0.8, 2.0))),
    Sound(
        "chains",
        "chain, shackle, chain rattle~|clank~|drag~|clink~|jangle~, fetter, manacle, chain metal",
        chains,
        5,
        True,
    ),
    Sound(
        "hammer",
        "hammer~, hammer nail|hit~|strike~|pound~, carpenter, hammer~ wood",
        hammer,
        0.3,
        series=Series(4, (0.42, 0.5), (0.5, 1.2)),
    ),
    Sound(
        "anvil",
        "anvil, blacksmith, forge, hammer anvil, smith hammer~",
        anvil,
        1.3,
        series=Series(3, (0.62, 0.7), (0.8, 1.5)),
    ),
    Sound(
        "saw",
        "=sawing, saw~ wood|log|plank|board, hand-saw, handsaw, wood saw~, carpentry saw",
        saw,
        0.42,
        series=Series.steady(8, 0.44, 0.47),
    ),
    Sound(
        "chop",
        "axe, chop~, chop~ wood|tree, wood chop~, axe chop~|hit~|strike~, hatchet, cleaver",
        axe,
        0.5,
        series=Series.steady(3, 1.2, 1.5),
    ),
    Sound(
        "wood_crack",
        "twig, twig|branch|stick|wood|bone snap~|crack~|break~, snap~ twig|branch|wood, timber crack~, "
        "crack~ wood|branch, tree fall~ crack~, splinter~",
        crack,
        0.6,
        series=Series(1, (0.9, 1.5), (0.8, 2.0)),
    ),
    Sound(
        "clang",
        "clang~, metal hit~|strike~|clang~|bang~|clank~|drop~|fall~|gate, iron-gate, clank~, "
        "bang~ metal|pot|pan|pipe, metallic clang~|bang~, pan drop~",
        clang,
        1.2,
        series=Series(1, (0.8, 1.4), (0.8, 2.0)),
    ),
    Sound(
        "drill",
        "drill~, power-drill, power-tool, electric-drill, jackhammer, sander, grinder, electric screwdriver",
        drill,
        4,
        True,
    ),
    Sound("chainsaw", "chainsaw, chain-saw, chainsaw cut~|rev~|run~, saw motor|engine", chainsaw, 6, True),
    Sound(
        "drum",
        "drum~, drumbeat, drum beat~|roll|bang~|pound~, war drum, bass-drum, timpani, tribal drum",
        drum,
        1.0,
        series=Series.steady(4, 0.6, 0.62),
    ),
)
