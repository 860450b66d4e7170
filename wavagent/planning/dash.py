"""Speech that a dash opens, as in French, Spanish or Russian: where the speaker pauses, and where it ends."""

import re
from collections.abc import Iterator, Sequence

from wavagent.planning.marks import DASHED
from wavagent.planning.words.dashes import INLINE, INSERTIONS, OPENING, Insertion
from wavagent.reading.document import Paragraph
from wavagent.text import has_words

_SENTENCE = re.compile(r"(?<=[.!?…])(?<!\bM\.)(?<!\bMM\.)\s+(?=[^\s\W]|[«—–])|(?<=[»])\s+(?=[A-ZÀ-Þ])")

Span = tuple[int, int]


def opens_with_dash(text: str, part: Paragraph) -> bool:
    return OPENING.match(text, part.start, part.end) is not None


def runs_on(text: str, parts: Sequence[Paragraph]) -> bool:
    """Whether talk stands inside paragraphs, speech after speech, and not each speech in one of its own."""
    inside = sum(1 for _ in INLINE.finditer(text))
    return inside > sum(opens_with_dash(text, part) for part in parts)


def speeches(text: str, part: Paragraph, language: str, inline: bool) -> Iterator[Span]:
    """What is said in a paragraph with dashes, in order: spans from an opening dash, or after an insertion, on.

    `inline`: talk runs on inside paragraphs, so that speeches start and end there, marked by nothing but their words.
    """
    grammar = INSERTIONS.get(language[:2])
    if grammar is None:
        return
    starts = [part.start] if opens_with_dash(text, part) else []
    if inline and not grammar.by_dash:
        starts += [match.start() + _space(match.group()) for match in INLINE.finditer(text, part.start, part.end)]
    for start, end in zip(starts, [*starts[1:], part.end], strict=False):
        yield from (span for span in _of_speech(text, start, end, grammar, inline) if has_words(text[slice(*span)]))


def said_in(text: str, start: int, end: int, language: str) -> list[Span]:
    """What is said between two marks, without what the narrator puts in with no mark: « Oui, dit-il, j'y vais. »"""
    grammar = INSERTIONS.get(language[:2])
    if grammar is None or grammar.by_dash or language[:2] not in DASHED:
        return [(start, end)]
    return [span for span in _of_speech(text, start, end, grammar, False) if has_words(text[slice(*span)])]


def _space(text: str) -> int:
    return len(text) - len(text.lstrip())


def _of_speech(text: str, start: int, end: int, grammar: Insertion, inline: bool) -> Iterator[Span]:
    """One speaker's words between the narrator's."""
    at = start
    opening = OPENING.match(text, start, end)
    search = opening.end() if opening else start
    while match := grammar.begins.search(text, search, end):
        cut = match.start() + _space(match.group()) if not grammar.by_dash else match.start()
        yield at, cut
        resumed = grammar.ends.search(text, match.end(), end)
        if resumed is None:
            return
        at = search = resumed.end()
        stopped = not grammar.by_dash and resumed.group()[0] in ".!?…"
        if stopped and _narrated(text, at, end, grammar):
            return
    yield at, _told_from(text, at, end, grammar) if inline else end


def _narrated(text: str, start: int, end: int, grammar: Insertion) -> bool:
    """Whether the sentence at `start` is the narrator's."""
    stop = _SENTENCE.search(text, start + 1, end)
    sentence = text[start : stop.start() if stop else end]
    return grammar.told.search(sentence) is not None and grammar.spoken.search(sentence) is None


def _told_from(text: str, start: int, end: int, grammar: Insertion) -> int:
    """Where the first sentence after the first is the narrator's: nothing else marks the end of such a speech."""
    at = start
    for match in _SENTENCE.finditer(text, start, end):
        at = match.end()
        if _narrated(text, at, end, grammar):
            return at
    return end
