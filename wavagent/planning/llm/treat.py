"""Treating: what is wished of a recording becomes a treatment, by a model. It proposes; the person says yes."""

import json
from typing import Any

from pydantic import ValidationError

from wavagent.errors import PlanError
from wavagent.llm import Ask, Ladder, Message, Model, prompt, schema_of
from wavagent.planning.treatment import Treatment
from wavagent.script.file import explained
from wavagent.script.material import materials

CHOSEN = ("tool", "maker", "separator", "hrtf", "reference", "consent")
"""Fields of steps that are not a model's to fill in: it names no tools and no files."""


def treat(request: str, model: Model, seconds: float | None = None) -> Treatment:
    """The treatment with which `model` would do what `request` asks. Raises PlanError and ModelError.

    Every fault of it is sent back, a bounded number of times.
    """
    form = _without_tools(schema_of(Treatment))
    found: list[Treatment] = []

    def take(answer: dict[str, Any]) -> list[str]:
        try:
            treatment = Treatment.model_validate(answer)
        except ValidationError as error:
            return [explained(error)]
        if named := [name for step in treatment.steps for name in step.tools]:
            return [f"steps name no tools, and one names '{named[0]}'; say what is to be done"]
        if files := [one.file for one in materials(treatment)]:
            return [f"steps name no files, and one names '{files[0]}'; say what is to be done"]
        found.append(treatment)
        return []

    told = json.dumps({"request": request, "seconds": seconds}, ensure_ascii=False)
    system = prompt("treat", schema=json.dumps(form, ensure_ascii=False))
    faults = Ladder(model).fill(Ask((Message("system", system), Message("user", told)), form), take)
    if not found:
        raise PlanError(f"the model found nothing that can be done: {faults[0] if faults else 'it gave no answer'}")
    return found[-1]


def _without_tools(schema: Any) -> Any:
    """`schema` without the fields that name tools, and without the step that is nothing but a tool's name."""
    if isinstance(schema, list):
        return [_without_tools(each) for each in schema if not _names_a_tool(each)]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_tools(value) for key, value in schema.items() if key not in CHOSEN}
    if "required" in kept:
        kept["required"] = [name for name in kept["required"] if name not in CHOSEN]
    return kept


def _names_a_tool(schema: Any) -> bool:
    said = schema.get("properties", {}).get("do", {}) if isinstance(schema, dict) else {}
    return said.get("enum") == ["tool"]
