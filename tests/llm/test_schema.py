from typing import Any

import pytest
from pydantic import BaseModel

from wavagent.llm import prompt, schema_of
from wavagent.planning.llm.cast import Roles
from wavagent.planning.llm.outline import Outline
from wavagent.planning.llm.sheet import Labels
from wavagent.planning.llm.written import Written

ANSWERS = {"adapt": Labels, "outline": Outline, "scene": Written, "cast": Roles}


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every schema of an object inside of `schema`."""
    if isinstance(schema, list):
        return [found for each in schema for found in objects(each)]
    if not isinstance(schema, dict):
        return []
    inner = [found for each in schema.values() for found in objects(each)]
    return [schema, *inner] if schema.get("type") == "object" else inner


@pytest.mark.parametrize("answer", ANSWERS.values())
def test_schemas_are_what_strict_servers_take(answer: type[BaseModel]) -> None:
    schema = schema_of(answer)
    assert len(objects(schema)) > 1
    for each in objects(schema):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    for word in ("$ref", "$defs", "default", "minimum", "maxLength", "format"):
        assert f"'{word}'" not in str(schema)


def test_prompts_hold_their_values_and_no_places() -> None:
    assert "{{" not in prompt("adapt", schema="{}")


def test_what_is_filled_in_is_never_a_place() -> None:
    assert "{{schema}}" in prompt("cast", schema="{{schema}}")


def test_a_value_without_a_place_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="has no place for colour"):
        prompt("adapt", schema="{}", colour="red")
    with pytest.raises(KeyError):
        prompt("adapt")
