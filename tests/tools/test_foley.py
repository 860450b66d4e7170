"""The embedded sound tool: what its clips are, and what it takes a description to mean."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import RATE, Samples
from wavagent.errors import Refused
from wavagent.tool import Request, SoundParams, accept

foley = importlib.import_module("wavagent.tools.foley")
language = importlib.import_module("wavagent.tools._foley.language")
perform = importlib.import_module("wavagent.tools._foley.perform")

CAPTIONS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "captions"
TONES = {"alarm_clock", "beep", "mobile_phone", "ship_horn"}
"""Made by machines: only the moment of a later stroke is left to chance."""

NAMED = {
    "rain": ("rain", "Light rain falling", "heavy rain pouring down"),
    "rain_on_roof": ("heavy rain on a tin roof", "raindrops against the window"),
    "wind": ("a howling wind", "wind blowing through the trees"),
    "thunder": ("distant thunder", "a clap of thunder"),
    "storm": ("a thunderstorm rages",),
    "sea": ("waves crashing on the beach", "the sea"),
    "stream": ("a babbling brook", "a river flows by"),
    "waterfall": ("a roaring waterfall",),
    "drip": ("water dripping in a cave",),
    "splash": ("a splash of water",),
    "pour": ("wine is poured into a glass",),
    "kettle": ("a kettle whistles",),
    "toilet_flush": ("a toilet flushes",),
    "fire": ("a fire crackles in the hearth",),
    "frying": ("bacon frying in a pan",),
    "leaves": ("leaves rustling",),
    "room_tone": ("the silence of an empty room",),
    "explosion": ("a huge explosion",),
    "fireworks": ("fireworks",),
    "static": ("radio static",),
    "dog_bark": ("a dog barks", "a dog barks in the rain", "barking dogs"),
    "cat_meow": ("a cat meows",),
    "cat_purr": ("a cat purring",),
    "cow": ("cows mooing",),
    "horse_neigh": ("a horse neighs",),
    "wolf_howl": ("a wolf howls",),
    "frogs": ("frogs croaking",),
    "crickets": ("crickets chirping at night",),
    "bees": ("buzzing bees",),
    "birds": ("birds singing",),
    "owl": ("an owl hoots",),
    "cuckoo": ("a cuckoo calls",),
    "crow": ("crows cawing",),
    "rooster": ("a rooster crows", "cock crowing"),
    "gulls": ("seagulls",),
    "crowd": ("the murmur of a crowd", "people chatting in a tavern"),
    "applause": ("applause", "the audience claps"),
    "cheering": ("the crowd cheers",),
    "baby_cry": ("a baby cries",),
    "cough": ("a man coughs",),
    "breathing": ("heavy breathing",),
    "heartbeat": ("a heart beating", "heartbeat"),
    "footsteps_wood": ("footsteps",),
    "footsteps_gravel": ("footsteps on gravel",),
    "footsteps_snow": ("someone walks in the snow",),
    "footsteps_grass": ("walking on grass",),
    "footsteps_stone": ("footsteps on a stone floor",),
    "running": ("running footsteps",),
    "door_open": ("a door opens",),
    "door_close": ("the door closes",),
    "door_slam": ("a door slams shut", "slamming of a heavy door", "a car door slams"),
    "knock": ("knocking at the door", "three knocks on the door"),
    "door_creak": ("a door creaks open",),
    "floor_creak": ("the stairs creak",),
    "lock": ("a key turns in the lock",),
    "window": ("a window opens",),
    "church_bell": ("church bells ring", "a bell tolls"),
    "small_bell": ("a small bell rings",),
    "doorbell": ("doorbell",),
    "wind_chimes": ("wind chimes",),
    "clock_tick": ("a clock ticking",),
    "clock_strike": ("the clock strikes five",),
    "telephone": ("the telephone rings",),
    "alarm_clock": ("an alarm clock goes off",),
    "alarm": ("fire alarm",),
    "siren": ("a police siren",),
    "horse_gallop": ("a horse gallops",),
    "horse_walk": ("horse hooves on cobblestones",),
    "carriage": ("a carriage rattles over the cobbles",),
    "steam_train": ("a steam train",),
    "train_whistle": ("a train whistle blows",),
    "train": ("a train passes",),
    "car_pass": ("a car drives by",),
    "car_start": ("car engine starting",),
    "car_horn": ("a car horn honks",),
    "traffic": ("busy street traffic",),
    "helicopter": ("helicopter overhead",),
    "jet": ("an airplane flies over",),
    "gunshot": ("a gunshot", "a rifle is fired"),
    "pistol": ("a pistol shot",),
    "cannon": ("cannon fire",),
    "sword_clash": ("swords clashing",),
    "chains": ("rattling chains",),
    "whip": ("the crack of a whip",),
    "hammer": ("hammering nails",),
    "saw": ("sawing wood",),
    "chop": ("chopping wood with an axe",),
    "wood_crack": ("a twig snaps",),
    "glass_break": ("glass shatters", "breaking glass"),
    "clink": ("clinking glasses",),
    "coins": ("jingling coins",),
    "paper": ("rustling paper",),
    "page_turn": ("a page is turned",),
    "typewriter": ("typing on a typewriter",),
    "keyboard": ("typing on a keyboard",),
    "zipper": ("a zipper",),
    "keys": ("keys jangling",),
    "magic": ("a magic spell shimmers",),
    "computer": ("computer beeps",),
    "kiss": ("someone kisses",),
    "whistling": ("a man whistles a tune",),
    "boat_creak": ("a ship creaks",),
}

UNKNOWN = (
    "a rainbow", "a bare wall", "watch out", "a ring on her finger", "the train of her dress", "train of thought",
    "a crane lifts its head", "a painting of a storm", "the smell of rain", "a photograph of the sea", "dog food",
    "a bird cage", "train tickets", "a water bottle", "no rain", "without a sound of thunder", "never any wind",
    "she says hello", "a violin plays softly", "he saw her leave", "she leaves the room", "a bell pepper", "a hot dog",
    "a type of cheese", "the phone number", "a cricket bat", "a duck under the table", "he broke his promise",
    "chain of command", "walking stick", "stream of consciousness", "sunlight", "love", "a sound", "noise", "music",
)  # fmt: skip

HOSTILE = (
    "",
    "\0",
    "\N{OGHAM SPACE MARK}",
    "🐈‍⬛💥🔔",
    "مطر غزير",
    "\u202eniar",
    "$(touch pwned)",
    "`reboot`; DROP TABLE sounds;--",
    "{0.__class__}%s%n",
    "../../etc/passwd",
    "a" * 10_000,
    "lorem " * 2_000,
)


def named(name: str, seconds: float | None = None, loop: bool = False, seed: int = 1, **manner: Any) -> Samples:
    made: Samples = perform.perform(language.Match(name, **manner), seconds, loop, seed)
    return made


def clip(what: str, seconds: float | None = None, loop: bool = False, seed: int | None = 1) -> Samples:
    params = accept(foley.TOOL, {"what": what, "seconds": seconds, "loop": loop})
    made: Samples = foley.TOOL([Request(params, seed=seed)])[0].audio.samples
    return made


def level(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def brightness(samples: Samples) -> float:
    """The centre of gravity of the spectrum, in hertz."""
    power = np.abs(np.fft.rfft(samples.mean(axis=1))) ** 2
    return float((power * np.fft.rfftfreq(len(samples), 1 / RATE)).sum() / power.sum())


def onsets(samples: Samples) -> int:
    """Blows: rises of the level by 12 dB or more over the least of the last 60 ms, 100 ms apart."""
    power = np.square(samples.mean(axis=1))
    energy = 10 * np.log10(power[: len(power) // 480 * 480].reshape(-1, 480).mean(axis=1) + 1e-9)
    found, last = 0, -100
    for at in range(len(energy)):
        before = energy[max(0, at - 6) : at].min(initial=0.0 if at else -90.0)
        if energy[at] > before + 12 and energy[at] > energy.max() - 18 and at - last > 10:
            found, last = found + 1, at
    return found


# ---- clips


@pytest.mark.parametrize("name", foley.CLASSES)
def test_a_clip_is_finite_as_long_as_said_and_silent_at_its_edges(name: str) -> None:
    samples = named(name)
    assert samples.dtype == np.float32
    assert samples.shape == (round(perform.natural(language.Match(name)) * RATE), 2)
    assert np.isfinite(samples).all()
    assert 0.03 < np.abs(samples).max() <= 0.9
    assert np.abs(samples.mean(axis=0)).max() < 1e-3
    assert np.abs(samples[[0, -1]]).max() < 1e-3


@pytest.mark.parametrize("name", foley.CLASSES)
def test_the_seed_is_the_only_chance(name: str) -> None:
    once = named(name, 0.8)
    assert np.array_equal(once, named(name, 0.8))
    assert name in TONES or not np.array_equal(once, named(name, 0.8, seed=2))


@pytest.mark.parametrize("name", foley.CLASSES)
def test_the_end_of_a_loop_runs_into_its_beginning(name: str) -> None:
    samples = named(name, 3.21, loop=True)
    assert len(samples) == round(3.21 * RATE)
    assert np.abs(samples.mean(axis=0)).max() < 1e-3
    ordinary = np.abs(np.diff(samples, axis=0)).max()
    assert np.abs(samples[0] - samples[-1]).max() <= ordinary


@pytest.mark.parametrize("name", sorted(foley.TEXTURES))
def test_a_texture_does_not_dip_where_it_wraps(name: str) -> None:
    """The half second around the seam is within 1.5 dB of the range of the others."""

    def windows(seed: int) -> list[float]:
        turned = np.roll(named(name, 6.0, loop=True, seed=seed), RATE // 4, axis=0)
        return [level(turned[start : start + RATE // 2]) for start in range(0, len(turned) - RATE // 2, RATE // 8)]

    seams, others = zip(*((around[0], around[4:]) for around in map(windows, (1, 2, 3))), strict=True)
    assert min(map(min, others)) - 1.5 <= np.mean(seams) <= max(map(max, others)) + 1.5


def test_a_long_loop_is_seamless_too() -> None:
    samples = clip("rain", seconds=40.00031, loop=True)
    assert len(samples) == round(40.00031 * RATE)
    assert np.abs(samples[0] - samples[-1]).max() <= np.abs(np.diff(samples, axis=0)).max()
    assert abs(level(np.roll(samples, RATE // 2, axis=0)[:RATE]) - level(samples)) < 1.5


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(sorted(foley.CLASSES)),
    seconds=st.floats(0.0001, 4.0),
    loop=st.booleans(),
    seed=st.integers(0, 2**63),
)
def test_any_length_is_met_to_the_frame(name: str, seconds: float, loop: bool, seed: int) -> None:
    samples = named(name, seconds, loop, seed)
    assert samples.shape == (max(1, round(seconds * RATE)), 2)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 0.9


def test_what_comes_once_is_followed_by_silence() -> None:
    samples = clip("a door slams", seconds=5.0)
    assert level(samples[: 2 * RATE]) > -40 > -90 > level(samples[2 * RATE :])


def test_steps_go_on_for_as_long_as_is_asked() -> None:
    samples = clip("footsteps on gravel", seconds=6.0)
    assert level(samples[5 * RATE :]) > level(samples[:RATE]) - 6


@pytest.mark.parametrize(("what", "blows"), [("three knocks", 3), ("a knock, once", 1), ("four chops of an axe", 4)])
def test_a_count_is_heard(what: str, blows: int) -> None:
    assert onsets(clip(what)) == blows


def test_a_texture_lies_quietly_behind_an_event() -> None:
    alone, both = clip("a dog barks", seconds=4.0), clip("a dog barks in the rain", seconds=4.0)
    assert level(alone[-4800:]) < -70 < -55 < level(both[-4800:]) < level(both) - 3


def test_distance_dulls_and_quietens() -> None:
    near, far = clip("a dog barks"), clip("a distant dog barks")
    assert level(far) < level(near) - 5
    assert brightness(far) < brightness(near)


def test_soft_is_softer_than_loud() -> None:
    assert level(clip("soft knocking")) < level(clip("loud knocking")) - 6


def test_slow_steps_take_longer() -> None:
    tool = foley.TOOL
    slow, fast = (tool.seconds(SoundParams(what=f"{pace} footsteps")) for pace in ("slow", "hurried"))
    assert slow > 1.3 * fast


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("thunder", "rain"), ("cow", "cat_meow"), ("church_bell", "small_bell"), ("heartbeat", "clock_tick"),
        ("cannon", "pistol"), ("drum", "coins"), ("ship_horn", "car_horn"), ("footsteps_wood", "footsteps_gravel"),
        ("wolf_howl", "crickets"), ("helicopter", "steam"), ("knock", "glass_break"), ("growl", "birds"),
    ],
)  # fmt: skip
def test_sounds_lie_where_the_real_ones_do(lower: str, higher: str) -> None:
    assert brightness(named(lower)) < brightness(named(higher))


# ---- words


@pytest.mark.parametrize(("name", "what"), [(name, what) for name, said in NAMED.items() for what in said])
def test_a_description_names_its_sound(name: str, what: str) -> None:
    match = foley.classify(what)
    assert match is not None
    assert match.name == name


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_names_no_sound_is_refused_and_never_noise(what: str) -> None:
    params = SoundParams(what=what)
    reason = foley.TOOL.refusal(params)
    assert reason is not None
    assert ascii(what) in reason
    with pytest.raises(Refused) as refused:
        foley.TOOL([Request(params)])
    assert str(refused.value) == reason


def test_a_refusal_names_what_is_near() -> None:
    assert "thunder" in foley.TOOL.refusal(SoundParams(what="thundr"))


@pytest.mark.parametrize("what", HOSTILE)
def test_any_text_is_only_text(what: str) -> None:
    assert foley.classify(what) is None
    if what:
        reason = foley.TOOL.refusal(SoundParams(what=what))
        assert reason.isascii() and reason.isprintable() and len(reason) < 400


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(what: str) -> None:
    match = foley.classify(what)
    assert match is None or set(match.names) <= set(foley.CLASSES)


def test_events_come_before_the_textures_behind_them() -> None:
    assert foley.classify("rain falls while a dog barks").names == ("dog_bark", "rain")


def test_where_a_sound_happens_does_not_sound() -> None:
    assert foley.classify("rain on a car").names == ("rain",)


@pytest.mark.parametrize(
    ("what", "count"),
    [("three knocks", 3), ("the clock strikes twelve", 12), ("the phone rings twice", 2), ("40 gunshots", 12),
     ("two men walk on gravel", None), ("a dog barks", None), ("four loud gunshots", 4)],
)  # fmt: skip
def test_a_count_belongs_to_what_it_stands_by(what: str, count: int | None) -> None:
    assert foley.classify(what).count == count


def test_manner_is_read() -> None:
    heavy, light = foley.classify("heavy rain"), foley.classify("a light drizzle")
    assert heavy.weight > 0 > light.weight
    assert foley.classify("faint bells, far away").distant and foley.classify("muffled voices of a crowd").muffled


@pytest.mark.parametrize("name", foley.CLASSES)
def test_each_sound_answers_to_its_own_words(name: str) -> None:
    """No pattern is so covered by another's that a sound cannot be asked for."""
    phrases = [phrase.strip() for phrase in foley.CLASSES[name].split(",")]
    plain = [" ".join(word.split("|")[0] for word in phrase.split()) for phrase in phrases]
    said = [phrase.translate({ord("~"): None, ord("="): None, ord("?"): None, ord("-"): " "}) for phrase in plain]
    found = [match.name for match in map(foley.classify, said) if match]
    assert found.count(name) >= 0.7 * len(said)


def test_a_name_is_given_once() -> None:
    families = importlib.import_module("wavagent.tools._foley.catalogue").FAMILIES
    names = [sound.name for family in families for sound in family.SOUNDS]
    assert len(names) == len(set(names)) >= 45
    assert foley.TEXTURES < set(names)


def test_every_kind_of_environmental_sound_of_esc_50_is_known() -> None:
    table = CAPTIONS / "esc50_classes.json"
    if not table.exists():
        pytest.skip(f"no {table.name} beside the repository")
    kinds = [kind.replace("_", " ") for kind in json.loads(table.read_text())]
    assert [kind for kind in kinds if foley.classify(kind) is None] == []


# ---- the tool


def test_the_length_said_is_the_length_made() -> None:
    for what in ("a door slams", "rain", "three knocks", "a dog barks and a cat meows", "slow footsteps"):
        params = SoundParams(what=what)
        assert len(clip(what)) == round(foley.TOOL.seconds(params) * RATE)


def test_a_batch_is_answered_in_order() -> None:
    asked = [SoundParams(what="a beep", seconds=seconds) for seconds in (0.3, 0.1, 0.2)]
    made = foley.TOOL([Request(params, seed=3) for params in asked])
    assert [result.audio.seconds for result in made] == [0.3, 0.1, 0.2]
    assert made[0].data == {"sounds": ["beep"]}


def test_no_seed_is_seed_zero() -> None:
    assert np.array_equal(clip("rain", 1.0, seed=None), clip("rain", 1.0, seed=0))


def test_the_card_is_what_the_clips_are() -> None:
    card = foley.TOOL.card
    samples = clip("a knock")
    assert (card.task, card.rate, card.channels) == ("sound", RATE, samples.shape[1])
    assert card.loops and card.seeded and card.deterministic and card.pool == "cpu"
    assert card.code_licence.commercial and foley.TOOL.missing() == ()
