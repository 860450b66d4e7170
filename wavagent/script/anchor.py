"""Where in time something stands: at an edge of another element, or on a word of a line."""

from typing import Self

from pydantic import Field, model_validator

from wavagent.script.part import Id, Part
from wavagent.timeline import Edge


class Anchor(Part):
    """`offset` seconds after an edge of `element`: its start, its end, or a word of it (counted from 0)."""

    element: Id
    edge: Edge = "start"
    word: int | None = Field(default=None, ge=0)
    offset: float = Field(default=0.0, ge=-3600.0, le=3600.0)

    @model_validator(mode="after")
    def _word_goes_with_its_edge(self) -> Self:
        if (self.edge == "word") != (self.word is not None):
            raise ValueError("an anchor has a `word` exactly when its edge is 'word'")
        return self
