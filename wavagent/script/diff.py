"""What changed from one script to another, thing by thing, by their ids."""

import json
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from wavagent.script.script import Script
from wavagent.text import shown, words

Change = Literal["added", "removed", "changed", "moved"]
_WIDTH = 100
_PARTS = {"cast", "scenes", "schema_"}


class Difference(NamedTuple):
    """Something that changed: the `kind` of thing and its id, and for a change the field, before and after."""

    change: Change
    kind: str
    id: str
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.change == "changed":
            return f"changed {self.kind} {self.id}: {self.field}: {self.before} → {self.after}"
        about = f": {self.before or self.after}" if self.before or self.after else ""
        return f"{self.change} {self.kind} {self.id}{about}".replace("  ", " ")


def differences(before: Script, after: Script) -> tuple[Difference, ...]:
    """What changed from `before` to `after`: the whole, then the words, the cast, the scenes, the elements."""
    return (
        *_fields("script", before.title, before, after, _PARTS),
        *_words(before, after),
        *_things("character", _by_id(before.cast), _by_id(after.cast)),
        *_things("scene", _by_id(before.scenes), _by_id(after.scenes), {"elements"}),
        *_things("", _by_id(before.elements), _by_id(after.elements)),
        *_moved(before, after),
    )


def _by_id(things: Any) -> dict[str, BaseModel]:
    return {thing.id: thing for thing in things}


def _words(before: Script, after: Script) -> Iterator[Difference]:
    """How many words of the text are no more, and how many are new."""
    one, other = ([text[start:end] for start, end in words(text)] for text in (before.text, after.text))
    if one != other and len(one) + len(other) < 400_000:
        codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if len(one) < 5_000 else []
        lost = sum(end - start for tag, start, end, _, _ in codes if tag in ("delete", "replace"))
        new = sum(end - start for tag, _, _, start, end in codes if tag in ("insert", "replace"))
        found = f"{lost} lost, {new} new" if codes else f"{len(other)}"
        yield Difference("changed", "script", before.title, "words", f"{len(one)}", found)


def _things(
    kind: str, before: Mapping[str, BaseModel], after: Mapping[str, BaseModel], without: set[str] | None = None
) -> Iterator[Difference]:
    for id, thing in before.items():
        if id not in after:
            yield Difference("removed", _kind(kind, thing), id, before=_about(thing))
        elif thing != after[id]:
            yield from _fields(_kind(kind, thing), id, thing, after[id], without or set())
    for id, thing in after.items():
        if id not in before:
            yield Difference("added", _kind(kind, thing), id, after=_about(thing))


def _fields(kind: str, id: str, before: BaseModel, after: BaseModel, without: set[str]) -> Iterator[Difference]:
    one, other = before.model_dump(mode="json"), after.model_dump(mode="json")
    for field in sorted((one.keys() | other.keys()) - without):
        if one.get(field) != other.get(field):
            yield Difference("changed", kind, id, field, _value(one.get(field)), _value(other.get(field)))


def _moved(before: Script, after: Script) -> Iterator[Difference]:
    """The elements that stand in both scripts, and no longer in the same order or the same scene."""
    scenes = {element.id: scene.id for scene in before.scenes for element in scene.elements}
    places = {element.id: scene.id for scene in after.scenes for element in scene.elements}
    one = [id for id in scenes if id in places]
    other = [id for id in places if id in scenes]
    kept = {
        id
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        for id in one[block.a : block.a + block.size]
        if scenes[id] == places[id]
    }
    kinds = {element.id: element.kind for element in after.elements}
    yield from (Difference("moved", kinds[id], id, after=f"to {places[id]}") for id in other if id not in kept)


def _kind(kind: str, thing: BaseModel) -> str:
    return kind or str(getattr(thing, "kind", "element"))


def _about(thing: BaseModel) -> str:
    """What a thing is, in short."""
    told = next((value for name in ("text", "what", "name", "heading") if (value := getattr(thing, name, None))), "")
    return shown(str(told), _WIDTH)


def _value(value: Any) -> str:
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _WIDTH)
