"""Machines of the house and the works: motors, fans, hums."""

import numpy as np

from .sound import Sound, Take
from .synth import (
    Signal,
    band,
    both,
    burst,
    filtered,
    modes,
    noise,
    peaks,
    place,
    span,
    tone,
    unit,
    voiced,
    wander,
)


def vacuum(take: Take) -> Signal:
    """A vacuum cleaner: a motor's whine near 240 Hz and its harmonics, in a torrent of air."""
    base = 238 * take.pace * (1 + 0.004 * wander(take.rng, take.frames, 0.8))
    motor = unit(filtered(voiced(base, 0.7, True), peaks((480, 300, 1.0), (1400, 800, 0.7), (3600, 1800, 0.5)), True))
    return 0.5 * motor + 0.9 * noise(take.rng, take.frames, both(band(150, 2000), band(0, 7000)))


def washing_machine(take: Take) -> Signal:
    """A drum that turns: motor hum, the slosh of the load about once a second."""
    rng, frames = take.rng, take.frames
    turns = max(1, round(frames / span(1.1 / take.pace)))
    slosh = 0.3 + 0.7 * np.clip(np.sin(2 * np.pi * np.linspace(0, turns, frames, endpoint=False)), 0, 1) ** 1.5
    water = noise(rng, frames, band(180, 1500), 2) * slosh[:, None]
    hum = (
        tone(np.full(frames, 100.0), True)
        + 0.6 * tone(np.full(frames, 200.0), True)
        + 0.3 * tone(np.full(frames, 300.0), True)
    )
    return 0.6 * water + (0.4 * hum)[:, None] + 0.15 * noise(rng, frames, band(60, 400), 2)


def hum(take: Take) -> Signal:
    """Mains in a transformer, a refrigerator, a lamp: 100 Hz and its multiples."""
    frames = take.frames
    total = sum(
        gain * tone(np.full(frames, 100.0 * k), True)
        for k, gain in ((1, 1.0), (2, 0.6), (3, 0.35), (4, 0.3), (6, 0.15), (9, 0.06))
    )
    return np.asarray(total) * (0.92 + 0.08 * wander(take.rng, frames, 0.9)) + 0.08 * noise(
        take.rng, frames, band(100, 1500)
    )


def fan(take: Take) -> Signal:
    """A fan or an air conditioner: steady air, chopped a little by the blades, over a hum."""
    rng, frames = take.rng, take.frames
    blades = 1 + 0.12 * tone(np.full(frames, 23.0 * take.pace), True)
    return (
        noise(rng, frames, both(band(80, 700), band(0, 4000)), 2) * blades[:, None]
        + (0.15 * tone(np.full(frames, 100.0), True))[:, None]
    )


def factory(take: Take) -> Signal:
    """Machines at work: a press that falls twice a second, gears, steam, a low drone."""
    rng, frames = take.rng, take.frames
    total = 0.25 * noise(rng, frames, both(band(50, 300), band(0, 2000)), 2)
    strokes = max(1, round(frames / span(0.62 / take.pace)))
    for stroke in range(strokes):
        press = modes(0.4, (74.0, 0.07, 1.2), (330.0, 0.04, 0.6), (1240.0, 0.03, 0.4)) + 0.4 * burst(
            rng, 0.4, 0.02, band(300, 4000)
        )
        hiss = burst(rng, 0.2, 0.06, band(3000, 9000)) * 0.15
        place(total, int(stroke * frames / strokes), press, -0.3, 0.7)
        place(total, int((stroke + 0.5) * frames / strokes), hiss, 0.4)
        place(total, int((stroke + 0.55) * frames / strokes), modes(0.2, (take.near(900, 0.05), 0.02, 0.4)), 0.4)
    gears = np.clip(tone(np.full(frames, 17.0 * take.pace), True), 0, 1) ** 4
    return total + (0.2 * noise(rng, frames, band(700, 4000)) * gears)[:, None]


SOUNDS = (
    Sound(
        "vacuum",
        "vacuum~, vacuum-cleaner, hoover~, hair-dryer, hairdryer, blender, vacuum~ floor|run~",
        vacuum,
        6,
        True,
    ),
    Sound(
        "washing_machine",
        "washing-machine, washer, laundry-machine, dishwasher, dryer, tumble-dryer, washing-machine run~",
        washing_machine,
        6,
        True,
    ),
    Sound(
        "hum",
        "hum~ electric|electrical|machine|transformer|fridge|refrigerator|low|fluorescent, transformer, "
        "fridge, refrigerator, ?hum~, electric hum~|buzz~, fluorescent-light, ?buzz~, power-line",
        hum,
        6,
        True,
    ),
    Sound(
        "fan",
        "fan, ventilator, air-conditioner, air-conditioning, ventilation, air-vent, "
        "fan blow~|whir~|spin~|run~|hum~, whir~",
        fan,
        6,
        True,
    ),
    Sound(
        "factory",
        "factory, machinery, machine, industrial-machine, assembly-line, printing-press, loom, "
        "sewing-machine, mill, workshop, conveyor, printer, photocopier",
        factory,
        8,
        True,
    ),
)
