"""Who speaks: a character, what the text says of them, and the voice they were given."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from wavagent.errors import ScriptError
from wavagent.graph import Call, Param, Ref
from wavagent.script.part import Id, Inside, Part, Span
from wavagent.text import shown
from wavagent.tool import CloningParams, Tool

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


Stated = Annotated[str, Field(pattern=r"\S")]
"""Something that is said, and not left blank."""


class Consent(Part):
    """Who allowed a recording of their voice to be imitated, when, and in which words; `sha256` is that recording's."""

    person: Stated
    statement: Stated
    date: Stated
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    def must_cover(self, file: str, sha256: str, what: str) -> None:
        """Raises ScriptError when `file`, for `what`, is not the recording that was allowed, but one of this sha256."""
        if sha256 != self.sha256:
            raise ScriptError(
                f"{what}: {shown(self.person)} allowed another recording than '{shown(file)}' is now (sha256 "
                f"{sha256}); put that one back, or ask them for this one and write it down anew"
            )


class Voice(Part):
    """A voice of a speech tool: one of its card's by `id`; or, under an `id` of its own, that of a recording.

    `reference` is the recording, a file of the project; `words` are what is said in it, which some tools have to know;
    `consent` is that of whoever speaks there, without which no script with a reference is compiled.
    """

    tool: str
    id: str
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    reference: Inside | None = None
    words: str = ""
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

    @property
    def sample(self) -> str:
        """The call that reads the recording of their voice. No element's call can have that id."""
        return f"{self.id}/voice"

    def lower(self, folder: Path) -> tuple[Call, ...]:
        """The call that all their lines share where their voice is that of a recording in `folder`. Raises ScriptError
        when nobody consented to that."""
        voice = self.voice
        if voice is None or voice.reference is None:
            return ()
        if voice.consent is None:
            raise ScriptError(
                f"'{self.id}' has the voice of '{voice.reference}' without the consent of who speaks there"
            )
        params: dict[str, Param] = {"file": str(folder / voice.reference), "sha256": voice.consent.sha256}
        return (Call(self.sample, "recording", params),)

    def cloned_by(self, tool: Tool) -> dict[str, Param]:
        """What `tool` is told beside the line to speak as the recording; nothing where the voice is the tool's own."""
        if self.voice is None or self.voice.reference is None:
            return {}
        told: dict[str, Param] = {"reference": Ref(self.sample)}
        return {**told, "words": self.voice.words} if issubclass(tool.params, CloningParams) else told


Mode = Literal["narration", "dialogue", "thought", "letter", "heading"]
"""What a stretch of text is, which decides how it is spoken."""
