"""What parts two scripts, as operations: they make the one of the other, byte for byte."""

from collections.abc import Iterable, Iterator, Mapping, Set
from difflib import SequenceMatcher
from typing import Any

from wavagent.script.part import Part
from wavagent.script.patch.cast import AddCharacter, MoveCharacter, PutCharacter, RemoveCharacter
from wavagent.script.patch.edit import Edit
from wavagent.script.patch.elements import Add, Move, Put, Remove, Unlock
from wavagent.script.patch.scenes import AddScene, MoveScene, RemoveScene, SetScene
from wavagent.script.patch.story import SetPronunciations, SetSource, SetStory
from wavagent.script.scene import Scene
from wavagent.script.script import Script


def delta(before: Script, after: Script) -> tuple[Edit, ...]:
    """The operations from `before` to `after`: what is needed is made, then filled; the rest goes."""
    return (
        *_unlocked(before, after),
        *_story(before, after),
        *_cast(before, after),
        *_scenes(before, after),
        *_elements(before, after),
        *_leftovers(before, after),
    )


def _by_id(things: Iterable[Any]) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _differ(one: Part | None, other: Part | None) -> bool:
    """Whether two parts are written differently: 1 and 1.0 are equal, and not the same bytes."""
    if one is None or other is None:
        return one is not other
    return one is not other and one.model_dump_json() != other.model_dump_json()


def _unlocked(before: Script, after: Script) -> Iterator[Edit]:
    now, then = _by_id(after.elements), _by_id(before.elements)
    moved = _moved(before, after)
    held = [id for id, one in then.items() if one.locked and (id in moved or _differ(one, now.get(id)))]
    cast = _by_id(after.cast)
    people = [one.id for one in before.cast if one.locked and _differ(one, cast.get(one.id))]
    if held or people:
        yield Unlock(elements=tuple(held), characters=tuple(people))


def _story(before: Script, after: Script) -> Iterator[Edit]:
    fields = {
        name: getattr(after, name)
        for name in ("title", "author", "language", "seed")
        if getattr(before, name) != getattr(after, name)
    }
    if fields:
        yield SetStory(**fields)
    if before.pronunciations != after.pronunciations:
        yield SetPronunciations(rules=after.pronunciations)
    claims = after.source is not None and after.source.verbatim and before.text != after.text
    if claims or before.source != after.source:
        yield SetSource(source=after.source)


def _kept(before: Iterable[str], after: Iterable[str]) -> set[str]:
    """Ids that are in the same order before and after."""
    one, other = list(before), list(after)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {id for block in blocks for id in one[block.a : block.a + block.size]}


def _cast(before: Script, after: Script) -> Iterator[Edit]:
    then = _by_id(before.cast)
    kept = _kept(then, _by_id(after.cast))
    previous = None
    for one in after.cast:
        if one.id not in then:
            yield AddCharacter(character=one, after=previous)
        if one.id not in kept and (one.id in then or previous is None):
            yield MoveCharacter(character=one.id, after=previous)
        if one.id in then and _differ(then[one.id], one):
            yield PutCharacter(character=one)
        previous = one.id


def _scenes(before: Script, after: Script) -> Iterator[Edit]:
    then = _by_id(before.scenes)
    kept = _kept(then, _by_id(after.scenes))
    previous = None
    for one in after.scenes:
        if one.id not in then:
            yield AddScene(scene=one.model_copy(update={"elements": ()}), after=previous)
        else:
            if one.id not in kept:
                yield MoveScene(id=one.id, after=previous)
            yield from _scene(then[one.id], one)
        previous = one.id


def _scene(before: Scene, after: Scene) -> Iterator[Edit]:
    names = ("heading", "chapter", "space", "mood", "setting")
    fields = {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}
    if fields:
        headless = "heading" in fields and fields["heading"] is None
        yield SetScene(ids=(after.id,), clear_heading=headless, **fields)


def _homes(script: Script) -> dict[str, str]:
    return {one.id: scene.id for scene in script.scenes for one in scene.elements}


def _moved(before: Script, after: Script) -> set[str]:
    """The elements that are in both scripts, and not at the same place of the same scene."""
    then = _homes(before)
    stay = {id for scene in after.scenes for id in _staying(scene, before)}
    return {id for id in _homes(after) if id in then and id not in stay}


def _staying(scene: Scene, before: Script) -> set[str]:
    old = next((one for one in before.scenes if one.id == scene.id), None)
    return _kept((one.id for one in old.elements), (one.id for one in scene.elements)) if old else set()


def _elements(before: Script, after: Script) -> Iterator[Edit]:
    then = _by_id(before.elements)
    for scene in after.scenes:
        stay = _staying(scene, before)
        yield from _arranged(scene, then.keys(), stay)
        for one in scene.elements:
            if one.id in then and (_differ(then[one.id], one) or (one.locked and one.id not in stay)):
                yield Put(element=one)


def _arranged(scene: Scene, known: Set[str], stay: Set[str]) -> Iterator[Edit]:
    """The operations that bring every element of `scene` to its place, those that follow each other together."""
    place: Mapping[str, str] = {"first_in": scene.id}
    moving: list[str] = []
    for one in scene.elements:
        if one.id in known and one.id not in stay:
            moving.append(one.id)
            continue
        if moving:
            yield Move(ids=tuple(moving), **place)
            place, moving = {"after": moving[-1]}, []
        if one.id not in known:
            yield Add(element=one, **place)
        place = {"after": one.id}
    if moving:
        yield Move(ids=tuple(moving), **place)


def _leftovers(before: Script, after: Script) -> Iterator[Edit]:
    elements, scenes, cast = _by_id(after.elements), _by_id(after.scenes), _by_id(after.cast)
    if gone := tuple(one.id for one in before.elements if one.id not in elements):
        yield Remove(ids=gone)
    yield from (RemoveScene(id=one.id) for one in before.scenes if one.id not in scenes)
    yield from (RemoveCharacter(character=one.id) for one in before.cast if one.id not in cast)
