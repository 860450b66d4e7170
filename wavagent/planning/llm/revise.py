"""Revising: a wish in plain words becomes a patch, by a model. It proposes; the person decides."""

import json
from typing import Any

from pydantic import ValidationError

from wavagent.errors import PlanError, ScriptError
from wavagent.llm import Ask, Ladder, Message, Model, prompt
from wavagent.script import Consent, Script
from wavagent.script.file import explained
from wavagent.script.part import within
from wavagent.script.patch import Patch, apply, revision, schema

MOST = 120_000
"""Characters of the script that a model is shown."""


def revise(script: Script, request: str, model: Model) -> Patch:
    """The patch with which `model` would do what `request` asks of `script`. Raises PlanError and ModelError.

    Every fault of it is sent back, a bounded number of times.
    """
    told = {"request": request, "script": _told(script)}
    form = schema()
    found: list[Patch] = []

    def take(answer: dict[str, Any]) -> list[str]:
        try:
            patch = Patch.model_validate({**answer, "base": revision(script)})
            after = apply(script, patch)
        except ValidationError as error:
            return [explained(error)]
        except ScriptError as error:
            return [str(error)]
        if set(within(after, Consent)) - set(within(script, Consent)):
            return ["nobody but the person says who allowed their voice to be imitated; leave out every `consent`"]
        found.append(patch)
        return []

    system = prompt("revise", schema=json.dumps(form, ensure_ascii=False))
    asked = Ask((Message("system", system), Message("user", json.dumps(told, ensure_ascii=False))), form)
    faults = Ladder(model).fill(asked, take)
    if not found:
        raise PlanError(f"the model found no edit that can be done: {faults[0] if faults else 'it gave none'}")
    return found[-1]


def _told(script: Script) -> dict[str, Any]:
    """The script as a model reads it: what may be left out is left out, and a long one is cut at its end."""
    whole = script.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"source"})
    scenes, room = [], MOST
    for scene in whole.get("scenes", ()):
        room -= len(json.dumps(scene, ensure_ascii=False))
        if room < 0:
            break
        scenes.append(scene)
    return {**whole, "scenes": scenes, "scenes_left_out": len(script.scenes) - len(scenes)}
