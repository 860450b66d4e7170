"""Doors, windows, locks, floors: wood and iron in a house."""

import numpy as np

from .animals import rough
from .sound import Series, Sound, Take
from .synth import (
    Response,
    Signal,
    band,
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
    unit,
)


def plank(size: float = 1.0) -> Response:
    """The resonances of a board, lower for a larger one."""
    return peaks(
        (260 / size, 50, 1.0),
        (540 / size, 80, 0.8),
        (1020 / size, 130, 0.6),
        (1900 / size, 300, 0.35),
        (3300 / size, 600, 0.15),
    )


def latch(take: Take, gain: float = 1.0) -> Signal:
    """A spring bolt: two clicks of iron, 30 ms apart."""
    total = np.zeros(span(0.16))
    for start, pitch, level in ((0.0, 2400, 0.7), (take.near(0.035, 0.2), 1700, 1.0)):
        click = modes(0.08, (take.near(pitch, 0.08), 0.006, 1.0), (2.3 * pitch, 0.004, 0.6), (0.31 * pitch, 0.008, 0.5))
        click += 0.6 * burst(take.rng, 0.08, 0.003, band(1200, 9000))
        total[span(start) : span(start) + len(click)] += level * click[: len(total) - span(start)]
    return gain * total


def _shut(take: Take, force: float) -> Signal:
    """A leaf of wood that meets its frame: low modes of the leaf, the slap of the edge."""
    low = take.near(62, 0.08) / take.size**0.4
    leaf = modes(
        0.9,
        (low, 0.1, 1.2),
        (1.9 * low, 0.08, 1.0),
        (3.4 * low, 0.055, 0.7),
        (6.1 * low, 0.03, 0.45),
        (11 * low, 0.015, 0.3),
    )
    return (
        leaf
        + force * burst(take.rng, 0.9, 0.018, band(200, 5000))
        + 0.25 * force * burst(take.rng, 0.9, 0.09, band(80, 900))
    )


def slam(take: Take) -> Signal:
    """A door thrown shut: the blow, the latch under it, and the room that answers."""
    total = canvas(span(1.2))
    place(total, 0, _shut(take, 1.1))
    place(total, span(0.012), latch(take, 0.5))
    place(total, span(0.06), 0.4 * _shut(take, 0.5))
    room = noise(take.rng, span(1.1), band(90, 1800), 2) * fall(span(1.1), 0.22)[:, None]
    place(total, 300, room, gain=0.16)
    return total


def close(take: Take) -> Signal:
    """A door shut with care: a little air, a soft thump, the latch."""
    total = canvas(span(1.0))
    frames = span(0.35)
    place(total, 0, noise(take.rng, frames, band(150, 900)) * glide(frames, (0, 0), (0.8, 1), (1, 0)), gain=0.06)
    place(total, span(0.33), _shut(take, 0.35), gain=0.55)
    place(total, span(0.36), latch(take, 0.6))
    return total


def open_(take: Take) -> Signal:
    """The handle turns, the latch gives, the hinges complain a little, air moves."""
    total = canvas(span(1.7))
    place(total, 0, latch(take, 0.55))
    place(total, span(0.16), latch(take, 0.8))
    place(total, span(0.2), burst(take.rng, 0.3, 0.02, band(120, 900)), gain=0.25)
    place(total, span(0.3), _groan(take, 1.1, 60, 130), gain=0.2)
    frames = span(1.2)
    place(total, span(0.28), noise(take.rng, frames, band(120, 700)) * swell(frames, 0.4, 0.7), gain=0.06)
    return total


def _groan(take: Take, seconds: float, low: float, high: float, size: float = 1.0) -> Signal:
    """Stick and slip: a train of small jerks, whose rate wanders, shakes the wood."""
    frames = span(seconds)
    bends = [low + (high - low) * take.rng.random() for _ in range(5)]
    rate = rough(take, glide(frames, (0, low), *((n / 6, bend) for n, bend in enumerate(bends, 1)), (1, low)), 0.15)
    jerks = pulses(rate)
    return unit(filtered(jerks, plank(size))) * swell(frames, 0.2 * seconds, 0.25 * seconds)


def creak(take: Take) -> Signal:
    """An old hinge: slow ticks that quicken into a groan, and slow again."""
    frames = span(take.near(1.9 / take.pace, 0.2))
    peak = take.near(210, 0.3) / take.size
    rate = rough(
        take, glide(frames, (0, 22), (0.2, 60), (0.45, peak), (0.62, 0.6 * peak), (0.8, 1.1 * peak), (1, 30)), 0.12
    )
    jerks = pulses(rate)
    hinge = peaks((640, 90, 1.0), (1150, 120, 0.9), (1950, 200, 0.8), (3100, 350, 0.4), (330, 60, 0.5))
    return unit(filtered(jerks, hinge)) * glide(frames, (0, 0), (0.15, 0.5), (0.5, 1), (0.85, 0.6), (1, 0))


def floor_creak(take: Take) -> Signal:
    """A board or a chair under weight: one or two short groans."""
    total = canvas(span(0.9))
    place(total, 0, _groan(take, take.near(0.4, 0.3), 30, take.near(110, 0.3), 1.1))
    if take.rng.random() < 0.6:
        place(total, span(0.45), _groan(take, 0.25, 40, 140, 0.9), gain=0.5)
    return total


def knock(take: Take) -> Signal:
    """Knuckles on a door: a dry rap, and the hollow of the panel at 100 to 800 Hz."""
    low = take.near(128, 0.03) / take.size**0.3
    panel = modes(
        0.4,
        (low, 0.04, 1.0),
        (2.35 * low, 0.026, 0.8),
        (4.4 * low, 0.016, 0.6),
        (6.8 * low, 0.01, 0.5),
        (11 * low, 0.006, 0.3),
    )
    return (panel + 0.5 * burst(take.rng, 0.4, 0.005, band(400, 4000))) * take.near(1.0, 0.15)


def tapping(take: Take) -> Signal:
    """A finger on a hard surface or a pane: light and high."""
    pitch = take.near(1350, 0.06)
    tap = modes(0.12, (pitch, 0.007, 1.0), (2.2 * pitch, 0.004, 0.5), (0.4 * pitch, 0.01, 0.6))
    return (tap + 0.4 * burst(take.rng, 0.12, 0.002, band(1500, 9000))) * take.near(0.9, 0.2)


def lock(take: Take) -> Signal:
    """A key: it slides over the pins, turns, and the bolt goes home."""
    total = canvas(span(1.1))
    for pin in range(5):
        click = modes(0.05, (take.near(4200, 0.15), 0.003, 1.0), (take.near(6500, 0.15), 0.002, 0.7))
        place(total, span(0.04 * pin + 0.01 * take.rng.random()), click, 0.1, 0.3)
    scrape = noise(take.rng, span(0.2), band(2500, 8000)) * swell(span(0.2), 0.05, 0.05)
    place(total, span(0.35), scrape, gain=0.08)
    bolt = modes(0.3, (take.near(620), 0.015, 1.0), (1480, 0.01, 0.9), (2950, 0.008, 0.7), (210, 0.025, 0.7))
    place(total, span(0.58), bolt + 0.5 * burst(take.rng, 0.3, 0.006, band(600, 7000)))
    return total


def slide(take: Take) -> Signal:
    """A sash or a drawer: wood runs on wood with a rattle, and stops with a bump."""
    frames = span(0.75 / take.pace)
    rub = noise(take.rng, frames, plank(0.9), 2) * glide(frames, (0, 0), (0.15, 0.7), (0.8, 1), (1, 0.2))[:, None]
    rattle = dust(take.rng, frames, 55, [modes(0.05, (pitch, 0.006, 1.0)) for pitch in (420, 900, 1600, 2600)], 0.7)
    total = canvas(frames + span(0.4))
    place(total, 0, 0.35 * rub + 0.3 * rattle * swell(frames, 0.1, 0.02)[:, None])
    bump = modes(0.35, (130.0, 0.04, 1.3), (310.0, 0.025, 0.9), (760.0, 0.012, 0.5))
    place(total, frames - span(0.02), bump + 0.5 * burst(take.rng, 0.35, 0.008, band(300, 4000)))
    return total


def click(take: Take) -> Signal:
    """A switch or a mouse button: press and release."""
    total = np.zeros(span(0.16))
    for start, pitch, level in ((0.0, 2600.0, 1.0), (take.near(0.075, 0.15), 3300.0, 0.55)):
        tick = modes(0.03, (take.near(pitch, 0.05), 0.0025, 1.0), (1.9 * pitch, 0.0015, 0.6))
        tick += 0.5 * burst(take.rng, 0.03, 0.001, band(1500, 12000))
        total[span(start) : span(start) + len(tick)] += level * tick
    return total


DOOR = "door|gate|hatch|doorway"
SOUNDS = (
    Sound(
        "door_slam",
        f"{DOOR} slam~|bang~, slam~, car-door, car door slam~|shut~|close~, door shut~ hard|loud",
        slam,
        1.2,
        series=Series(1, (1.4, 2.0), None),
    ),
    Sound(
        "door_close",
        f"{DOOR} close~|shut~|click~|latch~, close~|shut~ door, "
        "lid|cupboard|cabinet|fridge|refrigerator|microwave|oven close~|shut~",
        close,
        1.0,
    ),
    Sound(
        "door_open",
        f"?door, {DOOR} open~|unlatch~|swing~|push~, gate-open~, door open~ close~|shut~, cupboard|cabinet open~",
        open_,
        1.7,
    ),
    Sound(
        "door_creak",
        f"{DOOR}|hinge|shutter|coffin|cupboard|wooden|wood creak~|squeak~|groan~, creak~, hinge, creaky door, "
        "door open~ creak~",
        creak,
        2.2,
        series=Series(1, (2.4, 3.2), (0.8, 2.0)),
    ),
    Sound(
        "floor_creak",
        "floor|floorboard|stair|stairs|chair|bed|board|step creak~|squeak~|groan~, chair scrape~|drag~, "
        "rocking-chair, creaky floor|stair|chair|bed",
        floor_creak,
        0.9,
        series=Series(1, (1.2, 2.0), (0.8, 2.0)),
    ),
    Sound(
        "knock",
        "knock~, rap~, knock~ door|wood|window|table, pound~ door, bang~ door fist, door pound~|knock~",
        knock,
        0.4,
        series=Series(3, (0.21, 0.25), (1.2, 2.4)),
    ),
    Sound(
        "tapping",
        "tap~ glass|table|desk|window|finger|pencil|pane|surface|metal, tap~, finger drum~",
        tapping,
        0.12,
        series=Series(4, (0.16, 0.2), (0.6, 1.4)),
    ),
    Sound(
        "lock",
        f"lock~, unlock~, {DOOR} lock~|unlock~|bolt~, key turn~ lock, key lock|keyhole, bolt slide~, padlock, "
        "bolt~ door, latch",
        lock,
        1.1,
    ),
    Sound(
        "window",
        "window|sash|drawer|wardrobe open~|close~|slide~|shut~|pull~, drawer, slide~ door, sliding-door",
        slide,
        1.15,
    ),
    Sound(
        "click",
        "click~, light-switch, mouse click~, switch click~|flip~, flip~ switch, button press~|push~|click~, "
        "camera shutter|click~|flash, shutter click~",
        click,
        0.16,
        series=Series(1, (0.4, 0.7), (0.5, 1.5)),
    ),
)
