"""An operation: something that can be done with a story, by name, with typed parameters. Every face offers the same."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import JsonValue, ValidationError

from wavagent.errors import InputError
from wavagent.script.file import explained
from wavagent.script.part import Part
from wavagent.text import shown

if TYPE_CHECKING:
    from wavagent.operations.desk import Desk

P = TypeVar("P", bound=Part)

TRIFLE = 10.0
"""Seconds of work that a person who asks for it outright is not asked about again, where it costs no money."""


class Proposal(Part):
    """What an operation would do, for a person to say yes or no to. It is what is done then, and nothing else.

    `params` are exact: the very patch, for the very revision. `says` are sentences, `diff` that of the readable
    script, `bill` the quote of what has to be made.
    """

    operation: str
    params: dict[str, JsonValue]
    says: tuple[str, ...]
    diff: str = ""
    bill: dict[str, JsonValue] | None = None
    changes: bool = False

    @property
    def digest(self) -> str:
        """The name of what was shown: sha256 of the whole of it."""
        told = self.model_dump(mode="json", exclude={"bill"})  # a quote may be better known a second later
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def took(self) -> float:
        """Seconds that it is expected to take."""
        return _number(self.bill, "took")

    @property
    def money(self) -> float:
        """US dollars."""
        return _number(self.bill, "cost")

    @property
    def free(self) -> bool:
        """Whether it changes nothing, and nothing has to be made for it."""
        return not self.changes and not _number(self.bill, "to_make") and not self.money

    @property
    def trifle(self) -> bool:
        """Whether it changes nothing, costs nothing, and is done in a few seconds."""
        return not self.changes and not self.money and self.took < TRIFLE


def _number(bill: Mapping[str, JsonValue] | None, name: str) -> float:
    value = (bill or {}).get(name, 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


@dataclass(frozen=True)
class Answer:
    """What came of an operation: lines for a person, data for a program, and the files that were written."""

    text: tuple[str, ...]
    data: JsonValue = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Operation(Generic[P]):
    """What can be done. `propose` says what it would do, and whether it `changes` the script or `costs` time or money;
    without it, it looks at things only. Where it `pledges`, a person reads what a model proposes, whatever
    they agreed to beforehand. Both raise a WavagentError."""

    name: str
    summary: str
    params: type[P]
    run: "Callable[[Desk, P], Answer]"
    propose: "Callable[[Desk, P], Proposal] | None" = None
    changes: bool = False
    costs: bool = False
    pledges: bool = False  # it states that somebody agreed to something
    told: Mapping[str, Any] | None = field(default=None, compare=False)  # the schema, where it is not that of `params`

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its parameters: one closed object without references."""
        if self.told is not None:
            return dict(self.told)
        return _plain(self.params.model_json_schema())

    def read(self, params: Mapping[str, Any]) -> P:
        """`params`, checked. Raises InputError."""
        try:
            return self.params.model_validate(dict(params))
        except ValidationError as error:
            raise InputError(f"'{self.name}' cannot be done like this: {shown(explained(error), 300)}") from error


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without titles, nulls and references, as every server takes it."""
    shared = schema.get("$defs", {})

    def bare(one: Any) -> Any:
        if isinstance(one, list):
            return [bare(each) for each in one]
        if not isinstance(one, dict):
            return one
        if "$ref" in one:
            return bare(shared[one["$ref"].rpartition("/")[2]])
        told = [each for each in one.get("anyOf", ()) if each.get("type") != "null"]
        if len(told) == 1:
            return bare({**told[0], **{key: value for key, value in one.items() if key != "anyOf"}})
        left = {key: value for key, value in one.items() if key not in ("title", "default", "$defs")}
        if isinstance(left.get("properties"), dict):
            left["properties"] = {name: bare(each) for name, each in left["properties"].items()}
            return {key: value if key == "properties" else bare(value) for key, value in left.items()}
        return {key: bare(value) for key, value in left.items()}

    return {"type": "object", "properties": {}, **bare(schema), "additionalProperties": False}
