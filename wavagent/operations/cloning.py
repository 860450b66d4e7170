"""Cloning: a character speaks with the voice of a recording, which whoever speaks there allowed."""

from pathlib import Path
from typing import Any

from pydantic import Field

from wavagent.errors import InputError
from wavagent.event import silent
from wavagent.graph import Graph
from wavagent.listen import clip_call
from wavagent.operations.desk import ADDED, Desk
from wavagent.operations.editing import entered, proposed
from wavagent.operations.operation import Operation
from wavagent.script import Consent
from wavagent.script.character import Stated
from wavagent.script.part import Id, Part
from wavagent.script.patch import Patch, Recast
from wavagent.text import shown, slug
from wavagent.tool import Tool, accept

LONGEST = 600.0
"""Seconds: what a tool is given is read whole, and none takes as much."""


class Likeness(Part):
    """Whose voice is taken from which file, and how they allowed it."""

    character: Id
    file: str = Field(description="The name of a file that was added.")
    person: Stated = Field(description="Whoever speaks there and allowed it, as the person says; never made up.")
    statement: Stated = Field(description="The words in which they allowed it.")
    date: Stated = Field(description="When they did.")
    words: str = Field(default="", description="What is said in the recording; some tools have to know.")
    tool: str = Field(default="", description="The tool that clones it; without it, the first that is ready.")


def _patch(desk: Desk, wish: Likeness) -> Patch:
    """Raises InputError, UnknownTool, ScriptError and StoreError."""
    file, tool = desk.file(wish.file), _cloner(desk, wish.tool)
    sha256 = _heard(desk, file)
    recast = Recast(
        character=wish.character,
        tool=tool.card.name,
        voice=_name(tool, slug(file.stem, "voice")),
        reference=f"{ADDED}/{file.name}",
        words=wish.words,
        consent=Consent(person=wish.person, statement=wish.statement, date=wish.date, sha256=sha256),
        reason="asked for",
    )
    return Patch.of(desk.script, recast, note=f"the voice of {file.name}")


def _heard(desk: Desk, file: Path) -> str:
    """The sha256 of a file in which there is sound, which else would be known only when the story is made.

    Raises InputError and StoreError.
    """
    read = clip_call(file, "voice", optional=True)
    tool = desk.studio.toolbox[read.tool]
    if (seconds := tool.seconds(accept(tool, read.params))) > LONGEST:
        raise InputError(
            f"'{shown(file.name)}' lasts {seconds / 60:.0f} min, and a voice is taken from a minute of it at most: cut "
            "out a stretch in which one person speaks"
        )
    if failed := desk.studio.executor.run(Graph.of(read), listen=silent).failures.get(read.id):
        raise InputError(f"no voice can be taken from that: {failed}")
    return str(read.params["sha256"])


def _cloner(desk: Desk, name: str) -> Tool:
    """The tool called `name`, or the first that clones in the story's language and is ready.

    Raises InputError and UnknownTool.
    """
    toolbox = desk.studio.toolbox.commercial if desk.studio.settings.commercial else desk.studio.toolbox
    able = [tool for tool in toolbox if tool.card.clones]
    if name:
        if not toolbox[name].card.clones:
            names = ", ".join(tool.card.name for tool in able) or "none here can"
            raise InputError(f"tool '{name}' cannot clone a voice; those that can: {names}")
        return toolbox[name]
    able = [tool for tool in able if tool.card.knows(desk.script.language)]
    lacks = {tool.card.name: tool.lack() for tool in able}
    ready = [tool for tool in able if lacks[tool.card.name] is None]
    if not ready:
        why = "; ".join(f"tool '{name}' {lack}" for name, lack in lacks.items()) or "there is no tool for it"
        raise InputError(f"nothing here can clone a voice that speaks '{shown(desk.script.language)}': {why}")
    return ready[0]


def _name(tool: Tool, name: str) -> str:
    """A name for the voice that is none of the tool's own."""
    return f"{name}-cloned" if any(card.id == name for card in tool.card.voices) else name


CLONING: tuple[Operation[Any], ...] = (
    Operation(
        "clone",
        "Let a character speak with the voice that is heard in a file that was added. Only with the consent of whoever "
        "speaks there, which the person states.",
        Likeness,
        lambda desk, wish: entered(desk.commit(_patch(desk, wish))),
        lambda desk, wish: proposed(desk, _patch(desk, wish)),
        changes=True,
        pledges=True,
    ),
)
