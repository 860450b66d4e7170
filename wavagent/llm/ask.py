"""The seam to language models: what is asked, what is answered, and who can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from wavagent.store import key_of

Role = Literal["system", "user", "assistant"]
Form = Literal["schema", "tool", "text"]
"""How an answer is asked for: by the server's own schema, as a tool's arguments, or as JSON in its text."""

Finish = Literal["stop", "length", "refusal"]


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: messages, the JSON schema of the answer, and the most tokens it may have (None: the server's own).

    A `seed` is part of the question's key: with another one the same question is asked anew.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    form: Form = "schema"
    max_tokens: int | None = None
    seed: int = 0

    def after(self, answer: str, reply: str) -> "Ask":
        """The question that follows when `answer` was replied to."""
        return replace(self, messages=(*self.messages, Message("assistant", answer), Message("user", reply)))

    def key(self, model: str) -> str:
        """The key of what `model` answers."""
        messages: list[Any] = [[message.role, message.text] for message in self.messages]
        return key_of(
            model=model,
            messages=messages,
            schema=dict(self.schema),
            form=self.form,
            max_tokens=self.max_tokens,
            seed=self.seed,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: JSON, or what should be; how it ended; the tokens and the money it took, as far as is known.

    `kept` says that it was not asked for: it was there already.
    """

    text: str
    finish: Finish = "stop"
    tokens_in: int | None = None
    tokens_out: int | None = None
    money: float = 0.0
    kept: bool = False


class Model(Protocol):
    """Whoever answers. `name` tells two models apart: it is part of the key of every answer."""

    @property
    def name(self) -> str: ...

    def ask(self, request: Ask) -> Answer:
        """The answer to `request`. Raises ModelError."""
        ...
