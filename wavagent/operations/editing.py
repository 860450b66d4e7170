"""Editing: patches, shown before they are done; and a wish in plain words that a model makes a patch of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationError

from wavagent.errors import InputError, PlanError, ScriptError, Unknown, UnknownTool
from wavagent.history import Entry
from wavagent.operations.bill import bill
from wavagent.operations.desk import ADDED, Desk
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.planning.llm.revise import revise
from wavagent.script import Material, Recording, Script
from wavagent.script.anchor import Anchor
from wavagent.script.file import explained
from wavagent.script.material import materials
from wavagent.script.part import Gain, Id, Level, Part, Seconds
from wavagent.script.patch import (
    Add,
    AddCharacter,
    Patch,
    Put,
    PutCharacter,
    Recast,
    SetRecording,
    apply,
    changes,
    readable_diff,
    revision,
    schema,
)
from wavagent.text import shown


class Editing(Part):
    """A patch; without a `base` it is for the script as it is."""

    operations: tuple[dict[str, JsonValue], ...] = Field(min_length=1)
    words: Literal["kept", "changed"] = "kept"
    note: str = Field(default="", max_length=400)
    base: str = ""


class Wish(Part):
    request: str = Field(min_length=1, max_length=4000, description="What is to change, in plain words.")


class Place(Part):
    """Where and how an added file sounds."""

    file: str = Field(description="The name of a file that was added.")
    after: Id | None = Field(default=None, description="Right after this element, in its turn.")
    before: Id | None = Field(default=None, description="Right before this element.")
    under: Anchor | None = Field(default=None, description="Start there instead of in its turn.")
    start: Seconds = Field(default=0.0, description="From this second of the file.")
    end: Seconds | None = Field(default=None, description="To this second of the file.")
    level: Level = "normal"
    gain: Gain = 0.0


def _propose(desk: Desk, wish: Editing) -> Proposal:
    return proposed(desk, patch_of(desk, wish))


def proposed(desk: Desk, patch: Patch) -> Proposal:
    """A patch as a proposal: what it changes, the diff, and what has to be made anew. Raises what `apply` raises."""
    script = desk.script
    after = apply(script, patch)
    _keeps_to_the_project(desk, script, after, patch)
    told = changes(script, after)
    if not told and after == script:
        raise ScriptError("that changes nothing: the story is so already")
    return Proposal(
        operation="edit",
        params=patch.model_dump(mode="json"),
        says=told,
        diff=readable_diff(script, after),
        bill=bill(desk, after),
        changes=True,
    )


def patch_of(desk: Desk, wish: Editing) -> Patch:
    """The patch that was asked for. Raises InputError."""
    data = {**wish.model_dump(mode="json"), "base": wish.base or desk.revision}
    try:
        return Patch.model_validate(data)
    except ValidationError as error:
        raise InputError(f"that is no patch: {shown(explained(error), 300)}") from error


def _run(desk: Desk, wish: Editing) -> Answer:
    script, patch = desk.script, patch_of(desk, wish)
    if patch.base == revision(script):  # else it is refused anyway, or was done before
        _keeps_to_the_project(desk, script, apply(script, patch), patch)
    return entered(desk.commit(patch))


def entered(entry: Entry) -> Answer:
    """What a revision changed."""
    more = [f"and {entry.more} more"] if entry.more else []
    return Answer((*entry.changes, *more), entry.to_json())


def _keeps_to_the_project(desk: Desk, before: Script, after: Script, patch: Patch) -> None:
    """No file is opened because an edit names it: only those that a person added. Raises InputError."""
    known = {one.file for one in _recordings(before)} | {one.file for one in materials(before.scenes)}
    known |= {f"{ADDED}/{name}" for name in desk.added()}
    named: list[Recording | Material] = [*_recordings(after), *materials(after.scenes)]
    for one in named:
        if one.file not in known:
            raise InputError(f"'{shown(one.file)}' was not added by a person, so no edit can use it; /add it first")
    voices = {one.voice.reference for one in before.cast if one.voice}
    for somebody in after.cast:
        if somebody.voice and somebody.voice.reference not in {*voices, None, *known}:
            raise InputError(f"the recording for the voice of {shown(somebody.name)} was not added by a person")
    for tool, params in _told(patch):
        _no_paths(desk, tool, params)


def _recordings(script: Script) -> Iterator[Recording]:
    return (one for one in script.elements if isinstance(one, Recording))


def _told(patch: Patch) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tool that a patch names, with what it is told."""
    for one in patch.operations:
        if isinstance(one, Recast):
            yield one.tool, dict(one.settings or {})
        elif isinstance(one, AddCharacter | PutCharacter) and one.character.voice:
            yield one.character.voice.tool, dict(one.character.voice.settings)
        elif isinstance(one, SetRecording):
            yield from ((step.tool, step.told()) for step in one.chain or () if step.tool)
        elif isinstance(one, Add | Put) and isinstance(one.element, Recording):
            yield from ((step.tool, step.told()) for step in one.element.chain if step.tool)


def _no_paths(desk: Desk, name: str, params: dict[str, Any]) -> None:
    try:
        tool = desk.studio.toolbox[name]
    except UnknownTool as error:
        raise Unknown(str(error)) from error
    fields = tool.params.model_fields
    if paths := [one for one in params if one in fields and _is_path(fields[one].annotation)]:
        raise InputError(f"'{paths[0]}' of the tool '{name}' is a file, and an edit names no files")


def _is_path(annotation: Any) -> bool:
    return annotation is Path or Path in getattr(annotation, "__args__", ())


def _asked(desk: Desk, wish: Wish) -> Proposal:
    """The patch that a model makes of a wish."""
    if desk.model is None:
        raise PlanError("making an edit of plain words needs a language model; name one with --llm MODEL")
    return proposed(desk, revise(desk.script, wish.request, desk.model))


def _revise(desk: Desk, wish: Wish) -> Answer:
    found = _asked(desk, wish)
    return _run(desk, Editing.model_validate(found.params))


def _placed(desk: Desk, wish: Place) -> Proposal:
    return proposed(desk, _recording(desk, wish))


def _recording(desk: Desk, wish: Place) -> Patch:
    """The patch that lets an added file sound. Raises InputError."""
    script = desk.script
    file = desk.file(wish.file)
    element = Recording(
        id="recording",
        file=f"{ADDED}/{file.name}",
        start=wish.start,
        end=wish.end,
        anchor=wish.under,
        level=wish.level,
        gain=wish.gain,
    )
    last = script.scenes[-1].id if script.scenes and not (wish.after or wish.before) else None
    add = Add(element=element, after=wish.after, before=wish.before, last_in=last, fresh=True)
    return Patch.of(script, add, note=f"the recording {file.name}")


EDITING: tuple[Operation[Any], ...] = (
    Operation(
        "edit",
        "Edit the story: operations on ids, done in order, all or none. The person is shown what it changes and agrees "
        "first.",
        Editing,
        _run,
        _propose,
        changes=True,
        told=schema(),
    ),
    Operation(
        "revise",
        "Have the model make an edit of a wish in plain words.",
        Wish,
        _revise,
        _asked,
        changes=True,
        costs=True,
    ),
    Operation(
        "recording",
        "Let a file that was added sound in the story: in its turn, or from a moment on.",
        Place,
        lambda desk, wish: entered(desk.commit(_recording(desk, wish))),
        _placed,
        changes=True,
    ),
)
