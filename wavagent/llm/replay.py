"""Answers without a model: recorded ones, or scripted ones. Tests and demonstrations need no network and no key."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from wavagent.errors import InputError, OutputError
from wavagent.llm.ask import Answer, Ask, Model
from wavagent.llm.cached import dumped, loaded
from wavagent.llm.fault import Unreachable

Scripted = str | Answer | Exception | Callable[[Ask], "str | Answer"]
"""An answer, its text, an exception to raise instead, or what makes one of the question."""


class Replay:
    """A model that gives `answers` in their order; the last one again and again when `forever`.

    `asked` is every question so far. Answers that `recorded` are found by their question.
    """

    def __init__(self, *answers: Scripted, name: str = "replay", forever: bool = False) -> None:
        self.name = name
        self.asked: list[Ask] = []
        self._answers, self._forever = list(answers), forever
        self._recorded: dict[str, Answer] = {}

    @classmethod
    def recorded(cls, path: Path) -> "Replay":
        """The answers that `Record` wrote down, or a file with one answer on each line. Raises InputError."""
        try:
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(f"'{path}' cannot be read as recorded answers ({reason}); give one JSON a line") from error
        replay = cls()
        for line in lines:
            if isinstance(line, Mapping) and line.keys() >= {"model", "key", "answer"}:
                replay.name = str(line["model"])
                answer = loaded(json.dumps(line["answer"]))
                replay._recorded |= {} if answer is None else {str(line["key"]): answer}
            else:
                replay._answers.append(line if isinstance(line, str) else json.dumps(line))
        return replay

    def ask(self, request: Ask) -> Answer:
        """The next answer, or the one recorded for `request`. Raises Unreachable when there is none."""
        self.asked.append(request)
        if (answer := self._recorded.get(request.key(self.name))) is not None:
            return answer
        if not self._answers:
            raise Unreachable(f"nothing is recorded that answers question {len(self.asked)}; record it anew")
        given = self._answers[0] if self._forever and len(self._answers) == 1 else self._answers.pop(0)
        if isinstance(given, Exception):
            raise given
        made = given(request) if callable(given) else given
        return Answer(made) if isinstance(made, str) else made


class Record:
    """A model that writes every answer of `model` into the file at `path`, for Replay. Raises OutputError."""

    def __init__(self, model: Model, path: Path) -> None:
        self._model, self._path = model, path

    @property
    def name(self) -> str:
        return self._model.name

    def ask(self, request: Ask) -> Answer:
        answer = self._model.ask(request)
        line = {"model": self.name, "key": request.key(self.name), "answer": json.loads(dumped(answer))}
        try:
            with open(self._path, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise OutputError(f"'{self._path}' cannot be written ({error.strerror}); record somewhere else") from error
        return answer
