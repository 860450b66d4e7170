"""Counting tokens and money, and never spending more than the user allows."""

import json
from dataclasses import dataclass, replace

from wavagent.llm.ask import Answer, Ask, Model
from wavagent.llm.fault import OverBudget, Unreachable

LONGEST = 8192
"""Tokens of the longest answer where a limit is set: what an answer may cost must be known before it is asked for."""
_WRAPPING = 16
"""Tokens that a server may add around each message."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens that go in, and for a million that come out."""

    tokens_in: float = 0.0
    tokens_out: float = 0.0

    def of(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked so far: questions, tokens, US dollars. What a server does not count is counted at its most."""

    asks: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0


class Metered:
    """A model that counts what `model` costs in `spent`, and refuses a question that could go over `limit` dollars.

    The most a question can cost is known before it is asked: a token is at least a byte of text, and the answer is
    given a longest length. A question whose answer never came is counted so too: the server may charge for it.
    """

    def __init__(self, model: Model, price: Price = Price(), limit: float | None = None) -> None:
        self._model, self._price, self._limit = model, price, limit
        self.spent = Spent()

    @property
    def name(self) -> str:
        return self._model.name

    def ask(self, request: Ask) -> Answer:
        """The answer to `request`, with its price. Raises OverBudget, without asking, and ModelError."""
        return self.through(self._model, request)

    def through(self, model: Model, request: Ask) -> Answer:
        """The same, asked of another `model` on the same account: the other door of the same server."""
        if self._limit is not None:
            request = replace(request, max_tokens=min(request.max_tokens or LONGEST, LONGEST))
        most_in, most_out = most_tokens(request), request.max_tokens or LONGEST
        most = self._price.of(most_in, most_out)
        if self._limit is not None and self.spent.money + most > self._limit:
            raise OverBudget(
                f"${self.spent.money:.4f} are spent and the next question could cost ${most:.4f}, which is more than "
                f"the ${self._limit:g} allowed; raise --max-cost and run the same command again: answers are kept"
            )
        try:
            answer = model.ask(request)
        except Unreachable as error:
            if error.billed:
                self._count(most_in, most_out)
            raise
        tokens_in = most_in if answer.tokens_in is None else answer.tokens_in
        tokens_out = min(most_out, len(answer.text.encode())) if answer.tokens_out is None else answer.tokens_out
        return replace(answer, money=self._count(tokens_in, tokens_out))

    def _count(self, tokens_in: int, tokens_out: int) -> float:
        money, now = self._price.of(tokens_in, tokens_out), self.spent
        self.spent = Spent(now.asks + 1, now.tokens_in + tokens_in, now.tokens_out + tokens_out, now.money + money)
        return money


def most_tokens(request: Ask) -> int:
    """The most tokens that a question can be: a token is at least one byte."""
    said = sum(len(message.text.encode()) + _WRAPPING for message in request.messages)
    return said + len(json.dumps(dict(request.schema)))
