"""Adapting a narrative with a model: it labels the lines that the rules cut, and says what else is heard.

No word of the story passes through the model: its answers name lines by their ids, and what they say of anything else
is ignored. Whatever goes wrong with a part of the story, that part is as the rules planned it.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from wavagent.errors import PlanError
from wavagent.event import Event, Listener, silent
from wavagent.llm import (
    Ask,
    Declined,
    Denied,
    Ladder,
    Message,
    Model,
    OverBudget,
    TooLong,
    Unreachable,
    Unreadable,
    prompt,
    schema_of,
)
from wavagent.planning.director import direct
from wavagent.planning.llm.chunk import BUDGET, Lines, chunks, halves
from wavagent.planning.llm.insertion import Insertion, placed
from wavagent.planning.llm.label import DISPUTED
from wavagent.planning.llm.people import People, speaking
from wavagent.planning.llm.planned import Note, Planned
from wavagent.planning.llm.sheet import Labels, Sheet
from wavagent.reading.document import Document
from wavagent.script import Character, Script, Speech
from wavagent.text import shown

_BEFORE = 3
"""Lines before a part that the model sees for context."""


def adapt(
    document: Document, model: Model, *, seed: int = 0, budget: int = BUDGET, listen: Listener = silent
) -> Planned:
    """The script of `document`, word for word, with labels and insertions by `model`.

    `budget` is the most tokens of story in one question. Raises PlanError, and what `model` raises when it cannot be
    reached at all; the answers it gave are then kept by whoever keeps them, and the same call goes on from there.
    """
    script = direct(document, seed=seed)
    work = _Adaptation(script, document.text, Ladder(model))
    parts = chunks(script, budget)
    for number, lines in enumerate(parts):
        listen(Event("plan", "progress", number, len(parts)))
        try:
            work.label(lines)
        except (Denied, Unreachable) as error:
            if not number:
                raise
            kept = f"{number} of {len(parts)} parts are labelled and kept: the same command goes on from there"
            raise type(error)(f"{error}; {kept}") from error
    adapted = work.script()
    if adapted.text != document.text:
        raise PlanError(f"the lines planned for '{shown(document.name)}' are not its text; please report this text")
    return Planned(adapted, (*work.notes, *work.unpaid(len(parts))))


class _Adaptation:
    """A script on its way from the rules' labels to the model's."""

    def __init__(self, script: Script, text: str, ladder: Ladder) -> None:
        self._script, self._ladder = script, ladder
        self._people = People(script.cast, text)
        self._order = list(script.lines)
        self._place = {line.id: at for at, line in enumerate(self._order)}
        self._lines: dict[str, Speech] = {}
        self._insertions: dict[str, list[Insertion]] = {}
        self._summary = ""
        self._unpaid: list[str] = []
        self.notes: list[Note] = []

    def unpaid(self, parts: int) -> Iterator[Note]:
        """A note when some of the story's `parts` would have cost more than is allowed."""
        if self._unpaid:
            message = f"{len(self._unpaid)} of {parts} parts are as the rules have them: {self._unpaid[0]}"
            yield Note("", message, degraded=True)

    def label(self, lines: Lines) -> None:
        """Have the model label `lines`, in smaller parts where they are too much at once."""
        sheet = Sheet(lines, self._people)
        try:
            faults = self._ladder.fill(self._ask(lines), sheet.take)
        except TooLong as error:
            if (parts := halves(lines)) is None:
                self._by_rules(lines, str(error))
                return
            for part in parts:
                self.label(part)
        except OverBudget as error:
            self._unpaid.append(str(error))  # later parts are tried all the same: their answers may be there already
        except (Declined, Unreadable) as error:
            self._by_rules(lines, str(error))
        else:
            self._take(sheet, faults)

    def _take(self, sheet: Sheet, faults: Sequence[str]) -> None:
        lines = tuple(sheet.lines.values())
        self._summary = sheet.summary or self._summary
        if not sheet.trusted:
            self._by_rules(lines, "the model contradicts what the text says of its speakers more often than not")
            return
        if sheet.missing:
            self._by_rules(tuple(sheet.lines[id] for id in sheet.missing), faults[-1] if faults else "no label")
        for line in sheet.settled():
            self._lines[line.id] = line
            if line.confidence == DISPUTED:
                self.notes.append(Note(line.id, line.evidence))
        for insertion in sheet.insertions:
            self._insertions.setdefault(insertion.after, []).append(insertion)

    def _by_rules(self, lines: Lines, why: str) -> None:
        """Leave `lines` as the rules planned them, and say so."""
        reach = lines[0].id if len(lines) == 1 else f"{lines[0].id} to {lines[-1].id}"
        self.notes.append(Note(lines[0].id, f"{reach} as the rules have it: {why}", degraded=True))

    def _ask(self, lines: Lines) -> Ask:
        schema = schema_of(Labels)
        told = {
            "title": self._script.title,
            "language": self._script.language,
            "cast": [_told(character) for character in self._people.cast],
            "so_far": self._summary,
            "before": [line.text for line in self._before(lines[0])],
            "spans": [_span(line) for line in lines],
        }
        messages = (
            Message("system", prompt("adapt", schema=json.dumps(schema))),
            Message("user", json.dumps(told, ensure_ascii=False)),
        )
        return Ask(messages, schema, seed=self._script.seed)

    def _before(self, line: Speech) -> Sequence[Speech]:
        at = self._place[line.id]
        return self._order[max(0, at - _BEFORE) : at]

    def script(self) -> Script:
        """The script with all that the model said."""
        scenes = []
        for scene in self._script.scenes:
            elements = tuple(self._lines.get(element.id, element) for element in scene.elements)
            here = {id: self._insertions[id] for element in elements if (id := element.id) in self._insertions}
            scenes.append(placed(scene.model_copy(update={"elements": elements}), here))
        who = {line.who for scene in scenes for line in scene.elements if isinstance(line, Speech)}
        kept = {name: value for name, value in self._script if name not in ("schema_", "scenes", "cast")}
        return Script(**kept, scenes=tuple(scenes), cast=speaking(self._people.cast, who))


def _told(character: Character) -> dict[str, Any]:
    traits = {what: trait.value for what, trait in character.traits if trait is not None}
    return {"id": character.id, "name": character.name, "aliases": list(character.aliases), **traits}


def _span(line: Speech) -> dict[str, Any]:
    guess = {} if line.mode in ("narration", "heading") else {"guess": line.who}
    return {"id": line.id, "kind": line.mode, "text": line.text, **guess}
