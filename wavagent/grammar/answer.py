"""Answers to a question: by number, by place in the list, by words of a choice, "all", "yes", "never mind"."""

import re

from wavagent.grammar.amount import ORDINAL, ordinal
from wavagent.grammar.finding import EVERY
from wavagent.grammar.request import Request
from wavagent.grammar.understood import Choice, Question
from wavagent.grammar.vocabulary import stems

_NO = frozenset(
    ["no", "n", "none", "neither", "never mind", "nevermind", "cancel", "forget it", "stop", "nothing", "leave it"]
)
_YES = frozenset(["yes", "y", "yeah", "yep", "ok", "okay", "sure", "do it", "go ahead", "yes do it", "of course"])
_ALL = frozenset(["all", "both", "all of them", "both of them", "every one", "everything", "all of these", "them all"])
_NUMBER = re.compile(r"(?:number |no\. ?|choice |option |#)?(\d{1,3})[.)]?")
_ORDINAL = re.compile(rf"(?:the )?({ORDINAL})(?: one)?")


def refused(question: Question, said: str) -> bool:
    """Whether an answer is that nothing shall be done."""
    return _plain(said) in _NO and not any(_plain(choice.label) == _plain(said) for choice in question.choices)


def answered(question: Question, said: str) -> tuple[str, ...] | None:
    """What an answer stands for; None when it is no answer to the question."""
    plain = _plain(said)
    if not plain:
        return None
    if plain in _ALL and question.many:
        return EVERY
    choice = _counted(question, plain) or _named(question, plain)
    return choice.means if choice is not None else None


def _plain(said: str) -> str:
    return Request.of(said).bare.text.lower().strip(" .,!?")


def _counted(question: Question, plain: str) -> Choice | None:
    choices = question.choices
    if plain in _YES:
        return choices[0] if len(choices) == 1 or choices[0].label == "yes" else None
    place = 0
    if match := _NUMBER.fullmatch(plain):
        place = int(match[1])
    elif match := _ORDINAL.fullmatch(plain):
        place = ordinal(match[1])
    if place == -1:
        return choices[-1]
    return choices[place - 1] if 0 < place <= len(choices) else None


def _named(question: Question, plain: str) -> Choice | None:
    exact = [choice for choice in question.choices if plain in (choice.label.lower(), *choice.means)]
    if len(exact) == 1:
        return exact[0]
    wanted = set(stems(re.sub(r"\bones?\b|^i mean ", " ", plain)))
    fit = [choice for choice in question.choices if wanted and wanted <= set(stems(choice.label))]
    return fit[0] if len(fit) == 1 else None
