"""What parts two scripts, as plain data: every field of everything, and where what was added or moved now stands."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from wavagent.script import Script

Told = dict[str, Any]


def compared(before: Script, after: Script) -> Told:
    """`changed`, `removed`, `added` and `placed` by id, `story` by field; what is not named is the same."""
    told: Told = {"changed": {}, "removed": [], "added": {}, "placed": {}, "story": {}}
    _fields(told["story"], before, after, {"cast", "scenes"})
    for one, other in (
        (before.cast, after.cast),
        (before.scenes, after.scenes),
        (tuple(before.elements), tuple(after.elements)),
    ):
        _things(told, {thing.id: thing for thing in one}, {thing.id: thing for thing in other})
    _placed(told, before, after)
    return {name: found for name, found in told.items() if found}


def _things(told: Told, before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> None:
    for id, thing in before.items():
        if id not in after:
            told["removed"].append(id)
            continue
        changed: Told = {}
        _fields(changed, thing, after[id], {"elements"})
        if changed:
            told["changed"][id] = changed
    for id, thing in after.items():
        if id not in before:
            told["added"][id] = thing.model_dump(mode="json", exclude_defaults=True, exclude={"elements", "id"})


def _fields(told: Told, before: BaseModel, after: BaseModel, but: Iterable[str]) -> None:
    one, other = (thing.model_dump(mode="json", exclude=set(but)) for thing in (before, after))
    told |= {name: other[name] for name in other if one[name] != other[name]}


def _placed(told: Told, before: Script, after: Script) -> None:
    """Where everything stands that did not stand there before."""
    then, now = _order(before), _order(after)
    blocks = SequenceMatcher(None, list(then), list(now), autojunk=False).get_matching_blocks()
    ids = list(now)
    kept = {id for block in blocks for id in ids[block.b : block.b + block.size] if then[id] == now[id]}
    for at, id in enumerate(ids):
        if id not in kept:
            told["placed"][id] = f"{now[id]}, after {ids[at - 1]}" if at else f"{now[id]}, first"
    scenes = [scene.id for scene in after.scenes]
    if [scene.id for scene in before.scenes] != scenes:
        told["scenes"] = scenes
    people = [one.id for one in after.cast]
    if [one.id for one in before.cast] != people:
        told["cast"] = people


def _order(script: Script) -> dict[str, str]:
    return {one.id: scene.id for scene in script.scenes for one in scene.elements}
