"""The table of spaces: what a scene's place does to its sounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wavagent.errors import InputError


@dataclass(frozen=True, slots=True)
class Space:
    """A place, as a short synthetic impulse response and a band.

    `seconds` is the time in which the reverberation falls by 60 dB, `dull` the part of it that its treble takes;
    `wet_db` is the level of all reverberation against the direct sound, None for none; `delay` seconds until the
    first of `echoes` reflections, which fill the time up to `spread`; `low` and `high` hertz of the pass band;
    `level_db` what the whole loses (walls between). `narrow`: the reverberation too comes from one point.
    """

    seconds: float = 0.0
    dull: float = 0.5
    wet_db: float | None = None
    delay: float = 0.005
    spread: float = 0.030
    echoes: int = 0
    low: float | None = None
    high: float | None = None
    level_db: float = 0.0
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a source is: its level, its share of reverberation, and the treble that the air takes (hertz)."""

    level_db: float = 0.0
    wet_db: float = 0.0
    high: float | None = None


SPACES: Mapping[str, Space] = MappingProxyType(
    {
        "dry": Space(),
        "small_room": Space(0.25, 0.5, -13.0, 0.002, 0.015, 6),
        "room": Space(0.45, 0.5, -12.0, 0.004, 0.025, 8),
        "large_room": Space(0.8, 0.5, -11.0, 0.008, 0.040, 8),
        "hall": Space(1.8, 0.45, -9.0, 0.020, 0.080, 10),
        "church": Space(3.2, 0.4, -8.0, 0.030, 0.120, 10),
        "cave": Space(2.2, 0.35, -7.0, 0.025, 0.150, 12),
        "tunnel": Space(1.6, 0.3, -7.0, 0.010, 0.070, 14, low=120.0, high=5000.0),
        "corridor": Space(0.9, 0.5, -9.0, 0.006, 0.050, 12),
        "bathroom": Space(0.7, 0.8, -9.0, 0.003, 0.020, 10),
        "cellar": Space(0.9, 0.3, -10.0, 0.006, 0.035, 8, high=9000.0),
        "car": Space(0.08, 0.3, -12.0, 0.001, 0.006, 8, low=90.0, high=7000.0),
        "outdoors": Space(0.15, 0.4, -24.0, 0.040, 0.120, 2),
        "forest": Space(0.7, 0.3, -20.0, 0.030, 0.200, 14),
        "street": Space(0.6, 0.4, -17.0, 0.025, 0.160, 6),
        "phone": Space(low=300.0, high=3400.0),
        "radio": Space(0.15, 0.4, -20.0, 0.002, 0.010, 4, low=200.0, high=5000.0, narrow=True),
        "loudspeaker": Space(1.2, 0.4, -9.0, 0.030, 0.180, 6, low=350.0, high=4500.0),
        "next_room": Space(0.5, 0.2, -6.0, 0.010, 0.040, 8, high=700.0, level_db=-8.0),
        "underwater": Space(1.0, 0.3, -5.0, 0.004, 0.040, 12, high=600.0, level_db=-3.0),
    }
)

DISTANCES: Mapping[str, Distance] = MappingProxyType(
    {
        "near": Distance(1.0, -6.0),
        "normal": Distance(),
        "far": Distance(-7.0, 8.0, 4500.0),
    }
)


def space(name: str) -> Space:
    """The space of that name. Raises InputError with the names there are."""
    if name not in SPACES:
        raise InputError(f"no space is called '{name}'; there are: {', '.join(SPACES)}")
    return SPACES[name]


def distance(name: str) -> Distance:
    """The distance of that name. Raises InputError with the names there are."""
    if name not in DISTANCES:
        raise InputError(f"no distance is called '{name}'; there are: {', '.join(DISTANCES)}")
    return DISTANCES[name]
