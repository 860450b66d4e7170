"""A material: a file of the project that something is made with, such as a melody or a measured head."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from wavagent.errors import ScriptError
from wavagent.graph import Call, Param
from wavagent.script.part import Inside, P, Part, Seconds, within


class Material(Part):
    """A file of the project; its name alone may stand for it.

    `file` is relative to the project and stays inside it. `sha256` is filled in when the project is compiled, so that a
    changed file is a changed clip. `licence` is an SPDX name, or `own`; `credit` whom to name for it.
    """

    file: Inside
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    licence: str = ""
    credit: str = ""

    @model_validator(mode="before")
    @classmethod
    def _by_its_name(cls, given: Any) -> Any:
        return {"file": given} if isinstance(given, str) else given

    def with_sha256(self, sha256: str) -> Self:
        return self.model_copy(update={"sha256": sha256})

    def found(self, folder: Path, whose: str) -> tuple[str, str]:
        """Where it lies in the project's `folder`, and its sha256. Raises ScriptError when it was not looked for."""
        if self.sha256 is None:
            raise ScriptError(f"'{whose}': '{self.file}' was not found in the project")
        return str(folder / self.file), self.sha256


class Melody(Material):
    """A tune that music follows: what is heard in a file, from second `start` to `end` of it."""

    start: Seconds = 0.0
    end: Seconds | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a melody's `end` is after its `start`, not at {self.end:g} s with {self.start:g} s")
        return self

    def read(self, id: str, element: str, folder: Path) -> Call:
        """The call that reads it for `element`. Raises ScriptError."""
        file, sha256 = self.found(folder, element)
        params: dict[str, Param] = {"file": file, "sha256": sha256, "start": self.start, "end": self.end}
        return Call(id, "recording", params, element=element, optional=True)


def materials(part: Any) -> Iterator[Material]:
    """Every material in a part of a script, however deep."""
    return within(part, Material)


def with_materials(part: P, change: Callable[[Material], Material]) -> P:
    """`part` with every material in it changed."""
    made: P = _changed(part, change)
    return made


def _changed(value: Any, change: Callable[[Material], Material]) -> Any:
    if isinstance(value, Material):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(one, change) for one in value)
    if isinstance(value, Part) and any(True for _ in materials(value)):
        return value.model_copy(update={name: _changed(one, change) for name, one in value})
    return value
