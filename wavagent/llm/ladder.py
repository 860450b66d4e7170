"""Getting a usable answer out of a model, however badly it answers.

The rungs: the server's own schema, a tool's arguments, JSON anywhere in the text. What comes back is read tolerantly;
what is wrong with it is sent back, word for word, a bounded number of times. What remains is the caller's: rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from wavagent.llm.ask import Answer, Ask, Form, Model
from wavagent.llm.fault import Declined, TooLong, Unreadable, Unsupported
from wavagent.llm.tolerant import read_json
from wavagent.text import shown

REPAIRS = 2
"""Times that a fault is sent back."""
_DOWN: dict[Form, Form] = {"schema": "tool", "tool": "text"}
_ECHO = 4_000
"""Characters of a faulty answer that are shown to the model again."""
_FAULTS = 12

Take = Callable[[dict[str, Any]], Sequence[str]]
"""Takes what is good in an answer and returns what is wrong with the rest, worded for the model that made it."""


class Ladder:
    """A way of asking `model` that remembers which forms its server does not take."""

    def __init__(self, model: Model, *, repairs: int = REPAIRS) -> None:
        self._model, self._repairs = model, repairs
        self._form: Form = "schema"

    def fill(self, request: Ask, take: Take) -> tuple[str, ...]:
        """Ask until `take` finds nothing wrong, or the repairs are used up; the faults that remain.

        Raises TooLong, Declined, Unreadable when no answer at all could be read, and what the model raises.
        """
        faults: Sequence[str] = ()
        read = False
        for _ in range(self._repairs + 1):
            answer = self._answer(request)
            try:
                faults = take(read_json(answer.text, request.schema.get("properties", {})))
                read = True
            except Unreadable as error:
                faults = [str(error)]
            if not faults:
                return ()
            request = request.after(_echo(answer), _reply(faults))
        if not read:
            raise Unreadable(f"the model gave no answer that can be read: {faults[0]}")
        return tuple(faults)

    def _answer(self, request: Ask) -> Answer:
        """The model's answer in the best form its server takes."""
        while True:
            try:
                answer = self._model.ask(replace(request, form=self._form))
            except Unsupported:
                if self._form not in _DOWN:
                    raise
                self._form = _DOWN[self._form]
                continue
            if answer.finish == "length":
                raise TooLong("the answer was cut off at its longest")
            if answer.finish == "refusal":
                raise Declined(f"the model will not answer this: {shown(answer.text, 120) or 'it gives no reason'}")
            return answer


def _echo(answer: Answer) -> str:
    return answer.text[:_ECHO] or "(nothing)"


def _reply(faults: Sequence[str]) -> str:
    more = f"\n- and {len(faults) - _FAULTS} more of the kind" if len(faults) > _FAULTS else ""
    named = "\n".join(f"- {fault}" for fault in faults[:_FAULTS])
    return f"That answer cannot be used as it is:\n{named}{more}\nAnswer again, the whole JSON object and nothing else."
