"""Feet, shoes and hooves on the ground."""

from .sound import Series, Sound, Take
from .synth import (
    Signal,
    band,
    both,
    burst,
    canvas,
    dust,
    fall,
    glide,
    modes,
    noise,
    peaks,
    place,
    span,
    swell,
)

WALK = Series.steady(6, 0.53, 0.57)
RUN = Series.steady(10, 0.29, 0.32)


def _side(take: Take) -> float:
    """Left foot, right foot."""
    return 0.12 if take.index % 2 else -0.12


def _heel_and_toe(take: Take, heel: Signal, toe: Signal, gap: float) -> Signal:
    total = canvas(max(len(heel), span(gap) + len(toe)))
    place(total, 0, heel, _side(take), take.near(1.0, 0.2))
    place(total, span(gap), toe, _side(take), take.near(0.45, 0.3))
    return total


def on_wood(take: Take) -> Signal:
    """A leather heel on boards: a knock, the hollow under the floor, then the softer sole."""
    low = take.near(105, 0.12) / take.size**0.3
    hollow = modes(0.3, (low, 0.035, 1.0), (2.1 * low, 0.022, 0.7), (3.9 * low, 0.014, 0.45), (8.3 * low, 0.006, 0.3))
    heel = hollow + 0.55 * burst(take.rng, 0.3, 0.006, band(400, 4500))
    toe = 0.6 * hollow + 0.4 * burst(take.rng, 0.3, 0.012, band(300, 2500))
    return _heel_and_toe(take, heel, toe, take.near(0.11, 0.15) / take.pace)


def on_stone(take: Take) -> Signal:
    """A hard heel on stone or tiles: a bright click, and the answer of a bare room."""
    pitch = take.near(1500, 0.2)
    click = modes(0.35, (pitch, 0.006, 1.0), (2.3 * pitch, 0.004, 0.7), (310.0, 0.012, 0.8), (140.0, 0.02, 0.6))
    room = burst(take.rng, 0.35, 0.09, band(500, 3500)) * 0.05
    heel = click + 0.5 * burst(take.rng, 0.35, 0.004, band(800, 8000)) + room
    scuff = 0.35 * burst(take.rng, 0.2, 0.025, band(1200, 6000))
    return _heel_and_toe(take, heel, scuff, take.near(0.1, 0.15) / take.pace)


def on_gravel(take: Take) -> Signal:
    """Stones that grind under the shoe: many small hard contacts, in two waves, heel and toe."""
    rng, frames = take.rng, span(0.36)
    grains = [
        burst(rng, 0.02, 0.002, both(peaks((centre, 0.5 * centre, 1.0)), band(600, 9000)))
        for centre in (1100, 1800, 2700, 4200)
    ]
    press = glide(frames, (0, 0), (0.08, 1), (0.25, 0.35), (0.45, 0.8), (0.7, 0.3), (1, 0)) ** 1.3
    stones = dust(rng, frames, 420, grains, 1.0) * press[:, None]
    place(stones, 0, 0.5 * burst(rng, 0.2, 0.02, band(60, 300)), _side(take))
    return stones * take.near(1.0, 0.2)


def on_snow(take: Take) -> Signal:
    """Snow that packs: a soft thump, then a creaking crunch as crystals break under the weight."""
    rng, frames = take.rng, span(0.4)
    grains = [burst(rng, 0.008, 0.0012, both(band(low, 2 * low), band(0, 6000))) for low in (800, 1200, 1900)]
    crunch = (
        dust(rng, frames, 700, grains, 0.7)
        * (glide(frames, (0, 0), (0.15, 0.6), (0.45, 1), (0.75, 0.5), (1, 0)) ** 1.5)[:, None]
    )
    place(crunch, 0, burst(rng, 0.2, 0.03, band(60, 350)), _side(take), 0.5)
    return crunch * take.near(1.0, 0.15)


def on_grass(take: Take) -> Signal:
    """Grass and dry leaves: a dull step and a rustle that the foot drags after it."""
    rng, frames = take.rng, span(0.42)
    blades = [burst(rng, 0.01, 0.0015, both(band(low, 2 * low), band(0, 7000))) for low in (1300, 2200, 3400)]
    rustle = (
        dust(rng, frames, 260, blades, 0.9) * glide(frames, (0, 0), (0.12, 0.8), (0.3, 0.3), (0.55, 1), (1, 0))[:, None]
    )
    brush = (
        noise(rng, frames, band(1200, 5000), 2) * (0.35 * glide(frames, (0, 0), (0.15, 1), (0.5, 0.6), (1, 0)))[:, None]
    )
    place(brush, 0, burst(rng, 0.25, 0.03, band(60, 280)), _side(take), 0.7)
    return rustle + brush


def in_mud(take: Take) -> Signal:
    """A shoe in mud or shallow water: a slap, and the suck of the sole coming free."""
    rng, frames = take.rng, span(0.45)
    slap = burst(rng, 0.45, 0.03, band(200, 2200))
    suck = noise(rng, frames, peaks((700, 300, 1.0), (1500, 500, 0.6))) * glide(
        frames, (0, 0), (0.4, 0.1), (0.65, 0.9), (0.72, 0.1), (1, 0)
    )
    drops = dust(rng, frames, 60, [modes(0.03, (pitch, 0.004, 1.0)) for pitch in (900, 1700, 2600)], 0.8)
    total = 0.12 * drops * fall(frames, 0.2)[:, None]
    place(total, 0, slap + 0.6 * suck, _side(take))
    return total * swell(frames, 0.002, 0.1)[:, None]


def _hoof(take: Take) -> Signal:
    """A shod hoof on a road: the hollow 'clop' of the hoof, and the iron on top."""
    body = take.near((780, 900, 700, 840)[take.index % 4], 0.06) / take.size**0.2
    clop = modes(0.2, (body, 0.014, 1.0), (1.75 * body, 0.008, 0.45), (0.42 * body, 0.018, 0.5))
    iron = modes(0.2, (take.near(3300, 0.1), 0.012, 0.1), (take.near(5200, 0.1), 0.008, 0.06))
    return clop + iron + 0.35 * burst(take.rng, 0.2, 0.006, band(300, 5000))


def hooves(take: Take) -> Signal:
    """One step of a horse that walks or trots."""
    total = canvas(span(0.25))
    place(total, 0, _hoof(take), (-0.2, 0.2, -0.1, 0.25)[take.index % 4], take.near(0.9, 0.15))
    return total


def gallop(take: Take) -> Signal:
    """One stride: three beats and a flight (da-da-dum), on turf as much as on stone."""
    total = canvas(span(0.55))
    for leg, (start, gain) in enumerate(((0.0, 0.6), (0.105, 0.75), (0.2, 1.0))):
        hoof = _hoof(Take(take.rng, weight=take.weight, index=leg))
        turf = burst(take.rng, 0.2, 0.03, band(60, 400))
        place(total, span(start / take.pace), 0.6 * hoof + 0.9 * turf, (-0.2, 0.2, 0.0)[leg], take.near(gain, 0.1))
    return total


SOUNDS = (
    Sound(
        "footsteps_wood",
        "footstep, =steps, footfall, walk~, pace~ floor, "
        "footstep|step|walk~ wood|wooden|floor|floorboard|stairs|staircase|deck|"
        "hallway, footstep stair, foot walk~|stomp~, stomp~, tread~, =marching, soldier march~, "
        "walk~ around|past|by|away|across, stride~",
        on_wood,
        0.4,
        series=WALK,
    ),
    Sound(
        "footsteps_stone",
        ""
        "footstep|step|walk~|heel stone|concrete|pavement|marble|tile|cobblestone|corridor|street, "
        "footstep|step|walk~ asphalt|sidewalk|cave|church, "
        "high-heel, heel click~|clack~",
        on_stone,
        0.4,
        series=WALK,
    ),
    Sound(
        "footsteps_gravel",
        "footstep|step|walk~|foot gravel|pebble|path|driveway|shingle|rock, gravel crunch~, gravel, crunch~",
        on_gravel,
        0.36,
        series=WALK,
    ),
    Sound("footsteps_snow", "footstep|step|walk~|tread~ snow|ice, snow crunch~", on_snow, 0.4, series=WALK),
    Sound(
        "footsteps_grass",
        "footstep|step|walk~|tread~ grass|leaf|forest|wood-floor|undergrowth|meadow|lawn|field|straw, leaf crunch~",
        on_grass,
        0.42,
        series=WALK,
    ),
    Sound(
        "footsteps_mud",
        "footstep|step|walk~|wade~ mud|puddle|water|swamp|marsh, wade~, squelch~",
        in_mud,
        0.45,
        series=WALK,
    ),
    Sound(
        "running",
        "?=running, running-footstep, footstep run~|fast|quick|hurry~|rush~, jog~, sprint~, "
        "man|woman|child|boy|girl|person|foot run~, run~ away",
        on_wood,
        0.4,
        series=RUN,
    ),
    Sound(
        "horse_walk",
        "horse, hoof, hoofbeat, pony, horse|hoof|pony walk~|trot~|step~|clop~, horse hoof, clip-clop~, "
        "clop~, clip~-clop~, trot~, donkey, mule, horse ride~",
        hooves,
        0.25,
        series=Series.steady(8, 0.29, 0.31),
    ),
    Sound(
        "horse_gallop",
        "gallop~, horse gallop~|canter~|race~|run~|charge~, hoof gallop~|thunder~|pound~, canter~, stampede~, cavalry",
        gallop,
        0.6,
        series=Series.steady(7, 0.44, 0.47),
    ),
)
