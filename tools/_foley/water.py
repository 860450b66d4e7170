"""Water: waves, streams, drops, and what is done with it.

A bubble rings at about 3.3 / radius Hz (Minnaert, 1933), and a touch higher as it nears the surface; a running
stream is thousands of them.
"""

import numpy as np

from .doors import plank
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
    wander,
)


def bubble(pitch: float, decay: float, rise: float = 0.3) -> Signal:
    """One bubble: a decaying sine whose pitch rises by the part `rise` while it lasts."""
    frames = span(6 * decay)
    return tone(pitch * np.linspace(1, 1 + rise, frames)) * fall(frames, decay) * swell(frames, 0.0008, 0.001)


def _bubbles(take: Take, low: float, high: float, many: int = 24) -> list[Signal]:
    pitches = np.geomspace(low, high, many) * take.rng.uniform(0.92, 1.08, many)
    return [bubble(pitch, 6.0 / pitch + 0.002, take.rng.uniform(0.1, 0.5)) for pitch in pitches]


def sea(take: Take) -> Signal:
    """Waves that swell, break and draw back over the sand, over a far surf."""
    rng, frames = take.rng, take.frames
    rise, wash, foam = np.zeros((3, frames, 2))
    waves = max(1, round(frames / span(6.5 / take.pace)))
    length = min(frames, span(9.0 / take.pace))
    shapes = (
        (rise, glide(length, (0, 0), (0.25, 0.2), (0.36, 1), (0.5, 0.45), (1, 0))),
        (wash, glide(length, (0, 0), (0.34, 0.05), (0.45, 0.5), (0.6, 0.4), (1, 0))),
        (foam, glide(length, (0, 0), (0.5, 0), (0.66, 0.16), (1, 0))),
    )
    for number in range(waves):
        start, side = (number + rng.uniform(-0.12, 0.12)) * frames / waves, rng.uniform(-0.25, 0.25)
        gain = rng.uniform(0.5, 0.8)
        for envelope, shape in shapes:
            place(envelope, int(start), shape, side, gain)
    surf = 0.3 * (0.6 + 0.4 * wander(rng, frames, 3.0))[:, None]
    low = noise(rng, frames, band(70, 900 * take.size), 2) * (surf + rise)
    high = noise(rng, frames, both(band(900, 6000), band(0, 9000)), 2) * wash
    return low + high + dust(rng, frames, 200, _bubbles(take, 1500, 6000, 5), 0.8) * foam


def stream(take: Take) -> Signal:
    """A brook: bubbles from 300 Hz to 3 kHz, some in little runs, over a soft rush."""
    rng, frames = take.rng, take.frames
    many = dust(rng, frames, 130 * take.size, _bubbles(take, 450, 3200), 0.9)
    big = dust(rng, frames, 12 * take.size, _bubbles(take, 220, 600, 8), 0.6)
    rush = noise(rng, frames, both(band(400, 1800), band(0, 6000)), 2)
    return many + 0.5 * big + rush * (0.22 * take.size)


def waterfall(take: Take) -> Signal:
    """Falling water: so many drops that only the noise is left, deep and wide."""
    rng, frames = take.rng, take.frames
    rush = noise(rng, frames, band(90, 2500), 2) + 0.35 * noise(rng, frames, band(2000, 8000), 2)
    return rush + 0.25 * dust(rng, frames, 160, _bubbles(take, 300, 1500, 10), 0.8)


def shower(take: Take) -> Signal:
    """A tap or a shower: jets on a hard floor, in the ring of a small tiled room or basin."""
    rng, frames = take.rng, take.frames
    jet = noise(rng, frames, band(900, 7000), 2)
    basin = noise(rng, frames, peaks((420, 120, 1.0), (1150, 260, 0.7), (2100, 400, 0.6)), 2)
    return jet + 0.5 * basin + 0.35 * dust(rng, frames, 110, _bubbles(take, 700, 3500, 12), 0.8)


def drip(take: Take) -> Signal:
    """One drop into still water: the tick of the impact, then the bubble it shut in."""
    pitch = take.near(1050, 0.25) / take.size**0.5
    total = np.zeros(span(0.5))
    tick = burst(take.rng, 0.008, 0.001, band(2000, 8000)) * 0.12
    total[: len(tick)] += tick
    ring = bubble(pitch, 0.022, 0.55)
    start = span(0.018)
    total[start : start + len(ring)] += ring
    echo = 0.22 * bubble(pitch * 1.18, 0.03, 0.3)
    total[start + span(0.07) : start + span(0.07) + len(echo)] += echo
    return total


def splash(take: Take) -> Signal:
    """A body into water: the slap, the sheet of spray, the cavity that shuts, and bubbles."""
    rng, frames = take.rng, span(1.8)
    total = canvas(frames)
    place(total, 0, burst(rng, 0.3, 0.035, band(150, 2500)), gain=1.2)
    spray = (
        noise(rng, frames, both(band(900, 5000), band(0, 9000)), 2)
        * (fall(frames, 0.28) * swell(frames, 0.03, 0.5))[:, None]
    )
    place(total, 0, bubble(95 / take.size**0.5, 0.09, 0.8), gain=0.9)
    after = (
        dust(rng, frames, 140, _bubbles(take, 250, 1800, 12), 0.9)
        * (fall(frames, 0.4) * swell(frames, 0.15, 0.5))[:, None]
    )
    return total + 0.7 * spray + 0.6 * after


def bubbling(take: Take) -> Signal:
    """Bubbles that rise and burst: low rings, in clusters, as from a pot or a diver."""
    rng, frames = take.rng, take.frames
    near = dust(rng, frames, 16 * take.pace, _bubbles(take, 170 / take.size, 800, 16), 0.7)
    return near + 0.35 * dust(rng, frames, 50, _bubbles(take, 500, 1600, 10), 0.7)


def pour(take: Take) -> Signal:
    """A vessel that fills: bubbles and splash, and the air column above the water, whose pitch climbs."""
    rng, frames = take.rng, span(4.0 / take.pace)
    gurgle = dust(rng, frames, 130, _bubbles(take, 500, 2600, 16), 0.8)
    jet = noise(rng, frames, band(700, 3500))
    column = np.zeros(frames)
    steps = 8
    for step in range(steps):
        centre = 380 * (4.0 ** (step / steps))
        share = np.clip(1 - np.abs(np.linspace(0, steps - 1, frames) - step), 0, 1)
        column += noise(rng, frames, peaks((centre, 60, 1.0), (centre * 3, 150, 0.4))) * share
    return (gurgle * 0.7 + (0.25 * jet + 0.6 * column)[:, None]) * swell(frames, 0.15, 0.25)[:, None]


def flush(take: Take) -> Signal:
    """A cistern: the handle, the rush, the swallow of the trap, the refill that hisses."""
    rng, frames = take.rng, span(7.0)
    rush = (
        noise(rng, frames, band(150, 2600), 2)
        * glide(frames, (0, 0), (0.04, 0.7), (0.12, 1), (0.4, 0.7), (0.55, 0))[:, None]
    )
    swallow = (
        dust(rng, frames, 60, _bubbles(take, 110, 500, 12), 0.6)
        * glide(frames, (0, 0), (0.3, 0.1), (0.47, 1), (0.6, 0.15), (0.75, 0))[:, None]
    )
    refill = (
        noise(rng, frames, both(band(1800, 7000), peaks((2600, 900, 1.0), (5200, 2500, 0.6))), 2)
        * glide(frames, (0, 0), (0.3, 0.12), (0.9, 0.1), (1, 0))[:, None]
    )
    total = rush + 0.9 * swallow + refill
    place(total, 0, modes(0.15, (310, 0.02, 1.0), (1240, 0.012, 0.7), (2900, 0.006, 0.5)), gain=0.8)
    return total


def kettle(take: Take) -> Signal:
    """A kettle that comes to the boil: a growing hiss, then the whistle, breathy and unsteady."""
    rng, frames = take.rng, span(6.0)
    hiss = noise(rng, frames, band(1200, 6000)) * glide(frames, (0, 0.05), (0.4, 0.4), (1, 0.5))
    pitch = glide(frames, (0, 1500), (0.35, 1700), (0.55, 2450), (1, 2550)) * (1 + 0.006 * wander(rng, frames, 0.06))
    breath = glide(frames, (0, 0), (0.3, 0), (0.55, 1), (1, 1)) * (0.85 + 0.15 * wander(rng, frames, 0.05))
    whistle = (tone(pitch) + 0.35 * tone(pitch * 2.01) + 0.1 * tone(pitch * 3.0)) * breath
    return (0.25 * hiss + 0.5 * whistle) * swell(frames, 0.3, 0.4)


def steam(take: Take) -> Signal:
    """Steam from a valve: bright, turbulent noise."""
    rng, frames = take.rng, take.frames
    jet = noise(rng, frames, both(band(2500, 11000), peaks((4200, 3500, 1.0), (8000, 6000, 0.7))), 2)
    return jet * (0.8 + 0.2 * wander(rng, frames, 0.1))[:, None]


def lapping(take: Take) -> Signal:
    """A wooden boat at its mooring: small waves that slap the planks, and timber that groans now and then."""
    rng, frames = take.rng, take.frames
    total = noise(rng, frames, band(120, 700), 2) * 0.12
    laps = max(1, round(frames / span(1.3 / take.pace)))
    for number in range(laps):
        length = span(0.9)
        lap = noise(rng, length, band(180, 1400)) * glide(length, (0, 0), (0.25, 1), (0.5, 0.3), (1, 0))
        gurgle = (
            dust(rng, length, 35, _bubbles(take, 260, 1100, 8), 0.6)
            * glide(length, (0, 0), (0.4, 0.5), (1, 0))[:, None]
        )
        start = int((number + rng.uniform(0, 0.6)) * frames / laps)
        place(total, start, lap, rng.uniform(-0.7, 0.7), rng.uniform(0.2, 0.5))
        place(total, start, gurgle, gain=rng.uniform(0.2, 0.6))
    for _ in range(max(1, round(frames / span(4.0)))):
        length = min(frames, span(take.near(1.3, 0.3)))
        groan = pulses(
            glide(length, (0, 38), (0.5, take.near(85, 0.3)), (1, 45)) * (1 + 0.1 * wander(rng, length, 0.05))
        )
        body = unit(filtered(groan, plank(1.1))) * swell(length, 0.4, 0.4)
        place(total, int(rng.integers(0, frames)), body, rng.uniform(-0.5, 0.5), 0.3)
    return total


SOUNDS = (
    Sound(
        "sea",
        "sea, ocean, seashore, surf, beach, shore, sea|ocean|water wave, =waves, "
        "wave crash~|break~|roll~|lap~, wave shore|beach|rock|coast|cliff, tide, seaside, coast",
        sea,
        13,
        True,
    ),
    Sound(
        "stream",
        "stream, brook, creek, river, rivulet, water stream~|flow~|trickle~|run~|babble~|gurgle~|bubble~, "
        "babble~-brook, trickle~, fountain, spring-water, ?water, water rush~",
        stream,
        8,
        True,
    ),
    Sound(
        "waterfall",
        "waterfall, waterfall roar~, cascade, rapids, weir, water-fall~, river rapids|rush~|roar~",
        waterfall,
        8,
        True,
    ),
    Sound(
        "shower",
        "tap|faucet water|run~|open~, faucet, shower, bathtub, bath fill~, sink water|fill~, hose, "
        "sprinkler, water sink|basin|bath|tub|hose|tap|faucet|shower",
        shower,
        6,
        True,
    ),
    Sound(
        "drip",
        "drip~, water drip~|drop~, droplet, tap|faucet drip~, cave drip~, water-drop",
        drip,
        0.5,
        series=Series(5, (0.6, 1.3), (0.5, 1.5)),
    ),
    Sound(
        "splash",
        "splash~, plunge~, water splash~|plunge~|jump~|dive~, splatter~, plop~",
        splash,
        1.8,
        series=Series(1, (1.2, 2.0), (0.8, 2.2)),
    ),
    Sound(
        "bubbles",
        "bubble~, bubbling-water, boil~, water boil~, pot boil~, cauldron, gurgle~, simmer~, underwater",
        bubbling,
        6,
        True,
    ),
    Sound("pour", "pour~ water|wine|liquid|drink|tea|coffee|glass|cup|milk|beer, pour~, fill~ glass|cup|jug", pour, 4),
    Sound("toilet_flush", "toilet flush~, toilet, flush~", flush, 7),
    Sound("kettle", "kettle, kettle whistle~|boil~, teapot whistle~, teakettle", kettle, 6),
    Sound("steam", "steam, steam hiss~|escape~|release~, hiss~, air|gas hiss~|release~|escape~", steam, 5, True),
    Sound(
        "boat_creak",
        "boat|ship creak~|rock~|float~|sail~|groan~|moor~, ?boat, rowboat, ?ship, water lap~ boat, rigging, "
        "ship|boat timber",
        lapping,
        8,
        True,
    ),
)
