"""A script as a tree: find things in it by id, and get it back with some of them changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError

from wavagent.errors import Locked, ScriptError, Unknown
from wavagent.script.anchor import Anchor
from wavagent.script.character import Character
from wavagent.script.file import explained
from wavagent.script.part import Part
from wavagent.script.patch.edit import Place
from wavagent.script.scene import Element, Scene
from wavagent.script.script import Script, anchors_of
from wavagent.script.speech import Speech

P = TypeVar("P", bound=Part)
T = TypeVar("T")


def element(script: Script, id: str) -> Element:
    """Raises Unknown."""
    return _found(id, "element", {one.id: one for one in script.elements})


def scene(script: Script, id: str) -> Scene:
    """Raises Unknown."""
    return _found(id, "scene", {one.id: one for one in script.scenes})


def character(script: Script, id: str) -> Character:
    """Raises Unknown."""
    return _found(id, "character", {one.id: one for one in script.cast})


def _found(id: str, kind: str, there: Mapping[str, T]) -> T:
    if id in there:
        return there[id]
    close = get_close_matches(id, there, n=3, cutoff=0.5) or list(there)[:3]
    offered = f"; is it {' or '.join(repr(one) for one in close)}?" if close else ""
    raise Unknown(f"there is no {kind} '{id}' in the script{offered}")


def line(script: Script, id: str) -> Speech:
    """Raises Unknown, and ScriptError when the element is no line."""
    found = element(script, id)
    if not isinstance(found, Speech):
        raise ScriptError(f"'{id}' is a {found.kind}; this needs a line that somebody speaks")
    return found


def home(script: Script, id: str) -> Scene:
    """The scene of an element. Raises Unknown."""
    element(script, id)
    return next(scene for scene in script.scenes if any(one.id == id for one in scene.elements))


def unlocked(script: Script, *ids: str) -> None:
    """Raises Locked when one of the elements is locked, and Unknown."""
    if held := [id for id in ids if element(script, id).locked]:
        raise Locked(f"{_listed(held)} {'is' if len(held) == 1 else 'are'} locked; unlock first, in the same patch")


def _listed(ids: list[str]) -> str:
    return ", ".join(f"'{id}'" for id in ids[:8]) + (f" and {len(ids) - 8} more" if len(ids) > 8 else "")


def updated(part: P, name: str, update: Mapping[str, Any]) -> P:
    """`part` with some fields changed, checked as a whole. Raises ScriptError that calls it `name`."""
    if unknown := [field for field in update if field not in type(part).model_fields]:
        raise ScriptError(f"{name} is a {getattr(part, 'kind', type(part).__name__.lower())}; it has no {unknown[0]}")
    try:
        return type(part).model_validate({**dict(part), **update})
    except ValidationError as error:
        raise ScriptError(f"{name}: {explained(error)}") from error


def change(script: Script, id: str, **update: Any) -> Script:
    """`script` with fields of an element changed. Raises Unknown, Locked, and ScriptError for what it cannot be."""
    unlocked(script, id)
    return spread(script, {id: (updated(element(script, id), f"'{id}'", update),)})


def change_character(script: Script, id: str, **update: Any) -> Script:
    """`script` with fields of a character changed. Raises Unknown, Locked and ScriptError."""
    person = character(script, id)
    if person.locked:
        raise Locked(f"'{id}' ({person.name}) is locked; unlock the character first, in the same patch")
    changed = updated(person, f"'{id}'", update)
    return with_(script, cast=tuple(changed if one is person else one for one in script.cast))


def change_scene(script: Script, id: str, **update: Any) -> Script:
    """`script` with fields of a scene changed. Raises Unknown and ScriptError."""
    old = scene(script, id)
    new = updated(old, f"scene '{id}'", update)
    return with_(script, scenes=tuple(new if one is old else one for one in script.scenes))


def with_(script: Script, **update: Any) -> Script:
    return script.model_copy(update=update)


def spread(script: Script, parts: Mapping[str, tuple[Element, ...]]) -> Script:
    """`script` with each element of `parts` replaced by what stands there: nothing, one, or several."""

    def after(scene: Scene) -> Scene:
        if parts.keys().isdisjoint(one.id for one in scene.elements):
            return scene
        return scene.model_copy(
            update={"elements": tuple(new for old in scene.elements for new in parts.get(old.id, (old,)))}
        )

    return with_(script, scenes=tuple(map(after, script.scenes)))


def placed(script: Script, new: tuple[Element, ...], place: Place) -> Script:
    """`script` with elements put where `place` says. Raises Unknown."""
    if target := place.after or place.before:
        there = element(script, target)
        return spread(script, {target: (there, *new) if place.after else (*new, there)})
    into = scene(script, place.first_in or place.last_in or "")
    both = (*new, *into.elements) if place.first_in else (*into.elements, *new)
    return change_scene(script, into.id, elements=both)


def removed(script: Script, ids: Iterable[str]) -> Script:
    """`script` without some elements. Raises Unknown and Locked."""
    gone = tuple(ids)
    unlocked(script, *gone)
    return spread(script, dict.fromkeys(gone, ()))


def dependents(script: Script, gone: Set[str]) -> list[Element]:
    """The elements that stay and are anchored to one of `gone`."""
    return [
        one
        for one in script.elements
        if one.id not in gone and any(anchor.element in gone for anchor in anchors_of(one))
    ]


def reanchored(script: Script, follow: Callable[[Anchor], Anchor | None]) -> Script:
    """`script` with every anchor as `follow` gives it back: what is tied to a place goes where the place goes."""
    changed = dict(_followed(script, follow))
    return spread(script, changed) if changed else script


def _followed(script: Script, follow: Callable[[Anchor], Anchor | None]) -> Iterator[tuple[str, tuple[Element, ...]]]:
    for one in script.elements:
        anchors = ((name, getattr(one, name, None)) for name in ("anchor", "start", "end"))
        moved = {name: follow(anchor) for name, anchor in anchors if isinstance(anchor, Anchor)}
        update = {name: anchor for name, anchor in moved.items() if anchor != getattr(one, name)}
        if update:
            yield one.id, (one.model_copy(update=update),)


def fresh(script: Script, stem: str, kind: Callable[[Script], Iterable[Any]] = lambda script: script.elements) -> str:
    """An id that nothing has yet: `stem` and the smallest number that is free."""
    taken = {one.id for one in kind(script)}
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
