"""Operations on scenes: where they are set, where they start, and in which order they come."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from wavagent.errors import ScriptError
from wavagent.script.anchor import Anchor
from wavagent.script.bed import Bed
from wavagent.script.part import Id
from wavagent.script.patch.edit import Dependents, Edit, Ids, Thing, elements, scenes
from wavagent.script.patch.elements import without
from wavagent.script.patch.tree import change_scene, fresh, home, scene, with_
from wavagent.script.scene import Element, Scene, Space, takes_a_turn
from wavagent.script.script import Script

LINGER = 1.0
"""Seconds that a bed goes on after the last turn of its scene, as the compiler lays it."""


class SetScene(Edit):
    """Change what scenes are: the space they sound in, their heading, mood and setting."""

    op: Literal["set_scene"] = "set_scene"
    ids: Ids
    heading: str | None = None
    chapter: bool | None = Field(default=None, description="Whether the heading starts a chapter.")
    space: Space | None = Field(default=None, description="Where it sounds: the reverberation.")
    mood: str | None = None
    setting: str | None = None
    clear_heading: bool = Field(default=False, description="Take the heading away.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self._update:
            raise ValueError("name `heading`, `chapter`, `space`, `mood`, `setting` or `clear_heading`")
        if self.clear_heading and self.heading is not None:
            raise ValueError("`heading` and `clear_heading` exclude each other")
        return self

    @property
    def _update(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in ("heading", "chapter", "space", "mood", "setting")}
        given = {name: value for name, value in values.items() if value is not None}
        return given | ({"heading": None} if self.clear_heading else {})

    def apply(self, script: Script) -> Script:
        for id in self.ids:
            script = change_scene(script, id, **self._update)
        return script

    @property
    def touches(self) -> frozenset[Thing]:
        return scenes(*self.ids)


class AddScene(Edit):
    """Add a scene after another one, or first. It may hold elements already."""

    op: Literal["add_scene"] = "add_scene"
    scene: Scene
    after: Id | None = Field(default=None, description="null: as the first scene")

    def apply(self, script: Script) -> Script:
        if any(one.id == self.scene.id for one in script.scenes):
            raise ScriptError(f"there is a scene '{self.scene.id}' already; give the new one another id")
        return _inserted(script, self.scene, self.after)

    @property
    def touches(self) -> frozenset[Thing]:
        return scenes(self.scene.id)


class RemoveScene(Edit):
    """Remove a scene and all that is in it."""

    op: Literal["remove_scene"] = "remove_scene"
    id: Id
    dependents: Dependents = "refuse"

    def apply(self, script: Script) -> Script:
        held = tuple(one.id for one in scene(script, self.id).elements)
        if held:
            script = without(script, held, self.dependents)
        return with_(script, scenes=tuple(one for one in script.scenes if one.id != self.id))

    @property
    def touches(self) -> frozenset[Thing]:
        return scenes(self.id)

    def reach(self, script: Script) -> frozenset[Thing]:
        return self.touches | elements(*(one.id for one in scene(script, self.id).elements))


class MoveScene(Edit):
    """Move a scene after another one, or to the front."""

    op: Literal["move_scene"] = "move_scene"
    id: Id
    after: Id | None = Field(default=None, description="null: to the front")

    def apply(self, script: Script) -> Script:
        moving = scene(script, self.id)
        rest = with_(script, scenes=tuple(one for one in script.scenes if one is not moving))
        return _inserted(rest, moving, self.after)

    @property
    def touches(self) -> frozenset[Thing]:
        return scenes(self.id)


class SplitScene(Edit):
    """Start a new scene at an element, after the pause between scenes. Beds go on to where they ended."""

    op: Literal["split_scene"] = "split_scene"
    at: Id = Field(description="The element with which the new scene starts.")
    new_id: Id | None = Field(default=None, description="The id of the new scene; without it, one is made.")
    heading: str | None = Field(default=None, description="The new scene's heading.")

    def apply(self, script: Script) -> Script:
        whole = home(script, self.at)
        new_id = self.new_id or fresh(script, "scene", lambda script: script.scenes)
        if any(one.id == new_id for one in script.scenes):
            raise ScriptError(f"there is a scene '{new_id}' already; give the new one another id")
        place = next(at for at, one in enumerate(whole.elements) if one.id == self.at)
        before, rest = whole.elements[:place], whole.elements[place:]
        if not _turns(before):
            raise ScriptError(f"nothing that takes its turn stands before '{self.at}' in its scene; split further on")
        kept = whole.model_copy(update={"elements": _sustained(before, rest)})
        start = Anchor(element=_turns(before)[0])
        new: dict[str, object] = {"id": new_id, "heading": self.heading, "chapter": True}
        new |= {"elements": tuple(_with_start(one, start) for one in rest)}
        both = (kept, whole.model_copy(update=new))
        return with_(script, scenes=tuple(new for old in script.scenes for new in (both if old is whole else (old,))))

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(self.at) | (scenes(self.new_id) if self.new_id else frozenset())

    def reach(self, script: Script) -> frozenset[Thing]:
        return self.touches | scenes(home(script, self.at).id)


class MergeScenes(Edit):
    """Make one scene of scenes that follow each other. It keeps what the first one is; beds stay where they sound."""

    op: Literal["merge_scenes"] = "merge_scenes"
    ids: tuple[Id, ...] = Field(min_length=2)

    def apply(self, script: Script) -> Script:
        merging = [scene(script, id) for id in self.ids]
        order = [one.id for one in script.scenes]
        at = order.index(self.ids[0])
        if order[at : at + len(self.ids)] != list(self.ids):
            raise ScriptError(f"scenes {', '.join(map(repr, self.ids))} do not follow each other")
        last = merging[-1]
        held = [one for each in merging for one in _held(each, first=each is merging[0], last=each is last)]
        whole = merging[0].model_copy(update={"elements": tuple(held)})
        rest = (one for one in script.scenes if one.id not in self.ids[1:])
        return with_(script, scenes=tuple(whole if one is merging[0] else one for one in rest))

    @property
    def touches(self) -> frozenset[Thing]:
        return scenes(*self.ids)


def _inserted(script: Script, new: Scene, after: str | None) -> Script:
    if after is None:
        return with_(script, scenes=(new, *script.scenes))
    scene(script, after)
    parts = ((one, new) if one.id == after else (one,) for one in script.scenes)
    return with_(script, scenes=tuple(one for part in parts for one in part))


def _turns(elements: tuple[Element, ...]) -> list[str]:
    return [one.id for one in elements if takes_a_turn(one)]


def _sustained(kept: tuple[Element, ...], rest: tuple[Element, ...]) -> tuple[Element, ...]:
    """`kept` with its beds that ended with the scene ending where the last of `rest` does."""
    turns = _turns(rest)
    if not turns:
        return kept
    end = Anchor(element=turns[-1], edge="end", offset=LINGER)
    return tuple(_with_end(one, end) for one in kept)


def _with_end(one: Element, end: Anchor) -> Element:
    if isinstance(one, Bed) and one.end is None and not one.seconds:
        return one.model_copy(update={"end": end})
    return one


def _held(each: Scene, *, first: bool, last: bool) -> tuple[Element, ...]:
    """The elements of a scene that becomes part of a longer one, with its beds where they were."""
    turns = _turns(each.elements)
    if not turns:
        return each.elements
    start, end = Anchor(element=turns[0]), Anchor(element=turns[-1], edge="end", offset=LINGER)
    held = each.elements if last else tuple(_with_end(one, end) for one in each.elements)
    return held if first else tuple(_with_start(one, start) for one in held)


def _with_start(one: Element, start: Anchor) -> Element:
    if isinstance(one, Bed) and one.start is None:
        return one.model_copy(update={"start": start})
    return one
