"""Casting voices with a model: it chooses from the tools' cards. Whoever it gives none gets one by the rules later."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from wavagent.llm import Ask, Declined, Ladder, Message, Model, OverBudget, TooLong, Unreadable, prompt, schema_of
from wavagent.planning.llm.planned import Note, Planned
from wavagent.planning.llm.wire import Wire, Word, parts
from wavagent.script import NARRATOR, Character, Script, Voice
from wavagent.text import has_words, one_line, shown
from wavagent.tool import Tool, Toolbox, VoiceCard

_VOICES = 80
"""Voices that a model is offered."""
_LINE = 160
"""Characters of the line by which a model gets to know a character."""

Offer = tuple[Tool, VoiceCard]


class Role(Wire):
    """A character's voice."""

    character: str
    voice: str
    reason: Word = ""


class Roles(Wire):
    """The answer that is asked for."""

    roles: list[Role]


def cast(script: Script, toolbox: Toolbox, model: Model, *, commercial: bool = False) -> Planned:
    """`script` with the model's voices for everybody who is not locked; who gets none from it keeps what they have.
    Whoever has the voice of a recording, a person gave it: it stays.

    Voices are those that are on a card of `toolbox`, speak the script's language, and, if `commercial`, may be used so.
    Raises what `model` raises when it cannot be reached.
    """
    offers = offered(script, toolbox, commercial)
    free = [one for one in script.cast if not one.locked and not (one.voice and one.voice.reference)]
    if not offers or not free:
        return Planned(script)
    sheet = Sheet(script, free, offers)
    try:
        faults = Ladder(model).fill(_ask(script, free, offers), sheet.take)
    except (Declined, Unreadable, TooLong, OverBudget) as error:
        return Planned(script, (Note("", f"the voices are as the rules cast them: {error}", degraded=True),))
    chosen = tuple(
        character.model_copy(update={"voice": sheet.voices.get(character.id, character.voice)})
        for character in script.cast
    )
    notes = tuple(Note("", fault) for fault in faults)
    return Planned(script.model_copy(update={"cast": chosen}), notes)


def offered(script: Script, toolbox: Toolbox, commercial: bool) -> dict[str, Offer]:
    """The voices that may speak `script`, by `tool/voice`."""
    found = toolbox.voices(script.language, commercial=commercial)
    return {f"{tool.card.name}/{card.id}": (tool, card) for tool, card in found[:_VOICES]}


class Sheet:
    """What a model has cast so far: `voices` by character."""

    def __init__(self, script: Script, free: Sequence[Character], offers: dict[str, Offer]) -> None:
        self._free = {character.id: character for character in free}
        self._offers = offers
        locked = [character.voice for character in script.cast if character.locked and character.voice]
        self._taken = Counter(f"{voice.tool}/{voice.id}" for voice in locked)
        self._short = len(offers) < len(script.cast)
        self.voices: dict[str, Voice] = {}

    def take(self, answer: dict[str, Any]) -> Sequence[str]:
        """Take what is good in `answer`; what is wrong with the rest, for the model."""
        faults: list[str] = []
        for role in parts(answer.get("roles"), Role, "roles", faults):
            if role.character in self._free and role.character not in self.voices:
                if fault := self._fault(role):
                    faults.append(fault)
                else:
                    self._give(role)
        missing = [id for id in self._free if id not in self.voices]
        return [*faults, f"these characters have no voice yet: {', '.join(missing)}"] if missing else ()

    def _fault(self, role: Role) -> str | None:
        """Why `role` cannot be, for the model."""
        who, voice = shown(role.character, 40), shown(role.voice, 40)
        if role.voice not in self._offers:
            return f"'{voice}' for '{who}' is none of the voices"
        if self._taken[role.voice] and (not self._short or NARRATOR in (role.character, self._narrates(role.voice))):
            return f"'{voice}' for '{who}' is somebody else's voice, and there are others"
        gender = self._free[role.character].traits.gender
        card = self._offers[role.voice][1]
        if gender and card.gender != "neutral" and gender.value in ("male", "female") and card.gender != gender.value:
            return f"'{voice}' is {card.gender}, and the text says that '{who}' is {gender.value}"
        return None

    def _narrates(self, voice: str) -> str:
        narrator = self.voices.get(NARRATOR)
        return NARRATOR if narrator and f"{narrator.tool}/{narrator.id}" == voice else ""

    def _give(self, role: Role) -> None:
        tool, card = self._offers[role.voice]
        reason = role.reason if has_words(role.reason) else f"{card.name} ({card.gender}, {card.age})"
        self._taken[role.voice] += 1
        self.voices[role.character] = Voice(
            tool=tool.card.name, id=card.id, settings=dict(card.settings), reason=f"the model: {reason}"
        )


def _ask(script: Script, free: Sequence[Character], offers: dict[str, Offer]) -> Ask:
    schema = schema_of(Roles)
    told = {
        "title": script.title,
        "characters": [_told(script, character) for character in free],
        "voices": [
            {"id": id, "name": card.name, "language": card.language, "gender": card.gender, "age": card.age}
            for id, (_, card) in offers.items()
        ],
    }
    messages = (
        Message("system", prompt("cast", schema=json.dumps(schema))),
        Message("user", json.dumps(told, ensure_ascii=False)),
    )
    return Ask(messages, schema, seed=script.seed)


def _told(script: Script, character: Character) -> dict[str, Any]:
    traits = {what: trait.value for what, trait in character.traits if trait is not None}
    lines = [one_line(line.text) for line in script.lines if line.who == character.id]
    longest = max(lines, key=len, default="")
    return {"id": character.id, "name": character.name, "lines": len(lines), "line": longest[:_LINE], **traits}
