"""Telling of a story: its scenes, its lines, who speaks, what is where, and how long it is. Nothing is changed."""

from collections import Counter
from typing import Any, Literal

from pydantic import Field, JsonValue

from wavagent.errors import Unknown
from wavagent.export.clock import short
from wavagent.operations.desk import Desk
from wavagent.operations.operation import Answer, Operation
from wavagent.script import Scene, Script, Speech
from wavagent.script.part import Id, Part
from wavagent.script.patch.phrase import Names
from wavagent.script.scene import Element
from wavagent.text import one_line, shown

MOST = 200
"""Scenes, or characters, of an outline."""


class Nothing(Part):
    """No parameters."""


class Look(Part):
    """Which elements; without anything, the first ones."""

    scene: Id | None = Field(default=None, description="Only of this scene.")
    who: Id | None = Field(default=None, description="Only lines of this character.")
    kind: Literal["speech", "sound", "music", "ambience", "pause", "recording"] | None = None
    text: str = Field(default="", max_length=200, description="Only with these words, whatever their case.")
    ids: tuple[Id, ...] = Field(default=(), description="Only these elements.")
    start: int = Field(default=0, ge=0, description="Pass over so many of them.")
    limit: int = Field(default=40, ge=1, le=200)


class Which(Part):
    scene: Id | None = Field(default=None, description="Only this scene.")


def _story(desk: Desk, wish: Nothing) -> Answer:
    return Answer(*_outline(desk.script, desk.revision))


def _outline(script: Script, revision: str) -> tuple[tuple[str, ...], JsonValue]:
    lines = Counter(line.who for line in script.lines)
    names = Names(script)
    cast: list[JsonValue] = [
        {"id": one.id, "name": one.name, "lines": lines[one.id], "locked": one.locked} for one in script.cast[:MOST]
    ]
    scenes: list[JsonValue] = [_scene(scene, number) for number, scene in enumerate(script.scenes[:MOST], 1)]
    data: dict[str, JsonValue] = {
        "title": script.title,
        "language": script.language,
        "revision": revision,
        "verbatim": bool(script.source and script.source.verbatim),
        "cast": cast,
        "scenes": scenes,
        "scenes_in_all": len(script.scenes),
    }
    said = [f"“{shown(script.title)}”: {len(script.scenes)} scenes, {sum(lines.values())} lines"]
    said += [f"{names.scene(scene)}: {len(scene.elements)} elements" for scene in script.scenes[:MOST]]
    return tuple(said), data


def _scene(scene: Scene, number: int) -> JsonValue:
    kinds = Counter(element.kind for element in scene.elements)
    first = next((one for one in scene.elements if isinstance(one, Speech)), None)
    return {
        "id": scene.id,
        "number": number,
        "heading": scene.heading,
        "space": scene.space,
        "mood": scene.mood,
        "setting": scene.setting,
        "elements": {kind: number for kind, number in kinds.items()},
        "begins": shown(first.text, 60) if first else "",
    }


def _elements(desk: Desk, wish: Look) -> Answer:
    script = desk.script
    _known(script, wish)
    names, homes = Names(script), {one.id: scene.id for scene in script.scenes for one in scene.elements}
    found = [one for one in script.elements if _fits(one, wish, homes)]
    page = found[wish.start : wish.start + wish.limit]
    told: list[JsonValue] = [_told(one, homes) for one in page]
    data: JsonValue = {"found": len(found), "start": wish.start, "elements": told}
    more = [f"… {len(found) - wish.start - len(page)} more"] if wish.start + len(page) < len(found) else []
    return Answer((*(f"{one.id}  {names.element(one)}" for one in page), *more) or ("nothing like that",), data)


def _known(script: Script, wish: Look) -> None:
    """Raises Unknown for a scene, a character or an element that is not there."""
    there = {
        "scene": {scene.id for scene in script.scenes},
        "character": {one.id for one in script.cast},
        "element": {one.id for one in script.elements},
    }
    asked = [("scene", wish.scene), ("character", wish.who), *(("element", id) for id in wish.ids)]
    for kind, id in asked:
        if id is not None and id not in there[kind]:
            raise Unknown(f"there is no {kind} '{id}'; there are {', '.join(sorted(there[kind])[:12])}")


def _fits(one: Element, wish: Look, homes: dict[str, str]) -> bool:
    fields = [one.__dict__.get(name) for name in ("text", "what", "file")]
    words = one_line(next((str(value) for value in fields if value), "")).lower()
    return (
        (wish.scene is None or homes[one.id] == wish.scene)
        and (wish.who is None or getattr(one, "who", None) == wish.who)
        and (wish.kind is None or one.kind == wish.kind)
        and (not wish.ids or one.id in wish.ids)
        and one_line(wish.text).lower() in words
    )


_UNTOLD = {"span", "evidence", "sha256"}


def _told(one: Element, homes: dict[str, str]) -> JsonValue:
    return {
        "scene": homes[one.id],
        **one.model_dump(mode="json", exclude_defaults=True, exclude=_UNTOLD),
        "kind": one.kind,
    }


def _length(desk: Desk, wish: Which) -> Answer:
    found = desk.studio.outlook(desk.script, desk.folder)
    _known(desk.script, Look(scene=wish.scene))
    scenes = {id: seconds for id, seconds in found.scenes.items() if wish.scene in (None, id)}
    about = "" if found.exact else "about "
    names = Names(desk.script)
    said = [f"{about}{short(found.seconds)} in all"] if wish.scene is None else []
    said += [
        f"{names.scene(scene)}: {about}{short(scenes[scene.id])}" for scene in desk.script.scenes if scene.id in scenes
    ]
    data: JsonValue = {
        "seconds": round(found.seconds, 2),
        "exact": found.exact,
        "scenes": {id: round(seconds, 2) for id, seconds in scenes.items()},
    }
    return Answer(tuple(said), data)


TELLING: tuple[Operation[Any], ...] = (
    Operation("story", "The story at a glance: title, cast, scenes, with their ids.", Nothing, _story),
    Operation(
        "elements",
        "Lines, sounds, music, ambience, pauses, recordings, whole: of a scene, of a character, with some words.",
        Look,
        _elements,
    ),
    Operation("length", "How long the story lasts, and each scene.", Which, _length),
)
