"""A script on disk: JSON, upgraded from older schemas before anything is built."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wavagent.errors import ScriptError
from wavagent.script.script import SCHEMA, Script
from wavagent.text import one_line, shown

UPGRADES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older schema, the dict -> dict function to the next one."""


def dumps(script: Script) -> str:
    """The script as JSON a person can read and diff; the same script gives the same text."""
    data = script.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    # What tells a reader what they look at is written even where it is the default.
    return json.dumps(_with_kinds(script, data), ensure_ascii=False, indent=1) + "\n"


def _with_kinds(script: Script, data: dict[str, Any]) -> dict[str, Any]:
    for scene, written in zip(script.scenes, data.get("scenes", ()), strict=True):
        lines = zip(scene.elements, written.get("elements", ()), strict=True)
        written["elements"] = [
            {"kind": element.kind, **({"who": element.who} if element.kind == "speech" else {}), **fields}
            for element, fields in lines
        ]
    cast = [{"aliases": (), **character.model_dump(mode="json", exclude_defaults=True)} for character in script.cast]
    head = {"schema": SCHEMA, "title": script.title, "language": script.language, "seed": script.seed}
    return {**head, **{key: value for key, value in data.items() if key not in ("cast", "scenes")}} | {
        "cast": cast,
        "scenes": data.get("scenes", []),
    }


def loads(text: str, name: str = "the script") -> Script:
    """The script in `text`. Raises ScriptError with the place and the fault."""
    try:
        data = json.loads(text, parse_constant=_no_number)
        json.dumps(data, ensure_ascii=False).encode()  # half a character, as "\\ud800", cannot be written again
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"{name} is not JSON: {one_line(str(error))}; restore it or plan it again") from error
    if not isinstance(data, dict):
        raise ScriptError(f"{name} holds a {type(data).__name__}; a script is a JSON object with schema '{SCHEMA}'")
    while (schema := data.get("schema")) != SCHEMA:
        if not isinstance(schema, str) or schema not in UPGRADES:
            found = f"schema '{shown(str(schema))}'" if "schema" in data else "no schema"
            raise ScriptError(f"{name} has {found}; this version reads '{SCHEMA}': plan it again or update wavagent")
        data = UPGRADES[schema](data)
    try:
        return Script.model_validate(data)
    except ValidationError as error:
        raise ScriptError(f"{name}: {explained(error)}") from error


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def explained(error: ValidationError) -> str:
    """The first fault of a validation, with its place."""
    fault = error.errors(include_url=False)[0]
    where = shown(".".join(str(part) for part in fault["loc"]), 120)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    message = one_line(fault["msg"].removeprefix("Value error, "))
    return f"{where}: {message}{more}" if where else f"{message}{more}"


def read(path: Path) -> Script:
    """The script in the file `path`. Raises ScriptError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ScriptError(f"there is no script at '{path}'; plan one with `wavagent plan`") from None
    except (OSError, ValueError) as error:
        raise ScriptError(f"'{path}' cannot be read as a script: {error}") from error
    return loads(text, f"'{path}'")
