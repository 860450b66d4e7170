"""What all parts of a script have in common."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
"""The name of a character, a scene or an element; it survives edits."""

Level = Literal["quiet", "normal", "loud"]
LEVELS: dict[Level, float] = {"quiet": -6.0, "normal": 0.0, "loud": 4.0}
"""dB, relative to the role's own loudness."""

Gain = Annotated[float, Field(ge=-40.0, le=12.0)]
"""dB, on top of the level."""

Pan = Annotated[float, Field(ge=-1.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0, le=86_400.0)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]


class Part(BaseModel):
    """A frozen piece of a script that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Part):
    """Characters `start` to `end` (exclusive) of the source text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
