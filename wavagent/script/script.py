"""The script: what users read, edit, diff and keep."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from wavagent.script.anchor import Anchor
from wavagent.script.character import NARRATOR, Character
from wavagent.script.part import Part, Seed
from wavagent.script.pause import Pause
from wavagent.script.scene import Element, Scene
from wavagent.script.speech import Speech

SCHEMA: Literal["wavagent.script/1"] = "wavagent.script/1"


class Source(Part):
    """The text a script was made from: its file name, its sha256, and whether the lines still are its every word."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    verbatim: bool = True


class Rule(Part):
    """How a word is spoken: `word` as a whole word, by letter case when `case` says so, becomes `say`."""

    word: str = Field(min_length=1)
    say: str = Field(min_length=1)
    case: bool = False


class Script(Part):
    """A story as scenes of elements, with its cast.

    Raises pydantic's ValidationError when ids are used twice, a line is spoken by nobody in the cast, or an anchor
    points to nothing, or to a word of what is no line.
    """

    schema_: Literal["wavagent.script/1"] = Field(default=SCHEMA, alias="schema")
    title: str = "Untitled"
    author: str = ""
    language: str = "en"
    source: Source | None = None
    seed: Seed = 0
    cast: tuple[Character, ...] = (Character(id=NARRATOR, name="Narrator"),)
    pronunciations: tuple[Rule, ...] = ()
    scenes: tuple[Scene, ...] = ()

    @property
    def elements(self) -> Iterator[Element]:
        for scene in self.scenes:
            yield from scene.elements

    @property
    def lines(self) -> Iterator[Speech]:
        return (element for element in self.elements if isinstance(element, Speech))

    def character(self, who: str) -> Character:
        return next(character for character in self.cast if character.id == who)

    @property
    def text(self) -> str:
        """The text the script stands for: for a narrative, the source to the character."""
        return "".join(element.text for element in self.elements if isinstance(element, Speech | Pause))

    @model_validator(mode="after")
    def _ids_are_used_once(self) -> Self:
        scenes = Counter(scene.id for scene in self.scenes)
        elements = Counter(element.id for element in self.elements)
        people = Counter(character.id for character in self.cast)
        for what, ids in (("scene", scenes), ("element", elements), ("character", people)):
            if twice := [id for id, times in ids.items() if times > 1]:
                raise ValueError(f"{what} id '{twice[0]}' is used {ids[twice[0]]} times; an id must be its own")
        return self

    @model_validator(mode="after")
    def _speakers_are_in_the_cast(self) -> Self:
        cast = {character.id for character in self.cast}
        for line in self.lines:
            if line.who not in cast:
                there = ", ".join(sorted(cast))
                raise ValueError(f"line '{line.id}' is spoken by '{line.who}', who is not in the cast: {there}")
        return self

    @model_validator(mode="after")
    def _anchors_point_to_elements(self) -> Self:
        elements = {element.id: element for element in self.elements}
        for element in elements.values():
            for anchor in anchors_of(element):
                if anchor.element not in elements:
                    raise ValueError(f"'{element.id}' is anchored to '{anchor.element}', which is not in the script")
                if anchor.edge == "word" and not isinstance(elements[anchor.element], Speech):
                    raise ValueError(f"'{element.id}' is anchored to a word of '{anchor.element}', which is no line")
        return self


def anchors_of(element: Element) -> tuple[Anchor, ...]:
    """Every anchor of an element."""
    values = (getattr(element, name, None) for name in ("anchor", "start", "end"))
    return tuple(value for value in values if isinstance(value, Anchor))
