"""Every procedural sound, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from . import (
    animals,
    bells,
    birds,
    doors,
    machines,
    objects,
    people,
    steps,
    strikes,
    travel,
    water,
    weather,
)
from .sound import Sound

FAMILIES = (weather, water, animals, birds, people, steps, doors, bells, travel, strikes, objects, machines)

SOUNDS: Mapping[str, Sound] = MappingProxyType({sound.name: sound for family in FAMILIES for sound in family.SOUNDS})
"""Each sound by its name; a name is given once (tested)."""
