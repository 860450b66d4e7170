"""The script language: one element per file, each with its fields and its own `lower()`."""

from wavagent.script.ambience import Ambience
from wavagent.script.anchor import Anchor
from wavagent.script.character import NARRATOR, Character, Consent, Mode, Trait, Traits, Voice
from wavagent.script.material import Material, Melody
from wavagent.script.music import Music
from wavagent.script.part import Level, Span
from wavagent.script.pause import Pause
from wavagent.script.recording import Recording
from wavagent.script.scene import Element, Scene, Space, takes_a_turn
from wavagent.script.script import SCHEMA, Rule, Script, Source, anchors_of
from wavagent.script.sound import Sound
from wavagent.script.speech import Delivery, Speech
from wavagent.script.step import Operation

__all__ = [
    "NARRATOR",
    "SCHEMA",
    "Ambience",
    "Anchor",
    "Character",
    "Consent",
    "Delivery",
    "Element",
    "Level",
    "Material",
    "Melody",
    "Mode",
    "Music",
    "Operation",
    "Pause",
    "Recording",
    "Rule",
    "Scene",
    "Script",
    "Sound",
    "Source",
    "Space",
    "Span",
    "Speech",
    "Trait",
    "Traits",
    "Voice",
    "anchors_of",
    "takes_a_turn",
]
