"""Text into cards of a few short lines, broken where a reader would pause.

All ways to cut the text are weighed at once (as TeX breaks paragraphs), so that no card is left with a single word.
Widths are columns: East Asian wide characters take two, combining ones none.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

ROWS = 2
SHORTEST, LONGEST = 1.0, 7.0
"""Seconds that a card should last."""

_SENTENCE = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")
_CLAUSE = re.compile(r"[,;:—–、，；：]['\"”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is never broken: mostly a word. `gap` is the white space before it."""

    text: str
    gap: str
    width: int


def width(text: str) -> int:
    """Columns that `text` takes."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pieces(text: str, columns: int) -> Iterator[Piece]:
    """The pieces of `text`: its words, those of scripts without spaces by character, and none wider than a line."""
    for word in text.split():
        gap = " "
        for part in _parts(word, columns):
            yield Piece(part, gap, width(part))
            gap = ""


def _parts(word: str, columns: int) -> Iterator[str]:
    if word.isascii() and len(word) <= columns:
        yield word
        return
    part, taken = "", 0
    for character in word:
        size = _columns(character)
        # a wide character may follow or open a part, punctuation may not open one, and a mark belongs to its letter
        breakable = size == 2 and character.isalnum()
        if part and (taken + size > columns or (breakable and size)):
            yield part
            part, taken = "", 0
        part, taken = part + character, taken + size
    if part:
        yield part


def cards_of(text: str, columns: int, seconds: float) -> list[tuple[str, ...]]:
    """The cards of a text that is spoken in so many seconds (0: that is not spoken), each of one line or two."""
    found = list(pieces(text, columns))
    lengths = _Lengths(found)
    pace = seconds / max(1, lengths.between(0, len(found)))
    best, previous = [0.0], [0]  # the cost of the cheapest way to cut the first n pieces, and its last cut
    for _ in found:
        best.append(float("inf"))
        previous.append(0)
    for first in range(len(found)):
        for last in lengths.cards_from(first, columns):
            cost = best[first] + _cost(lengths.between(first, last), columns, pace)
            cost += _break_cost(found[last - 1].text) if last < len(found) else 0.0
            if cost < best[last]:
                best[last], previous[last] = cost, first
    cuts = [len(found)]
    while cuts[-1]:
        cuts.append(previous[cuts[-1]])
    cuts.reverse()
    return [_lines(found, lengths, first, last, columns) for first, last in zip(cuts, cuts[1:], strict=False)]


class _Lengths:
    """How wide a run of pieces is on one line."""

    def __init__(self, found: list[Piece]) -> None:
        self._gaps = [len(piece.gap) for piece in found]
        self._ends = [0]
        for piece in found:
            self._ends.append(self._ends[-1] + len(piece.gap) + piece.width)

    def between(self, first: int, last: int) -> int:
        return self._ends[last] - self._ends[first] - self._gaps[first] if last > first else 0

    def cards_from(self, first: int, columns: int) -> Iterator[int]:
        """Where a card that starts with piece `first` may end: all that fits on two lines."""
        rows, line = 1, first
        for last in range(first + 1, len(self._gaps) + 1):
            if self.between(line, last) > columns:
                rows, line = rows + 1, last - 1
            if rows > ROWS:
                return
            yield last


def _cost(taken: int, columns: int, pace: float) -> float:
    """What is wrong with a card of `taken` columns, apart from where it ends."""
    empty = 1.0 - taken / (ROWS * columns)
    cost = 4.0 + 6.0 * empty * empty
    seconds = taken * pace
    if seconds > LONGEST:
        cost += 200.0 * (seconds - LONGEST)
    elif 0.0 < seconds < SHORTEST:
        cost += 40.0 * (SHORTEST - seconds)
    return cost


def _break_cost(end: str) -> float:
    """What is wrong with a break after the piece `end`."""
    if _SENTENCE.search(end):
        return 0.0
    return 3.0 if _CLAUSE.search(end) else 8.0


def _lines(found: list[Piece], lengths: _Lengths, first: int, last: int, columns: int) -> tuple[str, ...]:
    """The pieces of a card on one line, or on two of about one length."""
    if lengths.between(first, last) <= columns:
        return (_joined(found[first:last]),)
    middles = [
        middle
        for middle in range(first + 1, last)
        if max(lengths.between(first, middle), lengths.between(middle, last)) <= columns
    ]

    def unevenness(middle: int) -> float:
        apart = abs(lengths.between(first, middle) - lengths.between(middle, last))
        return apart + _break_cost(found[middle - 1].text)

    middle = min(middles, key=unevenness)
    return _joined(found[first:middle]), _joined(found[middle:last])


def _joined(found: list[Piece]) -> str:
    return "".join(piece.gap + piece.text for piece in found).strip()
