"""What comes of looking for a thing that a request names: it, a question which is meant, or that there is none."""

from collections.abc import Mapping, Sequence

from wavagent.grammar.understood import Choice
from wavagent.text import shown

EVERY = ("*",)
"""What "all" settles a question to."""

MOST_CHOICES = 9
"""Choices that a question offers by number."""


class Open(Exception):
    """Something must be settled first: `sentence` asks, `about` names what, `many` allows all."""

    def __init__(self, about: str, sentence: str, choices: Sequence[Choice], many: bool = False) -> None:
        super().__init__(sentence)
        self.about, self.sentence, self.choices, self.many = about, sentence, tuple(choices), many


class Missing(Exception):
    """What the request names is not there, or cannot be: the message says so to the person."""


class Told(Missing):
    """No trouble at all: what was asked is answered in the sentence."""


class Absent(Missing):
    """Nothing in the script is what a phrase says: of several troubles the one that tells least."""


class Unfit(Exception):
    """The words are of another form than was tried: another may fit them."""


def one_of(
    phrase: str, kind: str, found: Mapping[str, str], settled: Mapping[str, tuple[str, ...]], many: bool
) -> tuple[str, ...]:
    """The ids that are meant among `found`, which gives each its label: the only one, or those that were settled on.

    Raises Open when several fit.
    """
    about = f"{kind}: {phrase.lower()}"
    if still := _still(settled.get(about, ()), found):
        return still
    if len(found) == 1:
        return tuple(found)
    raise Open(about, asked(phrase, found), listed(found), many)


def _still(settled: tuple[str, ...], found: Mapping[str, str]) -> tuple[str, ...]:
    """What was settled on, as far as it is among what was found; a star is all of it."""
    return tuple(found) if settled == EVERY else tuple(id for id in settled if id in found)


def asked(phrase: str, found: Mapping[str, str]) -> str:
    return f"{len(found)} fit “{shown(phrase, 40)}”; which do you mean?"


def listed(found: Mapping[str, str]) -> tuple[Choice, ...]:
    some = list(found.items())[:MOST_CHOICES]
    return tuple(Choice(label=shown(label, 120), means=(id,)) for id, label in some)


def sure(phrase: str, kind: str, likely: Mapping[str, str], settled: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What was settled on among things that are only likely. Raises Open, also where there is but one."""
    about = f"{kind}: {phrase.lower()}"
    if still := _still(settled.get(about, ()), likely):
        return still
    sentence = f"there is no “{shown(phrase, 40)}”; do you mean one of these?"
    raise Open(about, sentence, listed(likely))
