"""A transcript beside the text: how many words were heard otherwise, and what that looks like."""

from collections.abc import Sequence
from dataclasses import dataclass

from wavagent.check.normal import normal
from wavagent.check.repetition import repeats
from wavagent.check.take import Fault
from wavagent.text import shown

SHARE, WORDS = 0.15, 2
"""Of a line's words, and words: as many may be heard otherwise, for a transcriber, too, mishears a name."""

_MARKUP = frozenset(
    "slash bracket brackets asterisk break emotion laughs sighs gasps chuckles emphasis prosody".split()
)
"""Words that are heard when a tag is read aloud."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a text of `words`: the `errors`, the places of those `lost`, and those heard that are `new`."""

    words: int
    errors: int
    lost: tuple[int, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """The word error rate: errors in a word of the text."""
        return self.errors / max(1, self.words)


def hear(texts: Sequence[str], transcript: str, language: str = "en") -> Heard:
    """`transcript` beside the one of `texts` that is nearest: a text as it is written, and as it is to be said."""
    heard = normal(transcript, language)
    return min((compare(normal(text, language), heard) for text in texts), key=lambda found: found.rate)


def compare(said: Sequence[str], heard: Sequence[str]) -> Heard:
    """The fewest words lost, new or replaced. A compound may be heard as two words, and a figure as any word."""
    costs = _costs(said, heard)
    lost, new, i, j = [], [], len(said), len(heard)
    while i or j:
        back, forth, _ = min(_steps(said, heard, costs, i, j), key=lambda step: step[2])
        if costs[i][j] > costs[i - back][j - forth]:
            if back:
                lost.append(i - 1)
            if forth:
                new.append(heard[j - 1])
        i, j = i - back, j - forth
    return Heard(len(said), costs[-1][-1], tuple(reversed(lost)), tuple(reversed(new)))


def doubt(found: Heard) -> Fault | None:
    """What the words that were heard say of the take, or None when they are the text's, near enough."""
    nothing = found.words > 0 and found.errors >= found.words and not found.new
    if not nothing and found.errors <= max(WORDS, SHARE * found.words):
        return None
    tail = tuple(range(found.words - len(found.lost), found.words))
    if nothing or (found.lost == tail and len(found.lost) > len(found.new)):
        return Fault("truncation", f"lacks its last {len(found.lost)} words of {found.words}, as it was heard")
    new = shown(" ".join(found.new), 40)
    if _MARKUP & set(found.new):
        return Fault("markup", f"says '{new}', which is not in its text")
    if len(found.new) > 2 * len(found.lost):
        again = "repetition" if repeats(" ".join(found.new), 2) else "run-on"
        return Fault(again, f"says '{new}' beside its text")
    return Fault("words", f"has {found.errors} of its {found.words} words otherwise than its text, as it was heard")


def _costs(said: Sequence[str], heard: Sequence[str]) -> list[list[int]]:
    """The errors between the first i words said and the first j heard."""
    costs = [[0] * (len(heard) + 1) for _ in range(len(said) + 1)]
    for i in range(len(said) + 1):
        for j in range(len(heard) + 1):
            if i or j:
                costs[i][j] = min(cost for _, _, cost in _steps(said, heard, costs, i, j))
    return costs


def _steps(
    said: Sequence[str], heard: Sequence[str], costs: list[list[int]], i: int, j: int
) -> list[tuple[int, int, int]]:
    """The ways to the end of i words said and j heard: how many of each a step takes, and the errors by then."""
    steps = []
    if i and j:
        one, other = said[i - 1], heard[j - 1]
        steps.append((1, 1, costs[i - 1][j - 1] + (one != other and not _figures(one, other))))
        if i > 1 and said[i - 2] + one == other:
            steps.append((2, 1, costs[i - 2][j - 1]))
        if j > 1 and heard[j - 2] + other == one:
            steps.append((1, 2, costs[i - 1][j - 2]))
    if i:
        steps.append((1, 0, costs[i - 1][j] + 1))
    if j:
        steps.append((0, 1, costs[i][j - 1] + 1))
    return steps


def _figures(one: str, other: str) -> bool:
    """Whether exactly one of them is in figures: in most languages the other may well be how they are said."""
    return one.isdigit() != other.isdigit()
