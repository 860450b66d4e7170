"""Writing a story from an idea: an outline, then scene by scene, as long as it was asked to be.

The length is a contract. What the model wrote is measured as it will be spoken, by the tools' own rates; the next scene
is asked for with the words that are still wanted, and at the end the scenes that are farthest off are asked for anew.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from wavagent.errors import InputError, PlanError
from wavagent.event import Event, Listener, silent
from wavagent.llm import Ask, Declined, Ladder, Message, Model, OverBudget, TooLong, Unreadable, prompt, schema_of
from wavagent.planning.llm.outline import Outline, Plot, cast_of, outlined
from wavagent.planning.llm.planned import Note, Planned
from wavagent.planning.llm.written import Text, Written, scene_of
from wavagent.script import NARRATOR, Character, Scene, Script, Source, Speech
from wavagent.text import has_words, words

WITHIN = 0.10
"""The share of the length that a story may be off."""
_RATE = 2.3
"""Words a second before any were measured."""
_SCENE = 100.0
"""Seconds of a scene, about."""
_ROUNDS = 4
"""Scenes that are written anew for the sake of the length, beyond one for every two scenes."""

Measure = Callable[[Script], float]
"""Seconds that a script will last."""


def write(
    idea: str,
    minutes: float,
    model: Model,
    measure: Measure,
    *,
    language: str = "en",
    seed: int = 0,
    listen: Listener = silent,
) -> Planned:
    """A new story about `idea` that lasts `minutes`, give or take 10 %; a note says so where it could not be done.

    Raises InputError, and ModelError when there is no outline, no scene, or no server.
    """
    if not has_words(idea):
        raise InputError("an idea is needed to write a story; say in a sentence what it is about")
    if not 0.25 <= minutes <= 600:
        raise InputError(f"a story of {minutes:g} minutes cannot be written; ask for 0.25 to 600")
    work = _Story(idea, minutes * 60.0, Ladder(model), measure, language, seed)
    work.plan()
    for number in range(len(work.plots)):
        listen(Event("plan", "progress", number, len(work.plots)))
        work.write(number)
    work.mend()
    return work.planned()


@dataclass
class _Story:
    """A story that is being written. `scenes` are by the number of their plot."""

    idea: str
    seconds: float
    ladder: Ladder
    measure: Measure
    language: str
    seed: int
    title: str = "Untitled"
    plots: list[Plot] = field(default_factory=list)
    cast: dict[str, Character] = field(default_factory=dict)
    scenes: dict[int, Scene] = field(default_factory=dict)
    lengths: dict[int, float] = field(default_factory=dict)
    summaries: dict[int, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    rate: float = _RATE
    asked: float = 1.0
    given: float = 1.0  # words in all, asked for and written: models have a length of their own

    def plan(self) -> None:
        """Have the outline made."""
        told = {"idea": self.idea, "minutes": self.seconds / 60.0, "language": self.language}
        count = max(1, min(40, round(self.seconds / _SCENE)))
        wanted = round(self.seconds * self.rate)
        outline: Outline = outlined(self.ladder, told, scenes=count, words=wanted, seed=self.seed)
        self.title, self.plots, self.cast = outline.title, list(outline.scenes), cast_of(outline.characters)

    def write(self, number: int) -> None:
        """Have scene `number` written, with its share of the time that is left."""
        left = self.seconds - self._length()
        shares = [max(0.05, plot.share) for plot in self.plots[number:]]
        self._write(number, max(self.seconds / len(self.plots) / 4, left * shares[0] / sum(shares)))

    def _write(self, number: int, seconds: float) -> None:
        text, wanted = Text(self.cast), seconds * self.rate
        count = max(12, round(wanted * min(3.0, max(1 / 3, self.asked / self.given))))
        try:
            self.ladder.fill(self._ask(number, count), text.take)
        except (Declined, Unreadable, TooLong, OverBudget) as error:
            self._miss(number, f"the scene could not be written: {error}")
            return
        if not text.elements:
            self._miss(number, "the scene came back without a line")
            return
        self.asked, self.given = self.asked + count, self.given + text.count
        self._keep(number, scene_of(number + 1, self.plots[number], text.elements), text.summary)

    def _miss(self, number: int, why: str) -> None:
        if number not in self.scenes:
            self.notes.append(Note(f"scene-{number + 1}", why, degraded=True))

    def _keep(self, number: int, scene: Scene, summary: str) -> None:
        """Keep a scene, unless the one it replaces brings the story nearer to its length."""
        before, was = self.scenes.get(number), self._length()
        self.scenes[number] = scene
        length = self._length()
        if before is not None and abs(length - self.seconds) >= abs(was - self.seconds):
            self.scenes[number] = before
            return
        self.lengths[number] = length - was + self.lengths.get(number, 0.0)
        self.summaries[number] = summary
        self._learn(length)

    def _learn(self, length: float) -> None:
        """The words a second that the story has so far, pauses and sounds included."""
        count = sum(len(words(line.text)) for line in self._script().lines)
        if count >= 20:
            self.rate = min(6.0, max(0.5, count / max(1.0, length)))

    def mend(self) -> None:
        """Have scenes written anew, the one that is farthest off first, until the length is right."""
        tried: set[int] = set()
        for _ in range(_ROUNDS + len(self.plots) // 2):
            off = self.seconds - self._length()
            if abs(off) <= WITHIN * self.seconds / 2 or not self.scenes:
                return
            number = self._farthest(off, tried)
            tried = tried | {number} if len(tried) + 1 < len(self.scenes) else set()
            now = self.lengths[number]
            self._write(number, max(now / 3, now + off))

    def _farthest(self, off: float, tried: set[int]) -> int:
        """The scene that is farthest on the wrong side of its share, of those not tried in this turn."""
        total = sum(max(0.05, self.plots[number].share) for number in self.scenes)
        wanted = {number: self.seconds * max(0.05, self.plots[number].share) / total for number in self.scenes}
        sign = 1.0 if off > 0 else -1.0
        left = [number for number in self.scenes if number not in tried] or list(self.scenes)
        return max(left, key=lambda number: sign * (wanted[number] - self.lengths[number]))

    def _length(self) -> float:
        return self.measure(self._script()) if self.scenes else 0.0

    def _ask(self, number: int, count: int) -> Ask:
        schema = schema_of(Written)
        told: dict[str, Any] = {
            "idea": self.idea,
            "title": self.title,
            "outline": [plot.model_dump(include={"heading", "plot"}) for plot in self.plots],
            "characters": [_told(id, character) for id, character in self.cast.items()],
            "so_far": [self.summaries[at] for at in range(number) if at in self.summaries],
            "scene": number + 1,
        }
        if number in self.scenes:
            lines = [element.text for element in self.scenes[number].elements if isinstance(element, Speech)]
            told |= {"draft": lines, "draft_words": sum(len(words(line)) for line in lines), "wanted_words": count}
        filled = {"language": self.language, "words": str(count), "schema": json.dumps(schema)}
        messages = (Message("system", prompt("scene", **filled)), Message("user", json.dumps(told, ensure_ascii=False)))
        return Ask(messages, schema, seed=self.seed)

    def _script(self) -> Script:
        scenes = tuple(self.scenes[number] for number in sorted(self.scenes))
        who = {line.who for scene in scenes for line in scene.elements if isinstance(line, Speech)}
        cast = tuple(character for character in self.cast.values() if character.id == NARRATOR or character.id in who)
        source = Source(name="idea", sha256=sha256(self.idea.encode()).hexdigest(), verbatim=False)
        return Script(title=self.title, language=self.language, seed=self.seed, source=source, cast=cast, scenes=scenes)

    def planned(self) -> Planned:
        """The story. Raises PlanError when not one scene of it could be written."""
        if not self.scenes:
            raise PlanError(f"no scene of '{self.title}' could be written: {self.notes[0].message}")
        length = self._length()
        if abs(length - self.seconds) > WITHIN * self.seconds:
            message = f"it lasts about {length / 60:.1f} minutes, not {self.seconds / 60:g}: the model came no nearer"
            self.notes.append(Note("", message, degraded=True))
        return Planned(self._script(), tuple(self.notes))


def _told(id: str, character: Character) -> dict[str, Any]:
    traits = {what: trait.value for what, trait in character.traits if trait is not None}
    return {"id": id, "name": character.name, **traits}
