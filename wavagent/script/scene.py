"""A scene: what happens in one place without a break."""

from typing import Annotated, Literal

from pydantic import Field

from wavagent.script.ambience import Ambience
from wavagent.script.bed import Bed
from wavagent.script.music import Music
from wavagent.script.part import Id, Part
from wavagent.script.pause import Pause
from wavagent.script.recording import Recording
from wavagent.script.sound import Sound
from wavagent.script.speech import Speech

Element = Annotated[Speech | Sound | Music | Ambience | Pause | Recording, Field(discriminator="kind")]
"""Anything a scene is made of, told apart by `kind`."""

Space = Literal[
    "dry",
    "room",
    "small_room",
    "hall",
    "church",
    "outdoors",
    "forest",
    "cave",
    "street",
    "phone",
    "radio",
    "tunnel",
]


def takes_a_turn(element: Element) -> bool:
    """Whether what follows waits for `element`: lines do even when they cut in, sounds only without an anchor."""
    if isinstance(element, Sound | Recording):
        return element.anchor is None
    return not isinstance(element, Bed)


class Scene(Part):
    """Elements in order. A scene with a heading starts a chapter, unless `chapter` says it does not."""

    id: Id
    heading: str | None = None
    chapter: bool = True
    space: Space = "dry"
    mood: str = ""
    setting: str = ""
    elements: tuple[Element, ...] = ()
