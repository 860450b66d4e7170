"""When the words of a line are heard, where its voice has said so."""

from collections.abc import Iterator

from wavagent.audio import Word
from wavagent.programme import Placed
from wavagent.text import aligned, one_line, words


def heard(text: str, line: Placed, rate: int) -> Iterator[tuple[int, int, int]]:
    """First and last (exclusive) character of each word of `text`, and the frame at which it is said, never going back.

    `text` is what `line` stands for, as it is written; a word that is not said for itself shares its neighbour's time.
    Nothing is known of a line without times.
    """
    if not line.words:
        return
    frame = line.start
    for (first, last), at in zip(words(text), aligned(text, line.cue.said or one_line(text)), strict=True):
        word = _said(line.words, at)
        if word is not None:
            frame = min(line.end, max(frame, line.start + round(word.start * rate)))
        yield first, last, frame


def _said(times: tuple[Word, ...], at: int) -> Word | None:
    """The word that holds character `at` of what is said, or the next one."""
    return next((word for word in times if word.last > at), None)
