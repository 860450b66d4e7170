"""Text for eSpeak NG and back: what it is given, character for character, and which words its events mean."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

_SOFT_HYPHEN = "\u00ad"  # eSpeak NG reads on through it, as it should through marks without width
_EMPHASIS = "*_`~"  # typography in most texts; read out as "asterisk"
_SIGNS = "%&@#+=§°©®™№½¼¾¹²³"  # read out by name, and meant to be
_KEPT_FORMATS = "\u200c\u200d\u00ad"  # joiners, which spell Persian and Hindi


class Event(NamedTuple):
    """The library's word event: the frame where it sounds, and the character of the text it is about."""

    frame: int
    position: int


class Span(NamedTuple):
    """A word: frames `start` to `end`, characters `first` to `last` of the text."""

    start: int
    end: int
    first: int
    last: int


def spoken(text: str) -> str:
    """`text` with what is not to be spoken blanked out; as many characters, each in its place.

    Control characters go (NUL ends the text for the library, and U+0001 begins a command to it), and so do
    lone surrogates, emoji and the marks of emphasis. Digits of every script become 0 to 9.
    """
    if text.isascii() and text.isprintable() and not any(mark in text for mark in _EMPHASIS):
        return text
    return "".join(_spoken(text, index) for index in range(len(text)))


def _spoken(text: str, index: int) -> str:
    character = text[index]
    if character in _EMPHASIS:
        return character if character == "*" and _between_digits(text, index) else " "
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return "\n" if character in "\n\x0b\x0c\u2028\u2029" else " "
        case "Cf" if character not in _KEPT_FORMATS and not character.isalnum():
            return " " if character == "\u200b" else _SOFT_HYPHEN
        case "Nd":
            return str(unicodedata.decimal(character))  # whichever script: some voices know only 0 to 9
        case "So" if character not in _SIGNS:
            return " "
        case "Cs" | "Co" | "Cn":
            return " "
    return " " if "\U0001f3fb" <= character <= "\U0001f3ff" else character  # skin tones


def _between_digits(text: str, index: int) -> bool:
    return text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()


def speakable(text: str) -> bool:
    """Whether there is anything in `text` to speak: a letter, a digit, or a sign that is read by its name."""
    return any(
        character.isalpha() or character in _SIGNS or unicodedata.category(character) in ("Nd", "Nl", "Sc")
        for character in spoken(text)
    )


def words(text: str, events: Iterable[Event], frames: int) -> tuple[Span, ...]:
    """The words of `text` and when they sound, in a clip of so many frames; in order, without gaps.

    The library has one event for what its dictionary says in one breath ("in the") and several for what it spells
    out ("1984"). Here each word has one span: those without an event share, by their letters, the time up to
    the next. A sign is a word where it was spoken. An ideograph is a word.
    """
    tokens = _tokens(text)
    starts = _starts(tokens, events)
    heard = [index for index, token in enumerate(tokens) if token.is_word or index in starts]
    letters = list(accumulate((tokens[index].last - tokens[index].first for index in heard), initial=0))
    known = {0: 0} | {letters[at]: starts[index] for at, index in enumerate(heard) if index in starts}
    known[letters[-1]] = frames
    edges = np.interp(letters, list(known), np.minimum(list(known.values()), frames)).round().astype(int)
    return tuple(
        Span(int(start), int(end), tokens[index].first, tokens[index].last)
        for index, (start, end) in zip(heard, pairwise(edges), strict=True)
    )


class _Token(NamedTuple):
    first: int
    last: int
    is_word: bool


# Over a text's kinds: an ideograph and its marks; a word, with what joins its parts; a lone sign.
_TOKEN = re.compile(r"im*|[wd]m*(?:(?:f*|j|(?<=d)c(?=d))[wd]m*)*|[^ f]")


def _tokens(text: str) -> list[_Token]:
    kinds = "".join(map(_kind, spoken(text)))
    return [_Token(*match.span(), match[0][0] in "iwd") for match in _TOKEN.finditer(kinds)]


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Lo" and unicodedata.name(character, "").startswith(("CJK ", "HIRAGANA", "KATAKANA")):
        return "i"
    if character in "'’.-‐‑·":
        return "j"
    if character == ",":
        return "c"
    if character.isspace():
        return " "
    return {"L": "w", "N": "d", "M": "m", "C": "f"}.get(category[0], "s")


def _starts(tokens: Sequence[_Token], events: Iterable[Event]) -> dict[int, int]:
    """The frame of each token's first event, by the token's index; never back in the text, never back in time."""
    starts: dict[int, int] = {}
    owner = {place: index for index, token in enumerate(tokens) for place in range(token.first, token.last)}
    latest, frame = -1, 0
    for event in events:
        index = owner.get(event.position, -1)
        if index > latest:
            latest, frame = index, max(frame, event.frame)
            starts[index] = frame
    return starts
