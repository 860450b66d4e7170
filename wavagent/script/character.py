"""Who speaks: a character, what the text says of them, and the voice they were given."""

from typing import Literal

from pydantic import Field, JsonValue

from wavagent.script.part import Id, Part, Span

NARRATOR = "narrator"
"""The id of the one who tells the story. Always in the cast."""


class Trait(Part):
    """Something the text says of a character, with the words that say so."""

    value: str
    evidence: str = ""
    span: Span | None = None


class Traits(Part):
    """What is known of how a character should sound; None where the text does not say."""

    gender: Trait | None = None
    age: Trait | None = None
    accent: Trait | None = None
    manner: Trait | None = None


class Consent(Part):
    """Who allowed a recording of their voice to be imitated, when, and in which words."""

    person: str
    statement: str
    date: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Voice(Part):
    """A voice of a speech tool: one of its card's by `id`, or a `reference` recording with the consent to use it."""

    tool: str
    id: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    reference: str | None = None
    consent: Consent | None = None
    reason: str = ""


class Character(Part):
    """Someone who speaks. A locked character keeps the voice whatever is planned anew."""

    id: Id
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    traits: Traits = Traits()
    voice: Voice | None = None
    locked: bool = False


Mode = Literal["narration", "dialogue", "thought", "letter", "heading"]
"""What a stretch of text is, which decides how it is spoken."""
