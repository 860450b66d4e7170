"""The contract of the operations: the JSON schema that a model is told, and the page that people read."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from wavagent.script.patch.cast import MoveCharacter, PutCharacter
from wavagent.script.patch.edit import Edit
from wavagent.script.patch.elements import Put
from wavagent.script.patch.operations import OPERATIONS
from wavagent.script.patch.story import SetPronunciations, SetSource

EXACT: tuple[type[Edit], ...] = (Put, PutCharacter, MoveCharacter, SetPronunciations, SetSource)
"""Operations that no person asks for: they make an inverse exact. A model is not told of them."""

_BOOKKEEPING = {"span", "evidence", "confidence", "sha256", "locked", "seed", "take", "tool"}
_UNTOLD: Mapping[str, set[str]] = {
    **dict.fromkeys(("Speech", "Sound", "Music", "Ambience", "Pause", "Recording"), _BOOKKEEPING),
    "Recording": {*_BOOKKEEPING, "chain"},  # what is done to it is for `set_recording`
    **dict.fromkeys(("Replace", "Dub"), {"tool", "maker", "separator"}),
    "Music": {*_BOOKKEEPING, "melody", "lyrics"},  # these are for `set_music`
    "Melody": {"sha256", "licence", "credit", "start", "end"},
    **dict.fromkeys(
        "Trim Amplify Fade Speed Band Room Enhance Upsample Separate SeparateSpeakers Extract Mend".split(), {"tool"}
    ),
    "Convert": {"tool", "reference", "consent"},  # who consented is for a person to say
    "Binaural": {"tool", "hrtf"},
    "Add": {"fresh"},
    "Character": {"locked"},
    "Trait": {"evidence", "span"},
    "Voice": {"reference", "words", "consent", "reason"},
    "Recast": {"reference", "words", "consent"},  # who consented is for a person to say
    "Scene": {"elements"},  # what is in a new scene is added by operations of its own
}
"""What a model is not asked for, by the kind of thing."""

_KEPT = ("type", "enum", "description", "minItems")
_BOUNDS = ("minimum", "maximum")


def schema() -> dict[str, Any]:
    """The JSON schema of a patch as the argument of a model's tool: `operations`, `words` and `note`.

    Closed objects, `anyOf` and no discriminator, no references, no recursion, no defaults. The base is the caller's to
    fill in: the revision that the model was shown.
    """
    offered = [_operation(kind) for kind in OPERATIONS if kind not in EXACT]
    return {
        "title": "patch",
        "description": "An edit of the script: operations on ids, done in order, all or none.",
        "type": "object",
        "properties": {
            "operations": {"type": "array", "items": {"anyOf": offered}, "minItems": 1},
            "words": {
                "type": "string",
                "enum": ["kept", "changed"],
                "description": "'changed' only when the person asked for other words than the source's.",
            },
            "note": {"type": "string", "description": "Why, in a few words of the person."},
        },
        "required": ["operations", "words", "note"],
        "additionalProperties": False,
    }


def _operation(kind: type[Edit]) -> dict[str, Any]:
    whole = TypeAdapter(kind).json_schema()
    plain = _plain(whole, whole.get("$defs", {}))
    named = plain["properties"]
    plain["properties"] = {"op": named.pop("op"), **named}
    plain["required"] = ["op", *plain["required"]]
    return plain


def _plain(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        inner = _plain(shared[schema["$ref"].rpartition("/")[2]], shared)
        return inner | ({"description": schema["description"]} if "description" in schema else {})
    kept: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    kept |= {key: schema[key] for key in _BOUNDS if abs(schema.get(key, 1e9)) < 1e3}
    if "description" in kept:
        kept["description"] = _summary(kept["description"], whole="op" in schema.get("properties", ()))
    if "const" in schema:
        kept |= {"type": "string", "enum": [schema["const"]]}
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return _either([_plain(each, shared) for each in alternatives if each.get("type") != "null"], kept)
    if "items" in schema:
        kept["items"] = _plain(schema["items"], shared)
    if "properties" in schema:
        kept |= _object(schema, shared)
    return kept


def _either(alternatives: list[dict[str, Any]], kept: dict[str, Any]) -> dict[str, Any]:
    """What may be left out is left out rather than null, so that one alternative is no alternative."""
    return {**alternatives[0], **kept} if len(alternatives) == 1 else {**kept, "anyOf": alternatives}


def _object(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    untold = _UNTOLD.get(schema.get("title", ""), set())
    told = {name: _plain(each, shared) for name, each in schema["properties"].items() if name not in untold}
    required = [name for name in schema.get("required", ()) if name in told]
    if "kind" in told:  # an element: what it is must be said, and its id may be left to us
        told = {"kind": told.pop("kind"), **told}
        required = ["kind", *(name for name in required if name != "id")]
    return {"properties": told, "required": required, "additionalProperties": False}


def _summary(text: str, *, whole: bool) -> str:
    """A description on one line; of what an operation takes, the first sentence."""
    line = " ".join(text.split())
    return line if whole or ". " not in line else line[: line.index(". ") + 1]


def page() -> str:
    """docs/patches.md: every operation with its fields, from the code."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    for kind in OPERATIONS:
        whole = kind.model_json_schema()
        name = whole["properties"]["op"]["const"]
        yield f"### `{name}`\n"
        exact = " *Exact: made by `invert` and `difference`; not in the schema for models.*" if kind in EXACT else ""
        yield f"{' '.join((kind.__doc__ or '').split())}{exact}\n"
        yield "| field | type | |\n|---|---|---|"
        for field, told in whole["properties"].items():
            if field != "op":
                yield _row(field, told, required=field in whole.get("required", ()))
        yield ""


def _row(field: str, told: Mapping[str, Any], *, required: bool) -> str:
    about = " ".join(str(told.get("description", "")).split())
    default = told.get("default")
    if not required and default not in (None, [], {}, ""):
        about = f"{about} Without it: `{default}`.".strip()
    return f"| `{field}`{'' if required else ' (may be left out)'} | {_type(told)} | {about} |"


def _type(told: Mapping[str, Any]) -> str:
    if "$ref" in told:
        return f"{told['$ref'].rpartition('/')[2].lower()}"
    if "enum" in told:
        return " or ".join(f"`{value}`" for value in told["enum"])
    if alternatives := told.get("anyOf"):
        return " or ".join(dict.fromkeys(_type(each) for each in alternatives if each.get("type") != "null"))
    if "oneOf" in told:
        return "element"
    if told.get("type") == "array":
        return f"list of {_type(told.get('items', {}))}"
    bounds = [f"{word} {told[key]:g}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in told]
    name = "id" if "pattern" in told else str(told.get("type", "value"))
    return " ".join([name, *bounds])


_HEAD = """# Patches

An edit of a script is a **patch**: operations on ids, and the revision it was made for. It is shown before it is done,
refused when it does not fit, done whole or not at all, and taken back byte for byte.

```json
{
 "base": "<sha256 of the canonical script.json>",
 "operations": [
  {"op": "relevel", "ids": ["ambience-2"], "by": 6},
  {"op": "set_pause", "ids": ["line-14"], "after": 2}
 ],
 "words": "kept",
 "note": "a louder storm"
}
```

- `base`: a patch for another revision is refused (`Stale`), with what changed meanwhile. `rebase(patch, base, onto)`
  moves it when nothing that it touches was changed.
- `operations` are done in order. Whether the script holds is looked at once, at the end: one operation may mend what
  another broke.
- `words`: a patch that changes the text of a verbatim script is refused (`WordsLost`) unless this is `"changed"`. The
  script then says that it is verbatim no more.
- What is locked is changed by nothing (`Locked`) until `unlock`, which may stand in the same patch. Not changes in
  this sense: that an anchor follows its word into another line, and that a line's speaker gets another voice.
- An anchor to what would be gone is refused (`Orphaned`, which names the dependents), unless `dependents` says
  `"remove"` or `"reanchor"`.
- Other refusals: `Unknown` (no such id, with the nearest there are), and `ScriptError` for whatever would make no
  script: an id used twice, a gain out of bounds, elements that wait for each other in a circle.

In Python: `from wavagent.script.patch import Patch, apply, invert, describe, touched, rebase, difference, schema`.
On the command line: `wavagent edit PROJECT PATCH.json`, `--dry-run` to see what it would do.

This page is made from the code (`wavagent/script/patch/`); a test fails when it is stale.

## Operations

Elements are added and moved to exactly one of `after`, `before` (an element), `first_in`, `last_in` (a scene). An
operation with `ids` does the same to each. Times are seconds, levels dB, and what is left out stays as it is.
"""
