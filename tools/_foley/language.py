"""From a description to the sounds it names.

A sound's `words` are patterns, parted by commas. In a pattern, words parted by blanks must all stand in the
description, in any order, within six words; `car-door` is one word after the other; `door|gate` is either. A word
stands for its singular and plural; `slam~` for every form of the verb; `=waves` for itself alone. `?door` is weak:
it counts only when nothing stronger is named.

The longest patterns claim their words first, so "car door" is no car; the phrases of `SILENT` claim theirs for no
sound at all, so "the train of her dress" is none either. What is claimed by no pattern is never guessed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .catalogue import SOUNDS
from .vocabulary import (
    ARTICLES,
    BETWEEN,
    DENIED,
    DEPICTED,
    DISTANT,
    FAST,
    GROUND,
    HEAVY,
    LIGHT,
    LOUD,
    MODIFIERS,
    MOST,
    MUFFLED,
    NUMBERS,
    SILENT,
    SLOW,
    SOFT,
    THINGS,
    Forms,
    forms,
)

WINDOW = 6
LONGEST = 80
"""Words of a description that are read: what it names stands at its beginning."""

Slot = tuple[tuple[Forms, ...], ...]
"""Alternatives, each a run of words."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a description names: a sound by its `name`, `also` others with it, `count` strokes if it says so.

    `weight` is -1 (light) to 1 (heavy), `pace` times the usual speed, `level` dB by its words alone.
    """

    name: str
    also: tuple[str, ...] = ()
    count: int | None = None
    weight: float = 0.0
    pace: float = 1.0
    level: float = 0.0
    distant: bool = False
    muffled: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Slots that must all be filled for `name`; None is silence."""

    name: str | None
    slots: tuple[Slot, ...]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """The words, by position, that a pattern takes for `name`."""

    name: str | None
    words: tuple[int, ...]
    weak: bool = False

    @property
    def rank(self) -> tuple[int, int, int]:
        """More words first, then the closer together, then the earlier."""
        return -len(self.words), self.words[-1] - self.words[0], self.words[0]


def classify(what: str) -> Match | None:
    """The sound that `what`, a description in English, names; None when it names none that is known."""
    words = _words(what)
    claims = _heard(words, _claims(words))
    if not claims:
        return None
    figures = [claim for claim in claims if not _is_ground(words, claim)] or claims[:1]
    events = [claim for claim in figures if not _texture(claim)]
    beds = [claim for claim in figures if _texture(claim)] + [c for c in claims if _texture(c) and c not in figures]
    names = list(dict.fromkeys(str(claim.name) for claim in events[:2] + beds[: 2 if events else 3]))
    head = (events or beds)[0]
    return Match(names[0], tuple(names[1:]), _count(words, head), *_manner(frozenset(words)))


def nearest(what: str, most: int = 4) -> tuple[str, ...]:
    """Names of the sounds whose words look most like those of `what`, at most `most`."""
    from difflib import get_close_matches

    known = _vocabulary()
    found = [known[close] for word in _words(what)[:20] for close in get_close_matches(word, known, 2, 0.75)]
    return tuple(dict.fromkeys(found))[:most]


def _words(what: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", what[: 16 * LONGEST]).casefold().replace("’", "'")
    return [word.removesuffix("'s") for word in re.findall(r"[a-z]+(?:'[a-z]+)?|\d{1,2}(?!\d)", plain)][:LONGEST]


# ---- claims


def _claims(words: Sequence[str]) -> list[Claim]:
    """Claims that share no word, the strongest first; in the order of the words."""
    index = _index()
    candidates = dict.fromkeys(pattern for word in words for pattern in index.get(word, ()))
    claims = sorted((claim for pattern in candidates for claim in _matches(pattern, words)), key=lambda c: c.rank)
    taken: set[int] = set()
    kept = []
    for claim in claims:
        if taken.isdisjoint(claim.words):
            taken.update(claim.words)
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.words[0])


def _matches(pattern: Pattern, words: Sequence[str]) -> Iterator[Claim]:
    found = [list(_places(slot, words)) for slot in pattern.slots]
    for place in found[0]:
        claimed = set(place)
        for places in found[1:]:
            near = [other for other in places if claimed.isdisjoint(other)]
            if not near:
                break
            claimed.update(min((abs(other[0] - place[0]), other) for other in near)[1])
        else:
            if max(claimed) - min(claimed) <= WINDOW:
                yield Claim(pattern.name, tuple(sorted(claimed)), pattern.weak)


def _places(slot: Slot, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
    for run in slot:
        for start in range(len(words) - len(run) + 1):
            if all(words[start + offset] in forms for offset, forms in enumerate(run)):
                yield tuple(range(start, start + len(run)))


def _heard(words: Sequence[str], claims: Sequence[Claim]) -> list[Claim]:
    """Without those that are silent, denied, only depicted, or part of a silent thing; the weak give way."""
    claimed = {position for claim in claims for position in claim.words}
    depicted = _depicted(words)
    heard = [
        claim
        for claim in claims
        if claim.name is not None
        and claim.words[0] < depicted
        and not _denied(words, claim.words[0])
        and not _modifies_a_thing(words, claim, claimed)
    ]
    return [claim for claim in heard if not claim.weak] or heard


def _denied(words: Sequence[str], start: int) -> bool:
    """Whether what stands before `start` says that there is none: "no ...", "without a sound of ..."."""
    before = start - 1
    while before >= 0 and words[before] in BETWEEN:
        before -= 1
    return before >= 0 and words[before] in DENIED


def _depicted(words: Sequence[str]) -> int:
    """Where a depiction begins: "a painting of ..."; past the end when there is none."""
    pairs = zip(words, words[1:], strict=False)
    return next((at for at, (word, then) in enumerate(pairs) if word in DEPICTED and then == "of"), len(words))


def _modifies_a_thing(words: Sequence[str], claim: Claim, claimed: set[int]) -> bool:
    after = claim.words[-1] + 1
    if after >= len(words) or after in claimed:
        return False
    return words[after] in THINGS or words[after].removesuffix("s") in THINGS


def _is_ground(words: Sequence[str], claim: Claim) -> bool:
    """Whether a preposition stands just before, with at most an article and an adjective between."""
    start = claim.words[0]
    return any(
        words[at] in GROUND for at in range(max(0, start - 3), start) if at == start - 1 or words[at + 1] in ARTICLES
    )


def _texture(claim: Claim) -> bool:
    return SOUNDS[str(claim.name)].texture


# ---- manner and count


def _manner(words: Forms) -> tuple[float, float, float, bool, bool]:
    """weight, pace, level, distant, muffled."""
    weight = 0.8 * (bool(words & HEAVY) - bool(words & LIGHT))
    pace = 1.35 if words & FAST else 0.7 if words & SLOW else 1.0
    level = 3.0 * bool(words & LOUD) - 8.0 * bool(words & SOFT)
    return weight, pace, level, bool(words & DISTANT), bool(words & MUFFLED)


def _count(words: Sequence[str], claim: Claim) -> int | None:
    """A number that stands right before the claim (but for its manner) or right after it; at most twelve."""
    before = claim.words[0] - 1
    while before >= 0 and words[before] in MODIFIERS and words[before] not in NUMBERS:
        before -= 1
    after = [at + 1 for at in claim.words]
    for at in (before, *after):
        if 0 <= at < len(words) and (number := _number(words[at])):
            return min(number, MOST)
    return None


def _number(word: str) -> int | None:
    return int(word) or None if word.isdecimal() else NUMBERS.get(word)


# ---- vocabulary


@cache
def _patterns() -> tuple[Pattern, ...]:
    named: list[tuple[str | None, str]] = [(sound.name, sound.words) for sound in SOUNDS.values()]
    return tuple(
        Pattern(name, tuple(_slot(part.lstrip("?")) for part in phrase.split()), phrase.strip().startswith("?"))
        for name, phrases in [*named, (None, SILENT)]
        for phrase in phrases.split(",")
        if phrase.strip()
    )


def _slot(part: str) -> Slot:
    return tuple(tuple(forms(word) for word in run.split("-")) for run in part.split("|"))


@cache
def _index() -> Mapping[str, tuple[Pattern, ...]]:
    """The patterns whose first slot can begin with a word."""
    index: dict[str, list[Pattern]] = {}
    for pattern in _patterns():
        for form in frozenset().union(*(run[0] for run in pattern.slots[0])):
            index.setdefault(form, []).append(pattern)
    return MappingProxyType({form: tuple(patterns) for form, patterns in index.items()})


@cache
def _vocabulary() -> Mapping[str, str]:
    """The words that name a sound by themselves."""
    alone = [
        pattern for pattern in _patterns() if pattern.name and len(pattern.slots) == 1 and len(pattern.slots[0]) == 1
    ]
    return MappingProxyType({form: str(p.name) for p in alone if len(p.slots[0][0]) == 1 for form in p.slots[0][0][0]})
