"""The sheet: what a model has said of one part of a story so far. Good entries stay, whatever comes with them."""

from collections.abc import Iterator, Sequence
from typing import Any

from wavagent.planning.llm.insertion import Insertion, taken
from wavagent.planning.llm.label import Label, is_explicit, is_open, settled
from wavagent.planning.llm.people import NewPerson, People
from wavagent.planning.llm.wire import Wire, parts
from wavagent.script import Speech
from wavagent.text import one_line, shown

_SUMMARY = 900
"""Characters of the summary that is handed on."""
_TRUST = 0.5
"""The share of lines with a speaker in the text that a model may contradict before it is not believed at all."""


class Labels(Wire):
    """The answer that is asked for."""

    spans: list[Label]
    people: list[NewPerson]
    insertions: list[Insertion]
    summary: str


class Sheet:
    """The labels of `lines`, with the `people` who may speak them."""

    def __init__(self, lines: Sequence[Speech], people: People) -> None:
        self.lines = {line.id: line for line in lines}
        self._wanted = [line.id for line in lines if is_open(line)]
        self._people = people
        self._labels: dict[str, tuple[Label, str]] = {}
        self._found: list[Insertion] = []
        self.summary = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of the lines that should have a label, and have none."""
        return tuple(id for id in self._wanted if id not in self._labels)

    @property
    def insertions(self) -> tuple[Insertion, ...]:
        return taken(self._found, self.lines)

    def take(self, answer: dict[str, Any]) -> Sequence[str]:
        """Take what is good in `answer`; what is wrong with the rest, for the model. Other lines' ids are ignored."""
        faults: list[str] = []
        for person in parts(answer.get("people"), NewPerson, "people", faults):
            if fault := self._people.add(person):
                faults.append(fault)
        for label in parts(answer.get("spans"), Label, "spans", faults):
            if label.id in self._wanted and label.id not in self._labels:
                self._label(label, faults)
        self._found += parts(answer.get("insertions"), Insertion, "insertions", [])
        if isinstance(summary := answer.get("summary"), str):
            self.summary = one_line(summary)[:_SUMMARY]
        if not self.missing:
            return ()  # all that was asked for is there
        named = ", ".join(self.missing[:20]) + (" …" if len(self.missing) > 20 else "")
        return [*faults, f"these spans have no usable label: {named}"]

    def _label(self, label: Label, faults: list[str]) -> None:
        who = self._people.who(label.who)
        if who is None:
            faults.append(f"span {label.id}: '{shown(label.who, 40)}' is neither in the cast nor in your `people`")
        else:
            self._labels[label.id] = (label, who)

    @property
    def trusted(self) -> bool:
        """Whether the model agrees with the text more often than not, where the text says who speaks."""
        told = [(self.lines[id].who, who) for id, (_, who) in self._labels.items() if is_explicit(self.lines[id])]
        against = sum(rules != model for rules, model in told)
        return against < 2 or against <= _TRUST * len(told)

    def settled(self) -> Iterator[Speech]:
        """The lines that have a label, with what it says of them."""
        for id, (label, who) in self._labels.items():
            yield settled(self.lines[id], label, who)
