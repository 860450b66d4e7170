"""The outline of a new story, as a model plans it: who is in it, and what happens where."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator

from wavagent.llm import Ask, Ladder, Message, Unreadable, prompt, schema_of
from wavagent.planning.llm.wire import Age, Gender, Share, Wire, Word, parts
from wavagent.script import NARRATOR, Character, Space, Trait, Traits
from wavagent.text import has_words, slug

SPACES: tuple[str, ...] = get_args(Space)
_MOST = 60
"""Scenes of the longest outline."""


def _space(value: Any) -> str:
    return value if value in SPACES else "dry"


class Role(Wire):
    """Somebody who speaks."""

    id: str
    name: Word
    gender: Gender = ""
    age: Age = ""
    manner: Word = ""


class Plot(Wire):
    """A scene that is to be written. `share` is its part of the story's length."""

    heading: Word = ""
    space: Annotated[Space, BeforeValidator(_space)] = "dry"
    mood: Word = ""
    music: Word = ""
    ambience: Word = ""
    plot: str
    share: Share = 0.5


class Outline(Wire):
    """The answer that is asked for."""

    title: Word
    characters: list[Role]
    scenes: list[Plot]


class Sheet:
    """What a model has said of an outline so far."""

    def __init__(self) -> None:
        self.title = ""
        self.roles: list[Role] = []
        self.plots: list[Plot] = []

    def take(self, answer: dict[str, Any]) -> Sequence[str]:
        """Take `answer`; what is wrong with it, for the model."""
        faults: list[str] = []
        title = answer.get("title")
        self.title = self.title or (" ".join(title.split())[:120] if isinstance(title, str) else "")
        self.roles = list(parts(answer.get("characters"), Role, "characters", faults)) or self.roles
        plots = [plot for plot in parts(answer.get("scenes"), Plot, "scenes", faults) if has_words(plot.plot)]
        self.plots = plots[:_MOST] or self.plots
        if not self.plots:
            faults.append("`scenes` holds no scene with a `plot`")
        return faults if not self.plots else ()

    @property
    def outline(self) -> Outline:
        """The outline. Raises Unreadable when there is no scene in it."""
        if not self.plots:
            raise Unreadable("the model gave no outline with a scene in it; ask again, or ask another model")
        return Outline(title=self.title or "Untitled", characters=self.roles, scenes=self.plots)


def outlined(ladder: Ladder, told: dict[str, Any], *, scenes: int, words: int, seed: int) -> Outline:
    """Have a model plan a story. Raises ModelError."""
    schema = schema_of(Outline)
    filled = {
        "scenes": str(scenes),
        "words": str(words),
        "minutes": f"{told['minutes']:g}",
        "language": told["language"],
        "spaces": ", ".join(SPACES),
        "schema": json.dumps(schema),
    }
    messages = (Message("system", prompt("outline", **filled)), Message("user", json.dumps(told, ensure_ascii=False)))
    sheet = Sheet()
    ladder.fill(Ask(messages, schema, seed=seed), sheet.take)
    return sheet.outline


def cast_of(roles: Sequence[Role]) -> dict[str, Character]:
    """The narrator and everybody in `roles`, by the ids that the model gave them."""
    cast = {NARRATOR: Character(id=NARRATOR, name="Narrator")}
    for role in roles:
        if role.id not in cast and has_words(role.name):
            cast[role.id] = Character(id=_free(role.name, cast), name=role.name, traits=_traits(role))
    return cast


def _free(name: str, cast: dict[str, Character]) -> str:
    stem = slug(name, "somebody")
    stem = stem if stem[0].isalpha() else f"c-{stem}"
    taken = {character.id for character in cast.values()}
    return next(id for n in range(1, len(taken) + 2) if (id := stem if n == 1 else f"{stem}-{n}") not in taken)


def _traits(role: Role) -> Traits:
    told = (("gender", role.gender), ("age", role.age), ("manner", role.manner))
    return Traits(**{what: Trait(value=value, evidence="the outline") for what, value in told if value})
