"""What models send: shapes that take what they can and leave the rest at its default."""

import math
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from wavagent.text import one_line


class Wire(BaseModel):
    """A part of an answer. Fields that were not asked for are left out; strings are one line."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _word(value: Any) -> str:
    """A short text; anything else is nothing."""
    return one_line(value)[:200] if isinstance(value, str) else ""


def _number(low: float, high: float, otherwise: float) -> Callable[[Any], float]:
    def number(value: Any) -> float:
        try:
            found = float(value)
        except (TypeError, ValueError, OverflowError):
            return otherwise
        return min(high, max(low, found)) if math.isfinite(found) else otherwise

    return number


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word for each in value[:12] if (word := _word(each))) if isinstance(value, list | tuple) else ()


def _one_of(*allowed: str) -> Callable[[Any], str]:
    return lambda value: value.lower() if isinstance(value, str) and value.lower() in allowed else ""


Word = Annotated[str, BeforeValidator(_word)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Share = Annotated[float, BeforeValidator(_number(0.0, 1.0, 0.5))]
Pace = Annotated[float, BeforeValidator(_number(0.8, 1.2, 1.0))]
Seconds = Annotated[float, BeforeValidator(_number(0.0, 120.0, 0.0))]
Gender = Annotated[Literal["male", "female", "neutral", ""], BeforeValidator(_one_of("male", "female", "neutral"))]
Age = Annotated[
    Literal["child", "young", "adult", "old", ""], BeforeValidator(_one_of("child", "young", "adult", "old"))
]

Part = TypeVar("Part", bound=Wire)


def parts(value: Any, kind: type[Part], where: str, faults: list[str]) -> Iterator[Part]:
    """The entries of the list `value` that are of `kind`; what is wrong with the others goes to `faults`."""
    if value is None:
        return
    if not isinstance(value, list):
        faults.append(f"`{where}` is of type {type(value).__name__}; it must be a list")
        return
    for index, entry in enumerate(value):
        try:
            yield kind.model_validate(entry)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in (where, index, *fault["loc"]))
            faults.append(f"`{field}`: {one_line(fault['msg'])}")
