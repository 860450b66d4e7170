"""Things of the house and the desk: glass, coins, paper, keys, cloth."""

import numpy as np

from .bells import small_bell
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


def _shard(pitch: float, ring: float) -> Signal:
    """A piece of glass that rings at `pitch`."""
    return modes(6 * ring, (pitch, ring, 1.0), (1.47 * pitch, 0.7 * ring, 0.6), (2.09 * pitch, 0.5 * ring, 0.4))


def glass_break(take: Take) -> Signal:
    """A pane or a bottle: the crack, then shards that ring at 2 to 12 kHz, ever smaller and later."""
    rng, total = take.rng, canvas(span(1.9))
    place(total, 0, burst(rng, 0.3, 0.02, band(900, 13000)), gain=1.5)
    place(total, 0, modes(0.3, (420.0, 0.02, 0.8), (1130.0, 0.03, 0.7)))
    shards = [_shard(rng.uniform(2000, 9500), rng.uniform(0.01, 0.07)) for _ in range(18)]
    sheet = 0.5 * noise(rng, len(total), both(band(1500, 6000), peaks((3100, 1200, 1.0), (5600, 2500, 0.8))), 2)
    place(total, 0, sheet * (fall(len(total), 0.12) + 0.12 * fall(len(total), 0.45))[:, None])
    for _ in range(110):
        shard = shards[int(rng.integers(len(shards)))]
        place(total, span(min(1.4, rng.exponential(0.24))), shard, rng.uniform(-0.7, 0.7), rng.lognormal(-1.6, 0.7))
    return total * swell(len(total), 0.0005, 0.4)[:, None]


def clink(take: Take) -> Signal:
    """Two wine glasses: a clear, long pair of tones with a bright edge."""
    base = take.near(1650, 0.06) / take.size**0.3
    ring = modes(
        1.3,
        (base, 0.3, 1.0),
        (1.07 * base, 0.28, 0.8),
        (2.31 * base, 0.18, 0.7),
        (4.17 * base, 0.1, 0.45),
        (6.6 * base, 0.05, 0.25),
    )
    return ring * swell(len(ring), 0.0005, 0.5) + np.append(
        0.3 * burst(take.rng, 0.03, 0.0015, band(3000, 14000)), np.zeros(len(ring) - span(0.03))
    )


def dishes(take: Take) -> Signal:
    """Plates and cutlery at work: china knocks, forks and knives ring."""
    rng, frames = take.rng, take.frames
    china = [
        modes(0.25, (pitch, 0.03, 1.0), (2.4 * pitch, 0.02, 0.6), (4.3 * pitch, 0.01, 0.3))
        for pitch in (820, 1150, 1600, 2100)
    ]
    steel = [modes(0.5, (pitch, 0.09, 1.0), (2.76 * pitch, 0.05, 0.6)) for pitch in (2300, 3100, 4200)]
    clusters = 0.1 + wander(rng, frames, 0.5) ** 2
    return (dust(rng, frames, 6, china, 0.8) + 0.5 * dust(rng, frames, 4, steel, 0.8)) * clusters[:, None]


def coins(take: Take) -> Signal:
    """Coins that fall together: small discs at 3 to 9 kHz, each with two or three bounces."""
    rng, total = take.rng, canvas(span(1.3))
    for _ in range(7):
        base, at = rng.uniform(3000, 5200), rng.exponential(0.16)
        disc = modes(
            0.5, (base, 0.09, 1.0), (1.71 * base, 0.06, 0.8), (2.43 * base, 0.03, 0.4), (1.006 * base, 0.09, 0.6)
        )
        gap, gain = rng.uniform(0.06, 0.12), rng.uniform(0.5, 1.0)
        for _ in range(4):
            place(total, min(span(at), span(0.8)), disc, rng.uniform(-0.4, 0.4), gain)
            at, gap, gain = at + gap, 0.65 * gap, 0.5 * gain
    return total * swell(len(total), 0.0005, 0.3)[:, None]


def keys(take: Take) -> Signal:
    """A bunch of keys that is shaken: thin brass, many small collisions in bursts."""
    rng, total = take.rng, canvas(span(0.9))
    for start in np.sort(rng.uniform(0, 0.55, 22)):
        base = rng.uniform(3200, 7500)
        key = modes(0.25, (base, 0.03, 1.0), (1.58 * base, 0.025, 0.8), (0.47 * base, 0.01, 0.3)) + 0.2 * burst(
            rng, 0.25, 0.002, band(3000, 14000)
        )
        place(total, span(float(start)), key, rng.uniform(-0.3, 0.3), rng.uniform(0.2, 0.8))
    return total


def _crinkles(take: Take, frames: int, rate: float) -> Signal:
    """Stiff sheets snap from dent to dent: very short clicks, loud ones rare."""
    snaps = [
        burst(take.rng, 0.006, 0.0009, both(peaks((centre, 0.8 * centre, 1.0)), band(700, 12000)))
        for centre in (1400, 2600, 4300, 6800)
    ]
    return dust(take.rng, frames, rate, snaps, 1.2)


def paper(take: Take) -> Signal:
    """Paper that is crumpled or handled: crackle in waves."""
    rng, frames = take.rng, span(take.near(1.4, 0.2))
    wave = (0.2 + wander(rng, frames, 0.15)) * swell(frames, 0.15, 0.35)
    return (_crinkles(take, frames, 220) + 0.3 * noise(rng, frames, band(2000, 9000), 2)) * wave[:, None]


def page(take: Take) -> Signal:
    """A page that is turned: lifted, swept across, laid down."""
    rng, frames = take.rng, span(0.75)
    sweep = glide(frames, (0, 0), (0.1, 0.3), (0.3, 0.15), (0.55, 1), (0.75, 0.3), (0.82, 0.5), (1, 0))
    air = noise(rng, frames, both(band(900, 5000), peaks((1800, 1200, 1.0), (4200, 2500, 0.6))), 2)
    total = (0.7 * air + 0.5 * _crinkles(take, frames, 120)) * sweep[:, None]
    place(total, span(0.58), 0.3 * burst(rng, 0.1, 0.012, band(200, 1500)))
    return total


def tear(take: Take) -> Signal:
    """Paper or cloth torn: fibres that give way by the hundred, faster and faster."""
    frames = span(0.9 / take.pace)
    rip = _crinkles(take, frames, 900) + 0.7 * noise(take.rng, frames, band(1500, 7000), 2)
    return rip * glide(frames, (0, 0), (0.1, 0.5), (0.85, 1), (1, 0))[:, None]


def cloth(take: Take) -> Signal:
    """Clothes that move: soft brushes of noise, no clicks."""
    frames = span(take.near(0.8, 0.25))
    brush = noise(take.rng, frames, both(band(700, 3500), band(0, 6000)), 2)
    return (
        brush
        * (
            glide(frames, (0, 0), (0.25, 1), (0.45, 0.35), (0.65, 0.8), (1, 0))
            * (0.6 + 0.4 * wander(take.rng, frames, 0.05))
        )[:, None]
    )


def zipper(take: Take) -> Signal:
    """A zip: teeth that close ever faster, 60 to 220 a second."""
    frames = span(0.75 / take.pace)
    teeth = pulses(glide(frames, (0, 60), (0.4, 140), (0.9, 230), (1, 120)))
    metal = unit(filtered(teeth, both(peaks((2100, 700, 0.8), (4200, 1200, 1.0), (7500, 2500, 0.6)), band(800, 14000))))
    return (metal + 0.3 * noise(take.rng, frames, band(2500, 10000))) * glide(
        frames, (0, 0), (0.08, 0.6), (0.9, 1), (1, 0)
    )


def writing(take: Take) -> Signal:
    """A pen or a pencil: quick strokes that scratch, with small stops."""
    frames = span(take.near(0.22, 0.4))
    scratch = noise(take.rng, frames, both(band(1500, 7000), peaks((2800, 1500, 1.0), (5200, 2000, 0.7))))
    return scratch * (0.4 + 0.6 * wander(take.rng, frames, 0.02)) * glide(frames, (0, 0), (0.2, 1), (0.7, 0.7), (1, 0))


def brushing(take: Take) -> Signal:
    """Bristles to and fro: strokes of bright noise (teeth, floors, brooms)."""
    frames = span(0.17 / take.pace)
    centre = 5200 if take.index % 2 else 4300
    return noise(take.rng, frames, both(band(1800, 9000), peaks((centre, 3000, 1.0)))) * glide(
        frames, (0, 0), (0.3, 1), (0.7, 0.8), (1, 0)
    )


def type_key(take: Take) -> Signal:
    """A computer key: a soft bottom-out, a lighter release."""
    total = np.zeros(span(0.16))
    for start, pitch, gain in ((0.0, take.near(1500, 0.15), 1.0), (take.near(0.08, 0.2), take.near(2300, 0.15), 0.4)):
        hit = modes(0.07, (pitch, 0.004, 0.8), (2.4 * pitch, 0.002, 0.4), (270.0, 0.008, 0.6)) + 0.5 * burst(
            take.rng, 0.07, 0.003, band(1200, 8000)
        )
        total[span(start) : span(start) + len(hit)] += gain * hit[: len(total) - span(start)]
    return total * take.near(0.9, 0.25)


def typewriter(take: Take) -> Signal:
    """A type bar on the platen: a hard clack with iron in it; at every sixteenth the bell and the carriage."""
    clack = modes(
        0.2,
        (take.near(950, 0.1), 0.008, 0.9),
        (take.near(2700, 0.1), 0.006, 0.8),
        (4900.0, 0.004, 0.5),
        (190.0, 0.012, 0.8),
    )
    clack += 0.7 * burst(take.rng, 0.2, 0.004, band(800, 10000))
    if take.index % 16 != 15:
        return clack * take.near(0.9, 0.15)
    total = canvas(span(1.2))
    place(total, 0, 0.35 * small_bell(Take(take.rng)))
    for tooth in range(26):
        place(total, span(0.35 + 0.018 * tooth), 0.35 * modes(0.04, (take.near(1800, 0.1), 0.003, 1.0)))
    place(total, span(0.85), clack)
    return total


def can_open(take: Take) -> Signal:
    """A can of drink: the tab cracks, gas hisses out, foam settles."""
    rng, frames = take.rng, span(1.3)
    total = noise(rng, frames, band(3000, 12000), 2) * (0.35 * fall(frames, 0.13) + 0.04 * fall(frames, 0.6))[:, None]
    place(
        total,
        0,
        modes(0.2, (1750.0, 0.012, 1.0), (3900.0, 0.01, 0.8), (720.0, 0.02, 0.6))
        + burst(rng, 0.2, 0.005, band(1200, 12000)),
    )
    return total * swell(frames, 0.001, 0.4)[:, None]


def match(take: Take) -> Signal:
    """A match: the head scrapes, flares, and burns down to a whisper."""
    rng, frames = take.rng, span(1.6)
    scrape = noise(rng, frames, band(2200, 9000)) * glide(frames, (0, 0), (0.03, 0.7), (0.12, 0.9), (0.15, 0.1), (1, 0))
    flare = noise(rng, frames, both(band(500, 4500), band(0, 8000))) * glide(
        frames, (0, 0), (0.11, 0), (0.17, 1), (0.3, 0.35), (0.6, 0.08), (1, 0)
    )
    return (scrape + flare) * (0.8 + 0.2 * wander(rng, frames, 0.02))


def gulp(take: Take) -> Signal:
    """A swallow: a soft click in the throat and a small low bubble."""
    frames = span(0.3)
    drop = tone(glide(frames, (0, 230), (0.35, 420), (1, 300))) * glide(frames, (0, 0), (0.2, 1), (0.45, 0.1), (1, 0))
    return drop * 0.8 + 0.35 * burst(take.rng, 0.3, 0.02, peaks((600, 300, 1.0), (1500, 500, 0.5)))


def chewing(take: Take) -> Signal:
    """A bite of something crisp, behind closed lips."""
    frames = span(0.3)
    crisp = dust(
        take.rng, frames, 160, [burst(take.rng, 0.008, 0.0015, band(low, 3 * low)) for low in (500, 1100, 2200)], 1.0
    )
    return crisp * (glide(frames, (0, 0), (0.2, 1), (0.5, 0.4), (1, 0)) * fall(frames, 0.5))[:, None]


SOUNDS = (
    Sound(
        "glass_break",
        "glass|window|bottle|vase|mirror|pane|plate|windowpane|dish|cup break~|shatter~|smash~|crash~, "
        "shatter~, broken glass, glass fall~|drop~",
        glass_break,
        1.9,
        series=Series(1, (2.0, 2.6), None),
    ),
    Sound(
        "clink",
        "clink~, glass clink~|ring~|touch~|toast~, toast~ glass, wineglass, wine-glass, "
        "champagne clink~|glass, ice clink~, tinkling-glass",
        clink,
        1.3,
        series=Series(1, (1.0, 1.5), (1.0, 2.5)),
    ),
    Sound(
        "dishes",
        "dish, plate, cutlery, silverware, crockery, teacup, "
        "dish|plate|cutlery|pot clatter~|clink~|rattle~|clank~, kitchen, fork, spoon, wash~ dish, "
        "china rattle~, clatter~",
        dishes,
        6,
        True,
    ),
    Sound(
        "coins",
        "coin, money, coin drop~|fall~|clink~|jingle~, change jingle~, penny, gold coin",
        coins,
        1.3,
        series=Series(1, (1.4, 2.0), (0.8, 2.0)),
    ),
    Sound(
        "keys",
        "=keys, key jingle~|jangle~|rattle~, keyring, keychain, car-key, jangle~",
        keys,
        0.9,
        series=Series(2, (0.9, 1.3), (0.8, 2.0)),
    ),
    Sound(
        "paper",
        "paper, paper rustle~|crumple~|crinkle~|shuffle~|fold~, crumple~, crinkle~, "
        "letter open~|unfold~|rustle~, newspaper, envelope, plastic|bag|wrapper rustle~|crinkle~|crumple~, "
        "wrapper",
        paper,
        1.6,
        series=Series(1, (1.5, 2.2), (0.3, 1.2)),
    ),
    Sound(
        "page_turn",
        "page, page turn~|flip~, turn~ page, flip~ page|book, book open~|close~|page",
        page,
        0.75,
        series=Series(1, (1.2, 1.8), (1.0, 2.5)),
    ),
    Sound(
        "tear",
        "paper|cloth|fabric|cardboard tear~|rip~, rip~, ripping-paper, rip~ paper|cloth",
        tear,
        0.9,
        series=Series(1, (1.2, 1.6), (0.6, 1.5)),
    ),
    Sound(
        "cloth",
        "cloth, clothes, clothing, fabric, "
        "cloth|clothes|fabric|dress|skirt|coat|silk|curtain|sheet rustle~|swish~|move~|flap~, curtain",
        cloth,
        1.0,
        series=Series(1, (1.0, 1.5), (0.4, 1.2)),
    ),
    Sound(
        "zipper",
        "zipper, zip~, zipper zip~|open~|close~, unzip~, jacket zip~|zipper",
        zipper,
        0.75,
        series=Series(1, (1.2, 1.6), (0.8, 2.0)),
    ),
    Sound(
        "writing",
        "write~ pen|pencil|paper|quill|chalk|blackboard|letter, write~, scribble~, "
        "pen|pencil|quill|chalk scratch~|write~, pencil, quill, sketch~ pencil, fountain-pen, scratch~, "
        "chalk",
        writing,
        0.3,
        series=Series.steady(12, 0.24, 0.34),
    ),
    Sound(
        "brushing",
        "brush~ tooth|hair|teeth, toothbrush, brush~, sweep~, broom, scrub~, sweep~ floor|broom",
        brushing,
        0.17,
        series=Series.steady(12, 0.19, 0.22),
    ),
    Sound(
        "keyboard",
        "keyboard, type~, typing-keyboard, computer keyboard|type~, keyboard type~|click~, type~ keyboard|computer",
        type_key,
        0.16,
        series=Series(18, (0.09, 0.21), (0.3, 0.9)),
    ),
    Sound(
        "typewriter",
        "typewriter, typewriter type~|clack~|key, type~ typewriter",
        typewriter,
        1.2,
        series=Series(16, (0.12, 0.22), (0.5, 0.8)),
    ),
    Sound(
        "can_open",
        "can open~, soda|beer can, open~ can|soda|beer, bottle open~, cork pop~, tin-can, fizz~",
        can_open,
        1.3,
    ),
    Sound(
        "match",
        "match strike~|light~|lit|flare~, strike~ match, light~ match|candle|cigarette, matchstick, lighter",
        match,
        1.6,
    ),
    Sound(
        "drinking",
        "drink~, sip~, gulp~, swallow~, slurp~, man|woman|person drink~|sip~, drink~ water|tea|coffee|beer",
        gulp,
        0.3,
        series=Series(4, (0.55, 0.8), (0.8, 1.8)),
    ),
    Sound(
        "eating",
        "eat~, chew~, munch~, bite~, crunch~ apple|chip|food|carrot, person|man|woman eat~|chew~, "
        "eat~ apple|chip|food, chomp~",
        chewing,
        0.3,
        series=Series(5, (0.5, 0.65), (0.5, 0.9)),
    ),
)
