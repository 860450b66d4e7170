"""Operations on elements of any kind: add, remove, move, put in another's place, lock."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from wavagent.errors import Orphaned, ScriptError
from wavagent.script.anchor import Anchor
from wavagent.script.part import Id
from wavagent.script.patch.edit import Dependents, Edit, Ids, Place, Thing, characters, elements
from wavagent.script.patch.tree import (
    character,
    dependents,
    element,
    fresh,
    home,
    placed,
    reanchored,
    removed,
    spread,
    unlocked,
    with_,
)
from wavagent.script.scene import Element, takes_a_turn
from wavagent.script.script import Script, anchors_of


class Add(Place):
    """Add an element. Without an `id` it is given one; with an `id`, it must be new."""

    op: Literal["add"] = "add"
    element: Element
    fresh: bool = Field(default=False, description="Give the element an id of its own.")

    @model_validator(mode="before")
    @classmethod
    def _may_have_no_id(cls, values: Any) -> Any:
        if not isinstance(values, Mapping) or not isinstance(given := values.get("element"), Mapping):
            return values
        given = {name: value for name, value in given.items() if value is not None}  # strict models write them all
        if "id" in given:
            return {**values, "element": given}
        return {**values, "element": {**given, "id": "new"}, "fresh": True}

    def apply(self, script: Script) -> Script:
        return placed(script, (self._named(script),), self)

    def _named(self, script: Script) -> Element:
        if self.fresh:
            stem = "line" if self.element.kind == "speech" else self.element.kind
            return self.element.model_copy(update={"id": fresh(script, stem)})
        if any(one.id == self.element.id for one in script.elements):
            raise ScriptError(f"there is an element '{self.element.id}' already; add yours without an id, or change it")
        return self.element

    @property
    def touches(self) -> frozenset[Thing]:
        return frozenset() if self.fresh else elements(self.element.id)


class Remove(Edit):
    """Remove elements."""

    op: Literal["remove"] = "remove"
    ids: Ids
    dependents: Dependents = "refuse"

    def apply(self, script: Script) -> Script:
        return without(script, self.ids, self.dependents)

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class Move(Place):
    """Move elements, in the order in which they are named."""

    op: Literal["move"] = "move"
    ids: Ids

    @model_validator(mode="after")
    def _not_onto_itself(self) -> Self:
        if len(set(self.ids)) < len(self.ids):
            raise ValueError("an element is named twice")
        if (self.after or self.before) in self.ids:
            raise ValueError(f"'{self.after or self.before}' cannot be moved next to itself")
        return self

    def apply(self, script: Script) -> Script:
        unlocked(script, *self.ids)
        moving = tuple(element(script, id) for id in self.ids)
        return placed(spread(script, dict.fromkeys(self.ids, ())), moving, self)

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.ids)


class Put(Edit):
    """Put an element, given in full, in the place of the one with its id."""

    op: Literal["put"] = "put"
    element: Element

    def apply(self, script: Script) -> Script:
        unlocked(script, self.element.id)
        return spread(script, {self.element.id: (self.element,)})

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(self.element.id)


class _Locking(Edit):
    elements: tuple[Id, ...] = Field(default=(), description="Lines, sounds, beds, pauses: any elements.")
    characters: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.elements and not self.characters:
            raise ValueError("name at least one of `elements` and `characters`")
        return self

    @property
    def touches(self) -> frozenset[Thing]:
        return elements(*self.elements) | characters(*self.characters)

    def _set(self, script: Script, locked: bool) -> Script:
        parts = {id: (element(script, id).model_copy(update={"locked": locked}),) for id in self.elements}
        people = {id: character(script, id) for id in self.characters}
        cast = (one.model_copy(update={"locked": locked}) if one.id in people else one for one in script.cast)
        return with_(spread(script, parts), cast=tuple(cast))


class Lock(_Locking):
    """Lock elements and characters: no other operation, and no new plan, changes them."""

    op: Literal["lock"] = "lock"

    def apply(self, script: Script) -> Script:
        return self._set(script, True)


class Unlock(_Locking):
    """Unlock elements and characters."""

    op: Literal["unlock"] = "unlock"

    def apply(self, script: Script) -> Script:
        return self._set(script, False)


def without(script: Script, ids: tuple[str, ...], policy: Dependents) -> Script:
    """`script` without some elements; `policy` says what becomes of those anchored to them. Raises Orphaned.

    With "refuse", a later operation of the patch may still take care of them: the end of the patch is where it counts.
    """
    gone = set(ids)
    if policy == "remove":
        while more := {one.id for one in dependents(script, gone)}:
            gone |= more
    elif policy == "reanchor":
        script = _loosened(script, gone)
    return removed(script, [one.id for one in script.elements if one.id in gone] if gone > set(ids) else ids)


def _loosened(script: Script, gone: set[str]) -> Script:
    """`script` with what is anchored to one of `gone` anchored to what is left nearby. Raises Locked."""
    unlocked(script, *(one.id for one in dependents(script, gone)))
    for id in gone:
        home(script, id)

    def follow(anchor: Anchor) -> Anchor | None:
        seen: set[str] = set()
        while anchor.element in gone and anchor.element not in seen:
            seen.add(anchor.element)
            own = getattr(element(script, anchor.element), "anchor", None)
            own = own or getattr(element(script, anchor.element), "start", None)
            if not isinstance(own, Anchor):
                return _neighbour(script, anchor, gone)
            anchor = own
        return anchor if anchor.element not in gone else None

    return reanchored(script, follow)


def _neighbour(script: Script, anchor: Anchor, gone: set[str]) -> Anchor | None:
    """The nearest moment to `anchor` that stays: the end of the turn before, else the start of the one after."""
    turns = [one.id for one in home(script, anchor.element).elements if takes_a_turn(one) or one.id == anchor.element]
    at = turns.index(anchor.element)
    before = [id for id in turns[:at] if id not in gone]
    after = [id for id in turns[at:] if id not in gone]
    if before:
        return Anchor(element=before[-1], edge="end")
    return Anchor(element=after[0]) if after else None


def orphans(script: Script) -> None:
    """Raises Orphaned when something is anchored to what is not there."""
    there = {one.id for one in script.elements}
    missing = {anchor.element for one in script.elements for anchor in anchors_of(one)} - there
    if not missing:
        return
    left = dependents(script, missing)
    names = ", ".join(f"'{one.id}' ({one.kind})" for one in left[:8])
    raise Orphaned(
        f"{names} {'is' if len(left) == 1 else 'are'} anchored to '{sorted(missing)[0]}', which would be gone; remove "
        'with `dependents` "remove" or "reanchor", or retime them in the same patch',
        tuple(one.id for one in left),
    )
