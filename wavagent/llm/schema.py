"""JSON schemas as models are given them: flat, closed, with every field required, and no more words than needed."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_KEPT = ("type", "enum", "description")


def schema_of(answer: type[BaseModel]) -> dict[str, Any]:
    """The schema of `answer` in the subset that strict servers take: they refuse defaults, ranges and references."""
    whole = answer.model_json_schema()
    return {"title": answer.__name__, **_strict(whole, whole.get("$defs", {}))}


def _strict(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _strict(shared[schema["$ref"].rpartition("/")[2]], shared)
    kept: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        kept["anyOf"] = [_strict(each, shared) for each in alternatives]
    if "items" in schema:
        kept["items"] = _strict(schema["items"], shared)
    if "properties" in schema:
        kept["properties"] = {name: _strict(each, shared) for name, each in schema["properties"].items()}
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept
