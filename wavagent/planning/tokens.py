"""A text as words: what each is, where it stands, and what stands between it and the next."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from wavagent.planning.words.english import ENGLISH
from wavagent.planning.words.lexicon import Lexicon

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-‐‑][^\W\d_]+)*")
_STOP = re.compile(r"[.!?:;…]")
_ABBREVIATED = frozenset("mr mrs ms dr st prof rev capt col gen lt mme mlle m messrs".split())


@dataclass(frozen=True)
class Tokens:
    """The words of `text`, in order: as written, in lower case, and the characters each starts and ends at."""

    text: str
    words: Sequence[str]
    lower: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    lexicon: Lexicon = ENGLISH

    @classmethod
    def of(cls, text: str, lexicon: Lexicon = ENGLISH) -> "Tokens":
        found = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
        words = [word for word, _, _ in found]
        return cls(
            text,
            words,
            [bare(word) for word in words],
            [start for _, start, _ in found],
            [end for _, _, end in found],
            lexicon,
        )

    def __len__(self) -> int:
        return len(self.words)

    def within(self, start: int, end: int) -> range:
        """The indices of the words that stand between two characters."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def after(self, index: int) -> str:
        """What stands between word `index` and the next one."""
        following = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.ends[index] : following]

    def stops(self, index: int) -> bool:
        """Whether a sentence or a clause of its own ends after word `index`."""
        gap = self.after(index)
        return _STOP.search(gap) is not None and not (gap.lstrip()[:1] == "." and self.lower[index] in _ABBREVIATED)


def bare(word: str) -> str:
    """A word in lower case, with a straight apostrophe and without the possessive."""
    word = word.lower().replace("’", "'")
    return word[:-2] if word.endswith("'s") else word
