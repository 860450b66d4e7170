"""What is lit at once while a book is read aloud: a line, or where the times of its words are known, a word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from wavagent.export.heard import heard
from wavagent.programme import Passage, Placed, Programme

_WHITE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Lit:
    """A stretch of the text, and the frame at which it begins to be spoken; None where nobody speaks it."""

    text: str
    cue: str
    heading: bool
    frame: int | None


def lit(programme: Programme, by_word: bool = False) -> Iterator[Lit]:
    """The text of `programme` in stretches; joined, they are its passages, to the character."""
    spoken = {one.cue.id: one for one in programme.placed if one.cue.role == "speech"}
    for passage in programme.passages:
        line = spoken.get(passage.cue)
        for text, frame in _pieces(passage, line, programme.rate, by_word):
            yield Lit(text, passage.cue, passage.heading, frame)


def _pieces(passage: Passage, line: Placed | None, rate: int, by_word: bool) -> Iterator[tuple[str, int | None]]:
    if line is None or not by_word or not line.words:
        yield passage.text, line.start if line is not None else None
        return
    bounds = list(_bounds(passage.text, line, rate))
    ends = [at for at, _ in bounds[1:]] + [len(passage.text)]
    for (at, frame), end in zip(bounds, ends, strict=True):
        yield passage.text[at:end], frame


def _bounds(text: str, line: Placed, rate: int) -> Iterator[tuple[int, int]]:
    """The characters at which words begin, with what opens them, and the frames at which they are said.

    A word that is said together with the one before it, as the "18" of 1895 said as a year, stays with that.
    """
    lit_since = line.start
    yield 0, lit_since
    found = list(heard(text, line, rate))
    for (_, before, _), (first, _, frame) in pairwise(found):
        if lit_since < frame < line.end:
            yield first - len(_WHITE.split(text[before:first])[-1]), frame
            lit_since = frame
