"""Keeping every answer: nothing is asked twice, not even after a crash."""

import json

from wavagent.llm.ask import Answer, Ask, Model
from wavagent.llm.fault import ModelError, TooLong, Unsupported
from wavagent.store import Store

_KIND = "answers"
_NOES: dict[bytes | None, type[ModelError]] = {kind.__name__.encode(): kind for kind in (Unsupported, TooLong)}
"""What a server says of a question itself, and so would say again."""


class Cached:
    """A model that answers from the store what `model` answered before. Raises StoreError as well as ModelError."""

    def __init__(self, model: Model, store: Store) -> None:
        self._model, self._store = model, store

    @property
    def name(self) -> str:
        return self._model.name

    def ask(self, request: Ask) -> Answer:
        key = request.key(self.name)
        data = self._store.get_bytes(_KIND, key)
        if data in _NOES:
            raise _NOES[data]("the server did not take this question before")
        if data is not None and (answer := loaded(data)) is not None:
            return answer
        try:
            answer = self._model.ask(request)
        except tuple(_NOES.values()) as error:
            self._store.put_bytes(_KIND, key, type(error).__name__.encode())
            raise
        self._store.put_bytes(_KIND, key, dumped(answer).encode())
        return answer


def dumped(answer: Answer) -> str:
    """An answer as one line of JSON."""
    return json.dumps([answer.text, answer.finish, answer.tokens_in, answer.tokens_out])


def loaded(data: bytes | str) -> Answer | None:
    """The answer of `dumped`, now free of charge; None when it is anything else."""
    try:
        text, finish, tokens_in, tokens_out = json.loads(data)
    except (ValueError, TypeError):
        return None
    return Answer(text, finish, tokens_in, tokens_out, kept=True)
