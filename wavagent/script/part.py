"""What all parts of a script have in common."""

from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


def _inside(file: str) -> str:
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\0" in file or PureWindowsPath(file).drive or "\\" in file:
        raise ValueError(f"a file lies inside the project and is named like 'audio/door.wav', not {file!r}")
    return file


Inside = Annotated[str, Field(min_length=1), AfterValidator(_inside)]
"""A file of the project: relative to its folder, and inside it."""


class Part(BaseModel):
    """A frozen piece of a script that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P = TypeVar("P", bound=Part)


def within(part: Any, kind: type[P]) -> Iterator[P]:
    """Every part of a kind in a part of a script, or in several, however deep."""
    if isinstance(part, kind):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from within(one, kind)
    elif isinstance(part, Part):
        for _, value in part:
            yield from within(value, kind)


class Span(Part):
    """Characters `start` to `end` (exclusive) of the source text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
