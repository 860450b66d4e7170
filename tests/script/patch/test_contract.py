"""What models and people are told of the operations is what the code does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wavagent.script import Script
from wavagent.script.patch import EXACT, OPERATIONS, Edit, Patch, apply, page, revision, schema

DOCS = Path(__file__).resolve().parents[3] / "docs"


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for one in schema:
            yield from nodes(one)


def test_the_page_is_what_the_code_makes() -> None:
    stale = "docs/patches.md is stale; write it again with wavagent.script.patch.page()"
    assert (DOCS / "patches.md").read_text(encoding="utf-8") == page(), stale


def test_every_operation_has_a_heading_and_says_what_it_does() -> None:
    told = page()
    for kind in OPERATIONS:
        assert f"### `{kind.model_fields['op'].default}`" in told
        assert kind.__doc__


def test_a_model_is_told_of_every_operation_but_the_exact_ones() -> None:
    offered = schema()["properties"]["operations"]["items"]["anyOf"]
    names = {one["properties"]["op"]["enum"][0] for one in offered}
    assert names == {kind.model_fields["op"].default for kind in OPERATIONS if kind not in EXACT}
    assert all(one["description"] for one in offered)


def test_the_schema_is_closed_and_flat_enough_for_strict_servers() -> None:
    for node in nodes(schema()):
        assert not {"$ref", "$defs", "oneOf", "discriminator", "default", "title"} & node.keys() - {"title"}
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False
            assert set(node["required"]) <= node["properties"].keys()
    assert len(json.dumps(schema())) < 32_000


def test_what_fits_the_schema_is_a_patch(script: Script) -> None:
    """As a model would write it: no base, no id for what is new, null for what it leaves out."""
    written: dict[str, Any] = {
        "operations": [
            {
                "op": "add",
                "element": {"kind": "sound", "what": "thunder", "seconds": None},
                "after": "e4",
                "before": None,
            },
            {"op": "relevel", "ids": ["a1"], "by": 6, "level": None, "gain": None},
        ],
        "words": "kept",
        "note": "a louder storm",
    }
    after = apply(script, Patch.model_validate({"base": revision(script), **written}))
    assert [one.id for one in after.scenes[1].elements][:3] == ["m2", "e4", "sound-1"]


@pytest.mark.parametrize("kind", OPERATIONS)
def test_every_operation_is_in_the_union(kind: type[Edit]) -> None:
    from wavagent.script.patch.operations import Operation

    union = Operation.__origin__.__args__  # type: ignore[attr-defined]
    assert kind in union
    assert len(union) == len(OPERATIONS)
