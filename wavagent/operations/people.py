"""Who speaks: the cast, the voices there are, how they sound, and the tools at hand."""

from collections import Counter
from typing import Any

from pydantic import Field, JsonValue

from wavagent.errors import ScriptError
from wavagent.operations.desk import Desk
from wavagent.operations.editing import entered, proposed
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.operations.telling import Nothing
from wavagent.script import Character, Script, Voice
from wavagent.script.part import Part
from wavagent.script.patch import Patch, difference
from wavagent.text import shown


class Heard(Part):
    say: str = Field(default="", max_length=400, description="The sentence; without it, one of the character's own.")


class Voices(Part):
    language: str = Field(default="", description="Only of this language: en, fr, de, …")
    gender: str = ""
    age: str = ""
    limit: int = Field(default=60, ge=1, le=400)


class Tools(Part):
    task: str = Field(default="", description="Only for this task: speech, music, sound, …")


def _cast(desk: Desk, wish: Nothing) -> Answer:
    script = desk.studio.cast(desk.script).script
    rows = cast_rows(script)
    return Answer(tuple(map(_said, rows)), rows)


def cast_rows(script: Script) -> list[Any]:
    """Everybody in the cast with lines, traits, voice and the reason for it."""
    lines = Counter(line.who for line in script.lines)
    return [_row(character, lines[character.id]) for character in script.cast]


def _row(character: Character, lines: int) -> JsonValue:
    traits = {what: trait for what, trait in character.traits if trait is not None}
    voice = character.voice
    return {
        "id": character.id,
        "name": character.name,
        "aliases": list(character.aliases),
        "lines": lines,
        "traits": {what: {"value": trait.value, "evidence": trait.evidence} for what, trait in traits.items()},
        "voice": _called(voice) if voice else "",
        "reason": voice.reason if voice else "",
        "locked": character.locked,
    }


def _called(voice: Voice) -> str:
    return f"{voice.tool} {voice.id}" + (f", cloned from {voice.reference}" if voice.reference else "")


def _said(row: Any) -> str:
    traits = [trait["value"] for trait in row["traits"].values()]
    about = ", ".join([f"voice {row['voice']}", *traits, *(["locked"] if row["locked"] else [])])
    return shown(f"{row['name']} ({row['id']}): {row['lines']} lines, {about}", 200)


def _chosen(desk: Desk) -> Patch:
    """The patch that gives everybody a voice, by rules. Raises ScriptError when everybody has it."""
    script = desk.script
    after = desk.studio.cast(script).script
    found = difference(script, after, "voices chosen")
    if not found.operations:
        raise ScriptError("everybody has a voice already; recast somebody by name")
    return found


def _voices(desk: Desk, wish: Voices) -> Answer:
    found = [
        (tool.card.name, voice)
        for tool in desk.studio.toolbox.doing("speech")
        for voice in tool.card.voices
        if voice.language.lower().startswith(wish.language.lower())
        and (not wish.gender or voice.gender == wish.gender)
        and (not wish.age or voice.age == wish.age)
    ]
    rows: list[JsonValue] = [{"tool": tool, **voice.model_dump(mode="json")} for tool, voice in found[: wish.limit]]
    said = [f"{tool} {one.id}: {one.name}, {one.language} {one.gender} {one.age}" for tool, one in found[: wish.limit]]
    more = [f"… {len(found) - wish.limit} more"] if len(found) > wish.limit else []
    return Answer((*said, *more) or ("no voice fits",), rows)


def _tools(desk: Desk, wish: Tools) -> Answer:
    found = [tool for tool in desk.studio.toolbox if not wish.task or tool.card.task == wish.task]
    rows: list[JsonValue] = [
        {"name": tool.card.name, "task": tool.card.task, "summary": tool.card.summary, "lack": tool.lack()}
        for tool in found
    ]
    said = (f"{t.card.name} ({t.card.task}): {t.card.summary}; {t.lack() or 'ready'}" for t in found)
    return Answer(tuple(said) or ("no tool does that",), rows)


def _audition(desk: Desk, wish: Heard) -> Answer:
    files = desk.studio.audition(desk.script, desk.folder / "out" / "audition", wish.say, desk.folder)
    return Answer(tuple(str(one) for one in files), [one.name for one in files], tuple(files))


def _would_audition(desk: Desk, wish: Heard) -> Proposal:
    people = len(desk.script.cast)
    made: dict[str, JsonValue] = {"calls": people, "to_make": people, "took": float(people), "cost": 0.0}
    says = (f"lets each of {people} voices say a sentence, into out/audition",)
    return Proposal(operation="audition", params=wish.model_dump(mode="json"), says=says, bill=made)


PEOPLE: tuple[Operation[Any], ...] = (
    Operation("cast", "Who speaks, with which voice, and why.", Nothing, _cast),
    Operation(
        "choose_voices",
        "Choose a voice for everybody who has none and is not locked, and keep it.",
        Nothing,
        lambda desk, wish: entered(desk.commit(_chosen(desk))),
        lambda desk, wish: proposed(desk, _chosen(desk)),
        changes=True,
    ),
    Operation("voices", "The voices there are, to recast somebody with.", Voices, _voices),
    Operation("tools", "The expert tools at hand.", Tools, _tools),
    Operation("audition", "Let every voice say one sentence.", Heard, _audition, _would_audition, costs=True),
)
