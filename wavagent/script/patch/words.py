"""Anchors that stand on words, when the words of their line change."""

from collections.abc import Callable
from difflib import SequenceMatcher

from wavagent.script.anchor import Anchor
from wavagent.text import words

Follow = Callable[[Anchor], Anchor]
"""Where an anchor stands after a change."""


def followed(line: str, before: str, after: str) -> Follow:
    """The anchors on words of `line` on the same words in `after`; a word that is gone leaves them where it stood."""
    places = _places(before, after)

    def follow(anchor: Anchor) -> Anchor:
        if anchor.element != line or anchor.word is None or anchor.word >= len(places):
            return anchor
        word = places[anchor.word]
        if word is None:
            return anchor.model_copy(update={"edge": "start", "word": None})
        return anchor.model_copy(update={"word": word})

    return follow


def _places(before: str, after: str) -> list[int | None]:
    """For every word of `before`, the number of the word of `after` that stands for it; None when there is none."""
    one, other = ([text[start:end].lower() for start, end in words(text)] for text in (before, after))
    found: list[int | None] = []
    for _, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for word in range(i, i_end):
            at = min(j + (word - i) * (j_end - j) // (i_end - i), len(other) - 1)
            found.append(at if other else None)
    return found


def shifted(line: str, count: int, other: str) -> Follow:
    """The anchors of `line` that belong to what follows its first `count` words, on the line `other`."""

    def follow(anchor: Anchor) -> Anchor:
        if anchor.element != line:
            return anchor
        if anchor.edge == "end":
            return anchor.model_copy(update={"element": other})
        if anchor.word is None or anchor.word < count:
            return anchor
        return anchor.model_copy(update={"element": other, "word": anchor.word - count})

    return follow
