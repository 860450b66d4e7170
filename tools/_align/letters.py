"""A text as the classes of a model that knows letters."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Letters:
    """The `symbols` of a text; for each word its characters in the text, and its first and last symbol (exclusive)."""

    symbols: tuple[int, ...]
    words: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int], ...]


def letters_of(text: str, classes: Mapping[str, int], gap: int | None) -> Letters:
    """The letters of `text` that are among `classes`; between two words with letters stands `gap`, if there is one.

    What is no letter there (a figure, a sign) is left out: a word of nothing else has no symbols.
    """
    symbols: list[int] = []
    words, spans = [], []
    for match in _WORD.finditer(text):
        spelt = [classes[letter] for letter in _letters(match.group(), classes)]
        if spelt and symbols and gap is not None:
            symbols.append(gap)
        words.append(match.span())
        spans.append((len(symbols), len(symbols) + len(spelt)))
        symbols += spelt
    return Letters(tuple(symbols), tuple(words), tuple(spans))


def _letters(word: str, classes: Mapping[str, int]) -> list[str]:
    """The characters of `word` as the model writes them: in its case, without accents it does not know."""
    found = []
    for character in word.replace("’", "'"):
        bare = unicodedata.normalize("NFD", character)[0]
        for form in (character, character.upper(), character.lower(), bare.upper(), bare.lower()):
            if form in classes and len(form) == 1 and (form.isalpha() or form == "'"):
                found.append(form)
                break
    return found
