"""Quotation marks: which pairs a language uses, and which of them a text does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """One way to mark direct speech: what opens it and, any one of them, what closes it.

    `apostrophe` says that the closing mark is also an apostrophe, so that not each one closes.
    """

    opens: str
    closes: str
    apostrophe: bool = False

    @property
    def straight(self) -> bool:
        return self.opens in self.closes


CURLY = Marks("“", "”")
STRAIGHT = Marks('"', '"')
CURLY_SINGLE = Marks("‘", "’", apostrophe=True)
STRAIGHT_SINGLE = Marks("'", "'", apostrophe=True)
GUILLEMETS = Marks("«", "»")
REVERSED = Marks("»", "«")
LOW = Marks("„", '“”"')
CORNERS = Marks("「", "」")
WHITE_CORNERS = Marks("『", "』")

_ENGLISH = (CURLY, STRAIGHT, CURLY_SINGLE, STRAIGHT_SINGLE, GUILLEMETS)
MARKS: Mapping[str, tuple[Marks, ...]] = {
    "en": _ENGLISH,
    "fr": (GUILLEMETS, CURLY, STRAIGHT),
    "de": (REVERSED, LOW, GUILLEMETS, CURLY, STRAIGHT),
    "es": (GUILLEMETS, CURLY, STRAIGHT),
    "ru": (GUILLEMETS, LOW, CURLY, STRAIGHT),
    "zh": (CURLY, CORNERS, WHITE_CORNERS, STRAIGHT),
    "ja": (CORNERS, WHITE_CORNERS, CURLY),
}
"""The marks of each language, the more usual first; a language not here is read like English."""

DASHED = frozenset({"fr", "es", "ru", "pt", "it", "pl", "uk"})
"""Languages in which a paragraph that starts with a dash is direct speech."""


def marks_of(text: str, language: str) -> tuple[Marks, ...]:
    """The marks that open direct speech in `text`: the language's most frequent there, and what goes with it.

    Where double marks are the way of a text, single ones are quotations inside quotations, or no speech at all.
    """
    usual = MARKS.get(language[:2], _ENGLISH)
    counts = {marks: _count(text, marks) for marks in usual}
    most = max(usual, key=lambda marks: counts[marks])
    if not counts[most]:
        return ()
    return tuple(
        marks
        for marks in usual
        if marks == most or (not marks.apostrophe and counts[marks] and not _clash(marks, most))
    )


def _clash(one: Marks, other: Marks) -> bool:
    """Whether two ways of marking use the same sign in different roles."""
    return any(sign in other.opens + other.closes for sign in one.opens + one.closes)


def _count(text: str, marks: Marks) -> int:
    """How often `marks` open something in `text`."""
    signs = re.escape(marks.opens)
    before = "(?:^|(?<=[\\s(\\[—–-]))" if marks.straight or marks.apostrophe else ""
    return len(re.findall(rf"{before}[{signs}](?=\s?[^\s\d])", text, re.MULTILINE))
