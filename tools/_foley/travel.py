"""Engines, wheels and whistles: what carries people."""

import numpy as np

from wavagent.audio import RATE

from .bells import horn_note
from .doors import plank
from .sound import Series, Sound, Take
from .steps import hooves
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
    times,
    tone,
    unit,
    voiced,
    wander,
)


def _motor(take: Take, firing: float, rattle: float) -> Signal:
    """A piston engine: a train of firings, no two alike, through an exhaust; `rattle` is the noise of its parts."""
    rng, frames = take.rng, take.frames
    pitch = firing * (1 + 0.03 * (wander(rng, frames, 0.6) - 0.5) + 0.04 * (wander(rng, frames, 0.03) - 0.5))
    fire = pulses(pitch, True)
    half = pulses(pitch / 2, True)
    exhaust = peaks((70, 60, 1.0), (145, 90, 0.9), (310, 160, 0.6), (640, 300, 0.35), (1300, 700, 0.2))
    beat = unit(filtered(fire + 0.6 * half, exhaust, True))
    parts = noise(rng, frames, band(600, 4500)) * (0.4 + np.clip(beat, 0, 2))
    return beat + rattle * parts


def engine(take: Take) -> Signal:
    """A motor that idles near 700 revolutions a minute (four cylinders fire 23 times a second), heavier for a lorry."""
    return _motor(take, 26 * take.pace / take.size**0.4, 0.2)


def driving(take: Take) -> Signal:
    """Inside or beside a car on the road: the motor at speed, and the tyres' broad noise."""
    road = noise(take.rng, take.frames, both(band(60, 500), band(0, 2500)), 2)
    return (
        0.6 * _motor(take, 78 * take.pace, 0.05)[:, None]
        + road * (0.8 + 0.2 * wander(take.rng, take.frames, 1.0))[:, None]
    )


def motorcycle(take: Take) -> Signal:
    """Two cylinders, a short pipe: a coarse beat that revs up and down."""
    rng, frames = take.rng, take.frames
    revs = 45 * take.pace * (1 + 0.9 * wander(rng, frames, 1.8) ** 1.5)
    fire = pulses(revs, True) + 0.7 * pulses(revs / 2, True)
    pipe = peaks((95, 50, 1.0), (210, 90, 0.9), (480, 200, 0.7), (950, 350, 0.5), (2100, 900, 0.3))
    return np.tanh(0.9 * unit(filtered(fire, pipe, True)) + 0.15 * noise(rng, frames, band(500, 4000)))


def start_up(take: Take) -> Signal:
    """A starter that grinds, the engine that catches, flares and settles."""
    rng, frames = take.rng, span(4.0)
    time = times(frames)
    crank = glide(frames, (0, 8.5), (0.28, 9.5), (1, 9.5))
    grind = (0.45 + 0.55 * np.clip(tone(crank), 0, 1)) * (time < 1.15)
    starter = (
        unit(voiced(np.full(frames, 210.0) * (0.9 + 0.2 * grind), 0.7)) + 0.7 * noise(rng, frames, band(500, 4000))
    ) * grind
    revs = glide(frames, (0, 20), (0.27, 25), (0.36, 95), (0.55, 48), (0.7, 34), (1, 30))
    exhaust = peaks((75, 60, 1.0), (150, 90, 0.9), (320, 160, 0.6), (680, 300, 0.35), (1400, 700, 0.2))
    motor = unit(filtered(pulses(revs), exhaust)) + 0.15 * noise(rng, frames, band(500, 4000))
    return 0.35 * starter + motor * glide(frames, (0, 0), (0.26, 0), (0.33, 1.2), (0.6, 0.9), (1, 0.7)) * swell(
        frames, 0.01, 0.8
    )


def _passing(take: Take, seconds: float, source: Signal, sharpness: float) -> Signal:
    """`source`, (frames,), carried from left to right past the ear: near in the middle, quieter and duller far off."""
    frames = len(source)
    way = (np.linspace(-0.5, 0.5, frames) * seconds) / sharpness
    near = 1 / (1 + way**2)
    side = 0.5 + 0.5 * way / np.sqrt(1 + way**2)
    dull = filtered(source, band(30, 700))
    heard = source * (near**1.2) + dull * np.sqrt(near) * 0.4
    return heard[:, None] * np.sqrt(np.stack([1 - side, side], axis=1)) * swell(frames, 0.6, 0.8)[:, None]


def car_pass(take: Take) -> Signal:
    """A car that goes by: tyres and motor, the pitch dropping by a tenth as it passes (Doppler at 60 km/h)."""
    seconds = 5.0 / take.pace
    frames = span(seconds)
    way = np.linspace(-0.5, 0.5, frames) * seconds / 0.35
    pitch = 92 * (1 - 0.05 * way / np.sqrt(1 + way**2))
    motor = unit(filtered(voiced(pitch, 0.7), peaks((110, 80, 1.0), (270, 150, 0.7), (620, 300, 0.4))))
    tyres = noise(take.rng, frames, both(band(150, 1500), band(0, 4000)))
    return _passing(take, seconds, tyres + 0.5 * motor, 0.45)


def traffic(take: Take) -> Signal:
    """A road: a far roar, and car after car."""
    rng, frames = take.rng, take.frames
    total = noise(rng, frames, both(band(40, 350), band(0, 1500)), 2) * 0.25
    cars = max(1, round(frames / span(2.2)))
    for number in range(cars):
        one = car_pass(Take(rng, pace=take.near(1.1, 0.25)))
        one = one[:, ::-1] if rng.random() < 0.5 else one
        place(total, int((number + rng.random()) * frames / cars), one, gain=rng.uniform(0.3, 0.9))
    return total


def horn(take: Take) -> Signal:
    """A car's pair of horns, near 410 and 510 Hz."""
    return horn_note(take, (take.near(405, 0.02), 508.0), 0.55 / take.pace, 3.0)


def foghorn(take: Take) -> Signal:
    """A ship: one enormous low reed, felt more than heard."""
    note = horn_note(take, (87.3, 130.8), 3.4, 2.2)
    return note * swell(len(note), 0.25, 0.6)


def skid(take: Take) -> Signal:
    """Tyres that scream: a rubbed tone near 900 Hz with rough harmonics, falling as the car slows."""
    frames = span(1.6)
    pitch = (
        take.near(980, 0.08)
        * glide(frames, (0, 1.05), (0.5, 1.0), (1, 0.8))
        * (1 + 0.05 * (wander(take.rng, frames, 0.01) - 0.5))
    )
    scream = tone(pitch) + 0.6 * tone(1.51 * pitch) + 0.4 * tone(2.03 * pitch)
    rub = noise(take.rng, frames, peaks((950, 250, 1.0), (1900, 500, 0.7), (3000, 1200, 0.4)))
    return (0.6 * scream + 0.8 * rub) * glide(frames, (0, 0), (0.06, 1), (0.7, 0.8), (1, 0))


def crash(take: Take) -> Signal:
    """A collision: the blow, sheet metal that buckles, glass and parts that rain down."""
    rng, total = take.rng, canvas(span(2.8))
    place(total, 0, modes(0.6, (58.0, 0.12, 1.6), (113.0, 0.08, 1.0), (240.0, 0.05, 0.7)))
    place(total, 0, burst(rng, 0.6, 0.07, band(120, 5000)), gain=1.2)
    for _ in range(9):
        plate = modes(
            0.6, *((rng.uniform(180, 3200), rng.uniform(0.03, 0.15), rng.uniform(0.2, 0.6)) for _ in range(7))
        )
        place(total, span(rng.exponential(0.16)), plate, rng.uniform(-0.5, 0.5), rng.uniform(0.2, 0.6))
    bits = [modes(0.2, (pitch, 0.03, 1.0), (1.6 * pitch, 0.02, 0.6)) for pitch in rng.uniform(2000, 7500, 10)]
    frames = len(total)
    rainfall = dust(rng, frames, 34, bits, 1.0) * (0.3 * fall(frames, 0.5) * swell(frames, 0.12, 0.8))[:, None]
    return total + rainfall


def steam_train(take: Take) -> Signal:
    """A locomotive: four exhaust beats to a turn of the wheels, the first the loudest; steam; the rails beneath."""
    rng, frames = take.rng, take.frames
    total = 0.12 * noise(rng, frames, both(band(35, 160), band(0, 900)), 2)
    total += 0.05 * noise(rng, frames, band(2500, 9000), 2) * (0.5 + wander(rng, frames, 0.8))[:, None]
    turns = max(1, round(frames / span(0.88 / take.pace)))
    beat = frames / (4 * turns)
    for chuff in range(4 * turns):
        length = span(min(0.3, 1.3 * beat / RATE))
        puff = noise(rng, length, both(band(220, 1500), band(0, 3500))) * glide(
            length, (0, 0), (0.12, 1), (0.45, 0.35), (1, 0)
        )
        place(total, int(chuff * beat), puff, 0.0, (1.0, 0.7, 0.8, 0.65)[chuff % 4] * take.near(0.8, 0.1))
    return total


def train(take: Take) -> Signal:
    """A train on jointed rails: two bogies knock twice at every joint, over the rumble of the cars."""
    rng, frames = take.rng, take.frames
    rumble = noise(rng, frames, both(band(40, 220), band(0, 1800)), 2) * (0.7 + 0.3 * wander(rng, frames, 0.7))[:, None]
    total = 0.4 * rumble + 0.05 * noise(rng, frames, peaks((2200, 700, 1.0), (3900, 1200, 0.6)), 2)
    joints = max(1, round(frames / span(1.05 / take.pace)))
    for joint in range(joints):
        for offset in (0.0, 0.13, 0.44, 0.57):
            low = take.near(95, 0.06)
            clack = modes(
                0.25, (low, 0.05, 1.0), (4.3 * low, 0.02, 0.6), (9.1 * low, 0.012, 0.5), (19 * low, 0.008, 0.3)
            )
            clack += 0.5 * burst(rng, 0.25, 0.012, band(250, 4000))
            at = (joint + offset / 1.05) * frames / joints
            place(total, int(at), clack, rng.uniform(-0.2, 0.2), take.near(0.5, 0.15))
    return total


def train_whistle(take: Take) -> Signal:
    """A steam whistle: a chord of stopped pipes, breathy, that scoops up as the valve opens."""
    frames = span(2.2)
    scoop = glide(frames, (0, 0.9), (0.08, 1), (0.85, 1), (1, 0.88))
    pipes = sum(tone(pitch * scoop) + 0.2 * tone(3 * pitch * scoop) for pitch in (440.0, 523.3, 622.3, 740.0))
    steam_ = noise(take.rng, frames, both(band(500, 5000), peaks((620, 300, 1.0), (1900, 1500, 0.5))))
    return (np.asarray(pipes) * 0.4 + 0.35 * steam_) * swell(frames, 0.08, 0.35)


def carriage(take: Take) -> Signal:
    """A coach on cobbles: iron tyres that rattle over the stones, timber that creaks, the horses in front."""
    rng, frames = take.rng, take.frames
    stones = [modes(0.08, (pitch, 0.012, 1.0), (2.3 * pitch, 0.006, 0.6)) for pitch in (170, 260, 420, 700, 1300)]
    total = 0.35 * dust(rng, frames, 48 * take.pace, stones, 0.6) + 0.22 * noise(rng, frames, band(50, 350), 2)
    steps = max(2, 2 * round(frames / span(0.56 / take.pace)))
    for step in range(steps):
        place(total, int(step * frames / steps), hooves(Take(rng, index=step)), gain=0.55)
    for _ in range(max(1, round(frames / span(1.6)))):
        length = min(frames, span(0.35))
        groan = unit(filtered(pulses(glide(length, (0, 40), (0.5, take.near(120, 0.4)), (1, 50))), plank()))
        place(total, int(rng.integers(0, frames)), groan * swell(length, 0.1, 0.1), rng.uniform(-0.4, 0.4), 0.12)
    return total


def helicopter(take: Take) -> Signal:
    """Two blades, 13 slaps a second: each a low thump with an edge of air; the turbine whines above."""
    rng, frames = take.rng, take.frames
    slap = np.clip(tone(np.full(frames, 13.0 * take.pace), True), 0, 1) ** 3
    thump = noise(rng, frames, band(40, 260), 2) * (0.15 + slap)[:, None]
    edge = noise(rng, frames, band(300, 1200), 2) * (0.08 + slap**2)[:, None] * 0.2
    whine = tone(np.full(frames, 610.0) * (1 + 0.004 * wander(rng, frames, 0.7)), True) * 0.03
    return thump + edge + whine[:, None]


def jet(take: Take) -> Signal:
    """An airliner overhead: a broad roar that leans from bright to dark, and the whine of the fans."""
    rng, seconds = take.rng, 8.0
    frames = span(seconds)
    roar = noise(rng, frames, both(band(60, 700), band(0, 3000)))
    whine = tone(glide(frames, (0, 2500), (0.4, 2350), (0.6, 1650), (1, 1450))) * 0.12 + 0.3 * noise(
        rng, frames, band(1500, 5000)
    )
    return _passing(take, seconds, roar + whine * glide(frames, (0, 0.5), (0.5, 1), (0.6, 0.3), (1, 0.1)), 1.7)


def propeller(take: Take) -> Signal:
    """A small aeroplane: a propeller's drone near 80 Hz, rich in harmonics, slowly beating."""
    base = 82 * take.pace * (1 + 0.012 * wander(take.rng, take.frames, 1.5))
    drone = voiced(base, 0.8, True) + 0.7 * voiced(1.007 * base, 0.8, True)
    body = unit(filtered(drone, both(peaks((170, 150, 1.0), (420, 300, 0.7), (900, 600, 0.35)), band(60, 3000)), True))
    return body + 0.25 * noise(take.rng, take.frames, band(150, 1200))


def rowing(take: Take) -> Signal:
    """One stroke: the oar knocks in its lock, enters, pulls and drips."""
    rng, frames = take.rng, span(2.2)
    total = canvas(frames)
    place(total, 0, 0.4 * modes(0.2, (310.0, 0.02, 1.0), (720.0, 0.012, 0.6)), -0.3)
    length = span(1.2)
    pull = (
        noise(rng, length, band(250, 2200), 2)
        * glide(length, (0, 0), (0.15, 0.7), (0.5, 0.4), (0.8, 0.6), (1, 0))[:, None]
    )
    place(total, span(0.15), 0.5 * pull)
    drops = [modes(0.06, (pitch, 0.008, 1.0)) for pitch in (700, 1100, 1700, 2500)]
    return (
        total
        + dust(rng, frames, 30, drops, 0.8) * (0.14 * glide(frames, (0, 0), (0.3, 0.4), (0.6, 1), (1, 0)))[:, None]
    )


CAR = "car|automobile|vehicle|truck|lorry|van|bus|taxi"
SOUNDS = (
    Sound(
        "engine",
        f"engine, motor, engine|motor|{CAR}|tractor idle~|run~|rumble~|hum~|rev~|purr~, idle~, tractor, "
        "diesel engine, rev~, generator, lawnmower, lawn-mower, mower, boat engine|motor, motorboat, "
        "speedboat, bulldozer, machine run~, truck, lorry",
        engine,
        6,
        True,
    ),
    Sound(
        "car",
        f"{CAR} drive~, inside car, car interior, car ride, drive~, road trip, car engine, drive~ road|highway",
        driving,
        6,
        True,
    ),
    Sound(
        "motorcycle",
        "motorcycle, motorbike, moped, scooter, motorcycle engine|rev~|drive~|accelerate~, accelerate~, "
        "go-kart, race-car, racing-car, dirt-bike",
        motorcycle,
        5,
        True,
    ),
    Sound(
        "car_start",
        f"{CAR}|engine|motor start~|ignition, {CAR} engine start~, ignition, start~ engine|car, crank~ engine",
        start_up,
        4.0,
    ),
    Sound(
        "car_pass",
        "car, automobile, van, bus, taxi, "
        f"{CAR}|motorcycle pass~|go~-by|drive~-by|drive~-past|drive~-away|approach~, vehicle, pass~ by car",
        car_pass,
        5.0,
        series=Series(1, (4.0, 5.5), (0.0, 1.5)),
    ),
    Sound(
        "traffic",
        "traffic, car|vehicle traffic, busy|city street|road, highway, motorway, freeway, city, "
        "street traffic, vehicle pass~ road, cars-passing, traffic drive~|pass~",
        traffic,
        8,
        True,
    ),
    Sound(
        "car_horn",
        f"horn, honk~, {CAR} horn|honk~|toot~, horn honk~|blow~|beep~|toot~, beep~ horn, klaxon",
        horn,
        0.6,
        series=Series(2, (0.75, 0.9), (1.2, 2.5)),
    ),
    Sound(
        "ship_horn",
        "foghorn, ship|boat|ferry|steamer horn|whistle~|blow~, fog-horn, ship's-horn",
        foghorn,
        3.5,
        series=Series(1, (5.0, 6.0), (3.0, 6.0)),
    ),
    Sound(
        "skid",
        "skid~, tyre|tire screech~|squeal~|skid~, brake screech~|squeal~, car screech~|skid~|brake~, screech~",
        skid,
        1.6,
    ),
    Sound(
        "crash",
        f"crash~, collision, collide~, {CAR}|metal crash~, wreck, smash~, crash~ car, debris fall~, clatter~-down",
        crash,
        2.8,
    ),
    Sound(
        "steam_train",
        "steam-train, steam-engine, locomotive, steam-locomotive, train steam|chug~|puff~|chuff~, chug~, "
        "steam engine|train|locomotive",
        steam_train,
        8,
        True,
    ),
    Sound(
        "train",
        "train, railway, railroad, train pass~|run~|move~|roll~|travel~|go~|rumble~, train track|rail, "
        "subway, tram, underground-train, metro",
        train,
        8,
        True,
    ),
    Sound(
        "train_whistle",
        "train|locomotive|steam whistle~|horn|toot~|blow~, train horn blow~|sound~|honk~, train blow~ horn|whistle",
        train_whistle,
        2.3,
        series=Series(2, (2.5, 3.0), (2.5, 5.0)),
    ),
    Sound(
        "carriage",
        "carriage, horse carriage|cart|wagon|coach|buggy, stagecoach, wagon, cart, "
        "cart|wagon|coach roll~|rattle~|wheel, wheel cobblestone|rattle~, buggy",
        carriage,
        8,
        True,
    ),
    Sound("helicopter", "helicopter, chopper, rotor, helicopter fly~|hover~|propeller|blade", helicopter, 6, True),
    Sound(
        "jet",
        "jet, airplane, aeroplane, aircraft, plane, "
        "plane|jet|airplane|aeroplane|aircraft fly~|pass~|take~|land~|overhead, airliner, rocket, "
        "rocket launch~",
        jet,
        8.0,
    ),
    Sound(
        "propeller_plane",
        "propeller, biplane, propeller|small|old plane|aircraft|airplane, airship, plane drone~, spitfire, "
        "fighter plane engine, drone~",
        propeller,
        6,
        True,
    ),
    Sound(
        "rowing",
        "row~-boat, oar, oar splash~|dip~|pull~|row~, paddle~, canoe, kayak, row~ boat",
        rowing,
        2.2,
        series=Series.steady(3, 2.3, 2.5),
    ),
)
