"""What all operations of a patch have in common: what they touch, and how they name what they mean."""

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from wavagent.script.part import Id, Part
from wavagent.script.script import Script

Ids = Annotated[tuple[Id, ...], Field(min_length=1)]

Dependents = Annotated[
    Literal["refuse", "remove", "reanchor"],
    Field(description="What becomes of elements anchored to what goes: refuse the edit, remove them too, or keep them "
                      "at about the same moment."),
]  # fmt: skip


class Thing(NamedTuple):
    """Something of a script: an element, a character, a scene, or a field of the story as a whole."""

    kind: Literal["element", "character", "scene", "story"]
    id: str


class Edit(Part):
    """One operation of a patch."""

    def apply(self, script: Script) -> Script:
        """`script` with the operation done; whether the whole still holds is looked at when all are. Raises
        ScriptError."""
        raise NotImplementedError

    @property
    def touches(self) -> frozenset[Thing]:
        """What the operation names and changes."""
        raise NotImplementedError

    def reach(self, script: Script) -> frozenset[Thing]:
        """What it changes in `script`, named or not. Raises ScriptError."""
        return self.touches


def elements(*ids: str) -> frozenset[Thing]:
    return frozenset(Thing("element", id) for id in ids)


def characters(*ids: str) -> frozenset[Thing]:
    return frozenset(Thing("character", id) for id in ids)


def scenes(*ids: str) -> frozenset[Thing]:
    return frozenset(Thing("scene", id) for id in ids)


class Place(Edit):
    """An operation that puts elements somewhere: exactly one of the four says where."""

    after: Id | None = Field(default=None, description="Right after this element.")
    before: Id | None = Field(default=None, description="Right before this element.")
    first_in: Id | None = Field(default=None, description="At the start of this scene.")
    last_in: Id | None = Field(default=None, description="At the end of this scene.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [self.after, self.before, self.first_in, self.last_in]
        if sum(one is not None for one in given) != 1:
            raise ValueError("say where with exactly one of `after`, `before`, `first_in` and `last_in`")
        return self
