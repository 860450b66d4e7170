"""Waiting for a server that is busy, slow or gone, and asking again."""

import random
import time
from collections.abc import Callable

from wavagent.llm.ask import Answer, Ask, Model
from wavagent.llm.fault import Unreachable

TRIES = 4
LONGEST = 60.0
"""Seconds of the longest wait; a server that asks for more is gone for now."""


class Patient:
    """A model that asks `model` again, `tries` times in all, with growing pauses between; Retry-After is honoured.

    The pauses are 1, 2, 4 … seconds, each shortened by up to half at random, so that many who wait do not return at
    once. `sleep` and `chance` (0 to 1) are given by tests.
    """

    def __init__(
        self,
        model: Model,
        *,
        tries: int = TRIES,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._model, self._tries, self._sleep, self._chance = model, tries, sleep, chance

    @property
    def name(self) -> str:
        return self._model.name

    def ask(self, request: Ask) -> Answer:
        """The answer to `request`. Raises ModelError; Unreachable when every try failed."""
        for attempt in range(self._tries):
            try:
                return self._model.ask(request)
            except Unreachable as error:
                if attempt + 1 == self._tries:
                    raise Unreachable(f"{error}; it was asked {self._tries} times", error.after) from error
                if error.after is not None and error.after > LONGEST:
                    raise Unreachable(f"{error}; it asks to wait {error.after:.0f} s", error.after) from error
                self._sleep(self._pause(attempt) if error.after is None else error.after)
        raise AssertionError("at least one try is made")

    def _pause(self, attempt: int) -> float:
        return min(LONGEST, 2.0**attempt) * (0.5 + 0.5 * self._chance())
