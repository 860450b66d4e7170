"""Amounts in words: numbers, seconds, decibels and factors."""

import re
from collections.abc import Mapping

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_WORDS: Mapping[str, float] = {
    **{word: float(number) for number, word in enumerate(_ONES)},
    **{word: float(number) for number, word in enumerate("seventeen eighteen nineteen twenty".split(), 17)},
    **{word: float(number) for number, word in zip((30, 40, 50, 60), "thirty forty fifty sixty".split(), strict=True)},
    **{word: float(number) for word, number in (("a", 1), ("an", 1), ("once", 1), ("twice", 2), ("thrice", 3))},
}
_ORDINALS: Mapping[str, int] = {
    **{
        word: number
        for number, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
        )
    },
    "last": -1,
    "final": -1,
}
_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
}
_NUMBER = r"\d{1,6}(?:[.,]\d{1,6})?|\.\d{1,6}"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))

NUMBER = rf"(?:{_NUMBER}|(?:{_WORD})\b)"
SECONDS = (
    rf"(?:\d{{1,3}}:\d\d(?::\d\d)?|(?:half (?:a|an) |a half |a quarter of a )(?:{_UNIT})\b"
    rf"|(?:another )?(?:{_NUMBER}|(?:{_WORD})\b)(?: and a half)? ?-?(?:{_UNIT})(?: and a half)?\b|a (?:moment|beat)\b)"
)
DECIBELS = rf"(?:[+-] ?)?(?:{_NUMBER}|(?:{_WORD})\b) ?(?:db|decibels?)\b"
INTEGER = rf"(?:\d{{1,6}}|(?:{_WORD})\b)"
ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,4}}(?:st|nd|rd|th))"
"""Patterns of how they are written; what fits one of them can be read by the function of its name."""

MOMENT = 1.0
"""Seconds: "a moment", "a beat"."""


def number(text: str) -> float:
    """ "2.5", "2,5", "two". Raises ValueError."""
    word = text.strip().lower()
    if word in _WORDS:
        return _WORDS[word]
    return float(word.replace(",", ".").replace(" ", ""))


def integer(text: str) -> int:
    """A whole number. Raises ValueError."""
    found = number(text)
    if found != int(found):
        raise ValueError(f"'{text}' is no whole number")
    return int(found)


def ordinal(text: str) -> int:
    """ "second" is 2, "3rd" 3, "last" -1. Raises ValueError."""
    word = text.strip().lower()
    if word in _ORDINALS:
        return _ORDINALS[word]
    return int(re.sub(r"(st|nd|rd|th)$", "", word))


def seconds(text: str) -> float:
    """ "2 s", "half a second", "two and a half seconds", "500 ms", "1:30". Raises ValueError."""
    plain = text.strip().lower().removeprefix("another ")
    if ":" in plain:
        found = 0.0
        for part in plain.split(":"):
            found = found * 60 + float(part)
        return found
    if plain in ("a moment", "a beat"):
        return MOMENT
    half = "and a half" in plain
    plain = " ".join(plain.replace("and a half", " ").replace("-", " ").split())
    share = {"half": 0.5, "a half": 0.5, "a quarter of": 0.25}
    match = re.fullmatch(rf"(?:(half|a half|a quarter of) (?:a |an )?|({NUMBER}) ?)({_UNIT})", plain)
    if match is None:
        raise ValueError(f"'{text}' is no length of time")
    count = share[match.group(1)] if match.group(1) else number(match.group(2))
    return round((count + 0.5 * half) * _UNITS[match.group(3)], 6)


def decibels(text: str) -> float:
    """ "+6 dB", "-3", "six decibels". Raises ValueError."""
    plain = re.sub(r" ?(db|decibels?)$", "", text.strip().lower())
    sign = -1.0 if plain.startswith("-") else 1.0
    return sign * number(plain.lstrip("+-").strip())
