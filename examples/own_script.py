"""A script written by hand: two voices, rain, and a door that slams on a word."""

import sys
from pathlib import Path

from wavagent import Settings, Studio
from wavagent.script import Ambience, Anchor, Character, Scene, Script, Sound, Speech, Trait, Traits
from wavagent.settings import default_store

out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
script = Script(
    title="The Lighthouse",
    cast=(
        Character(id="narrator", name="Narrator"),
        Character(id="mara", name="Mara", traits=Traits(gender=Trait(value="female"))),
        Character(id="tom", name="Tom", traits=Traits(gender=Trait(value="male"), age=Trait(value="old"))),
    ),
    scenes=(
        Scene(
            id="tower",
            heading="The tower",
            space="room",
            elements=(
                Ambience(id="rain", what="heavy rain"),
                Speech(id="l1", text="The door slammed before she could turn."),
                Sound(id="door", what="door slams", anchor=Anchor(element="l1", edge="word", word=2)),
                Speech(id="l2", who="mara", text="You came back."),
                Speech(id="l3", who="tom", text="Had to."),
            ),
        ),
    ),
)
studio = Studio(Settings(default_store()))
delivery = studio.export(studio.render(script), out / "the-lighthouse.mp3")
print(delivery.certificate)
