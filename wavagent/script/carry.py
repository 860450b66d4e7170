"""What was locked, carried from one script of a text to another: a new plan leaves it as it was."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from wavagent.errors import ScriptError
from wavagent.graph import seed_for
from wavagent.script.anchor import Anchor
from wavagent.script.character import Character
from wavagent.script.patch import Add, Patch, Put, apply
from wavagent.script.patch.tree import fresh
from wavagent.script.scene import Element
from wavagent.script.script import Script
from wavagent.script.speech import Speech
from wavagent.text import shown

_STAY = ("id", "text", "span", "start", "confidence", "evidence")
"""Fields of a line that are the new plan's; all others are those of the locked line."""


class Carried(NamedTuple):
    """The new script with what was locked in the old one, and in sentences what found no place in it."""

    script: Script
    left: tuple[str, ...] = ()


def carried(old: Script, new: Script) -> Carried:
    """`new` with the locked characters and elements of `old`.

    A line is found again by its text, a sound or a bed by its id or by the line that it stood behind. What has a take
    keeps it, whatever its id is now.
    """
    if not any(one.locked for one in (*old.cast, *old.elements)):
        return Carried(new)
    people = dict(_people(old, new))
    script = new.model_copy(update={"cast": _cast(old, new, people)})
    places = dict(_places(old, new))
    left: list[str] = []
    for one in old.elements:
        if one.locked and (fault := _fault(one, places, people)):
            left.append(f"locked {one.kind} '{one.id}' ({_named(one)}) {fault}")
        elif one.locked:
            try:
                script = _with(script, old, one, places, people)
            except ScriptError as error:
                left.append(f"locked {one.kind} '{one.id}' ({_named(one)}) was not carried over: {error}")
    return Carried(script, tuple(left))


def _named(one: Element) -> str:
    return shown(next((value for name in ("text", "what", "file") if (value := getattr(one, name, ""))), one.kind), 40)


def _people(old: Script, new: Script) -> Iterator[tuple[str, str]]:
    """The ids of characters that are the same person, by id or by name."""
    ids = {one.id for one in new.cast}
    names = {name.casefold(): one.id for one in new.cast for name in (one.name, *one.aliases)}
    for one in old.cast:
        if one.id in ids:
            yield one.id, one.id
        elif one.name.casefold() in names:
            yield one.id, names[one.name.casefold()]
        elif one.locked:
            yield one.id, one.id


def _cast(old: Script, new: Script, people: Mapping[str, str]) -> tuple[Character, ...]:
    """The new cast, in which who was locked is as they were."""
    locked = {people[one.id]: one for one in old.cast if one.locked}
    cast = tuple(locked[one.id].model_copy(update={"id": one.id}) if one.id in locked else one for one in new.cast)
    there = {one.id for one in cast}
    return (*cast, *(one for id, one in locked.items() if id not in there))


def _places(old: Script, new: Script) -> Iterator[tuple[str, str]]:
    """The ids of lines with the same text, in the same order."""
    one, other = list(old.lines), list(new.lines)
    matcher = SequenceMatcher(None, [line.text for line in one], [line.text for line in other], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            yield one[block.a + step].id, other[block.b + step].id


def _fault(one: Element, places: Mapping[str, str], people: Mapping[str, str]) -> str:
    if isinstance(one, Speech) and one.id not in places:
        return "was not carried over: the new plan has no line with its text"
    if isinstance(one, Speech) and one.who not in people:
        return f"was not carried over: nobody in the new cast is '{one.who}'"
    return ""


def _with(script: Script, old: Script, one: Element, places: Mapping[str, str], people: Mapping[str, str]) -> Script:
    """Raises ScriptError where it does not fit."""
    if isinstance(one, Speech):
        here = next(line for line in script.lines if line.id == places[one.id])
        kept = {name: value for name, value in dict(one).items() if name not in _STAY}
        update = {**kept, "who": people[one.who], "seed": _seed(old, one, here.id), "confidence": 1.0}
        return apply(script, Patch.of(script, Put(element=here.model_copy(update=update))))
    moved = one.model_copy(update=_anchored(one, places))
    same = next((there for there in script.elements if there.id == one.id and there.kind == one.kind), None)
    if same is not None:
        return apply(script, Patch.of(script, Put(element=moved), words="changed"))
    taken = any(there.id == one.id for there in script.elements)
    if taken or one.kind not in ("pause", "recording"):
        id = fresh(script, one.kind) if taken else one.id
        moved = moved.model_copy(update={"id": id, **_taken(old, one, id)})
    return apply(script, Patch.of(script, Add(element=moved, **_behind(script, old, one, places)), words="changed"))


def _seed(old: Script, one: Element, id: str) -> int | None:
    """The seed that makes the take that was locked, under another id or in a story with another seed."""
    own: int | None = getattr(one, "seed", None)
    return own if own is not None or id == one.id else seed_for(old.seed, one.id, getattr(one, "take", 0))


def _taken(old: Script, one: Element, id: str) -> dict[str, int | None]:
    return {"seed": _seed(old, one, id)} if hasattr(one, "seed") else {}


def _anchored(one: Element, places: Mapping[str, str]) -> dict[str, Anchor]:
    """The anchors of an element on the lines that are those of the old plan."""
    anchors = {name: getattr(one, name, None) for name in ("anchor", "start", "end")}
    return {
        name: anchor.model_copy(update={"element": places.get(anchor.element, anchor.element)})
        for name, anchor in anchors.items()
        if isinstance(anchor, Anchor)
    }


def _behind(script: Script, old: Script, one: Element, places: Mapping[str, str]) -> dict[str, str]:
    """Where the element stood: behind the line before it, or at the start of its scene."""
    home = next(scene for scene in old.scenes if any(each.id == one.id for each in scene.elements))
    ids = [each.id for each in home.elements]
    before = [places[id] for id in ids[: ids.index(one.id)] if id in places]
    after = [places[id] for id in ids[ids.index(one.id) :] if id in places]
    if before:
        return {"after": before[-1]}
    if after:
        return {"before": after[0]}
    raise ScriptError("no line that stood near it is in the new plan")
