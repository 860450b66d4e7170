"""About how long it takes to say a text, in any script."""

import re

LETTER = 0.068
"""Seconds of a letter of an alphabet, as narrators speak English, French, German, Spanish and Russian."""

_WEIGHTS = (
    (re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 3.3),  # a syllable each, as in Chinese
    (re.compile(r"[\u3040-\u30ff\uac00-\ud7af]"), 2.4),  # kana and hangul
    (re.compile(r"\d"), 4.0),
    (re.compile(r"[,;:.!?…—。，、！？；：]+"), 3.0),  # a pause
)


def spoken_seconds(text: str, pace: float = 1.0) -> float:
    """Seconds that `text` takes at `pace` times a narrator's speed: right within a factor of two, never zero."""
    weight = 0.0
    for pattern, each in _WEIGHTS:
        text, found = pattern.subn(" ", text)
        weight += each * found
    weight += sum(character.isalpha() for character in text)
    return max(0.2, weight * LETTER / pace)
