"""Beginning a story: from a file that was added, or from an idea."""

from collections.abc import Callable
from typing import Any

from pydantic import Field, JsonValue

from wavagent.errors import InputError, PlanError
from wavagent.export.clock import short
from wavagent.operations.desk import Desk
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.operations.telling import Nothing
from wavagent.planning.llm import Planned
from wavagent.project import Project
from wavagent.script.part import Part
from wavagent.script.readable import UNSURE
from wavagent.text import shown


class Narrative(Part):
    file: str = Field(description="The name of a file that was added.")


class Idea(Part):
    idea: str = Field(min_length=1, max_length=4000, description="What the story is about.")
    minutes: float = Field(default=5.0, ge=0.25, le=600.0)
    language: str = Field(default="en", max_length=35)


def _files(desk: Desk, wish: Nothing) -> Answer:
    names: list[JsonValue] = list(desk.added())
    return Answer(tuple(desk.added()) or ("no file was added; the person adds one with /add PATH",), names)


def _plan(desk: Desk, wish: Narrative) -> Answer:
    return _kept(desk, lambda: Planned(desk.studio.plan(desk.studio.read(desk.file(wish.file)))), wish.file)


def _adapt(desk: Desk, wish: Narrative) -> Answer:
    model = desk.model
    if model is None:
        raise PlanError("labels by a model need one; name one with --llm MODEL, or plan by rules")
    return _kept(desk, lambda: desk.studio.adapt(desk.studio.read(desk.file(wish.file)), model), wish.file)


def _write(desk: Desk, wish: Idea) -> Answer:
    model = desk.model
    if model is None:
        raise PlanError("writing a story needs a language model; name one with --llm MODEL")
    make = lambda: desk.studio.write(wish.idea, wish.minutes, model, language=wish.language)  # noqa: E731
    return _kept(desk, make, wish.idea)


def _empty(desk: Desk) -> None:
    """Raises InputError when there is a story: a new one is not put in its place."""
    if not desk.empty:
        raise InputError("there is a story in this project already; begin another in a folder of its own")


def _kept(desk: Desk, make: Callable[[], Planned], of: str) -> Answer:
    _empty(desk)
    made = make()
    Project.create(desk.folder, made.script, f"planned from {shown(of)}", desk.who)
    return plan_card(desk, made)


def plan_card(desk: Desk, made: Planned) -> Answer:
    """What a plan holds, and what it will take: to be looked at before anything is made."""
    script = made.script
    lines = list(script.lines)
    unsure = sum(line.confidence < UNSURE for line in lines)
    seconds = desk.studio.seconds(script)
    said = [
        f"“{shown(script.title)}”: {len(script.scenes)} scenes, {len(script.cast)} in the cast, {len(lines)} lines, "
        f"about {short(seconds)}",
        *([f"{unsure} lines to check: it is not sure who speaks"] if unsure else []),
        *(f"{note.subject}: {note.message}" for note in made.notes[:10]),
    ]
    data: JsonValue = {
        "title": script.title,
        "scenes": len(script.scenes),
        "cast": [one.name for one in script.cast],
        "lines": len(lines),
        "unsure": unsure,
        "seconds": round(seconds, 1),
        "notes": [f"{note.subject}: {note.message}" for note in made.notes],
    }
    return Answer(tuple(said), data)


def _proposing(name: str, costly: bool) -> Any:
    def propose(desk: Desk, wish: Any) -> Proposal:
        _empty(desk)
        if isinstance(wish, Narrative):
            desk.file(wish.file)
            says = f"plans a story from {shown(wish.file)}" + (", with the model's labels" if costly else "")
        else:
            says = f"has the model write a story of about {wish.minutes:g} minutes: {shown(wish.idea, 200)}"
        return Proposal(operation=name, params=wish.model_dump(mode="json"), says=(says,), changes=True)

    return propose


BEGINNING: tuple[Operation[Any], ...] = (
    Operation("files", "The files that the person added.", Nothing, _files),
    Operation(
        "plan",
        "Plan a story from an added narrative, by rules.",
        Narrative,
        _plan,
        _proposing("plan", False),
        changes=True,
    ),
    Operation(
        "adapt",
        "Plan a story from an added narrative, with the model's labels.",
        Narrative,
        _adapt,
        _proposing("adapt", True),
        changes=True,
        costs=True,
    ),
    Operation("write", "Have a new story written.", Idea, _write, _proposing("write", True), changes=True, costs=True),
)
