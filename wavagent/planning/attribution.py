"""Attribution: who speaks each quotation, how sure that is, and why.

Each turn of speech gets candidates from those who are about; each candidate a score, the sum of the weights of its
features; and speakers follow each other as in a chain, so that a reply is by the other one and a talk goes to and
fro. The idea of scored candidates is He, Barbosa and Kondrak's (ACL 2013), that of sieves over tags, vocatives and
alternation Muzny and others' (EACL 2017); here all of it is one log-linear chain.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wavagent.planning.chain import Scores, marginals
from wavagent.planning.features import SOMEBODY, Known, Presence, follows
from wavagent.planning.mention import gender_of
from wavagent.planning.tag import Tag
from wavagent.planning.turn import Scenery, Turn
from wavagent.planning.weights import WEIGHTS
from wavagent.script import Character

SURE = 0.9
"""The confidence from which on a line is the speaker's; below it the narrator speaks. See docs/benchmarks.md."""
_RECENT = 30
"""Paragraphs back in which a candidate was last named."""
_LATEST = 7
"""So many of the last named are candidates, whatever else speaks for them."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The index in the cast of who speaks, None where nobody can be; a confidence from 0 to 1; why, in a few words."""

    who: int | None = None
    confidence: float = 0.0
    evidence: str = ""
    tag: Tag | None = None


@dataclass(frozen=True)
class Casting:
    """A scenery in which turns are given to a cast, of whom `narrator`, an index, says "I"."""

    scenery: Scenery
    cast: Sequence[Character]
    narrator: int | None = None

    @cached_property
    def turns(self) -> Sequence[Turn]:
        return tuple(self.scenery.turns())

    @cached_property
    def _named(self) -> Sequence[tuple[int, int, int]]:
        """Where the narration names whom: character, paragraph, index in the cast."""
        return [
            (self.scenery.tokens.starts[at], paragraph, person)
            for paragraph in range(len(self.scenery.parts))
            for words in self.scenery.narration(paragraph)
            for at, person in self._people_in(words)
        ]

    def _people_in(self, words: range) -> Iterator[tuple[int, int]]:
        """The words that name somebody, and whom; in a story told by somebody, "I" names the narrator."""
        found = [(mention.first, mention.people[0]) for mention in self.scenery.mentions_in(words)]
        if self.narrator is not None:
            found += [
                (at, self.narrator)
                for at in words
                if self.scenery.tokens.words[at] in self.scenery.tokens.lexicon.first_person
            ]
        yield from sorted(found)

    @cached_property
    def known(self) -> Known:
        counts = Counter(person for _, _, person in self._named)
        total = counts.total() or 1
        return Known(
            [gender_of(person) for person in self.cast],
            {person: count / total for person, count in counts.items()},
            self.narrator,
        )

    def presences(self) -> Iterator[Presence]:
        """Who is there at each turn."""
        latest: dict[int, tuple[int, int]] = {}
        starts = [start for start, _, _ in self._named]
        at = 0
        for turn in self.turns:
            until = bisect_right(starts, self.scenery.found[turn.first].start)
            for start, paragraph, person in self._named[at:until]:
                latest[person] = (start, paragraph)
            at = until
            order = sorted(latest, key=lambda person: -latest[person][0])
            ago = {person: turn.opens - latest[person][1] for person in order}
            order = [person for person in order if ago[person] <= _RECENT]
            yield Presence(order, ago, self._at(turn.opens, turn.closes), self._lead(turn))

    def _lead(self, turn: Turn) -> Sequence[int]:
        return self._at(turn.opens - 1, turn.opens - 1) if turn.gap and turn.opens else ()

    def _at(self, first: int, last: int) -> Sequence[int]:
        return [
            person
            for paragraph in range(first, last + 1)
            for words in self.scenery.narration(paragraph)
            for _, person in self._people_in(words)
        ]

    def candidates(self, index: int, presence: Presence) -> list[int]:
        """Who may speak a turn: those its tags name, those spoken to beside it, and those last named."""
        turn = self.turns[index]
        people = [person for tag in turn.tags for person in tag.people]
        people += presence.own
        for beside in self._near(index).values():
            people += sorted(beside.called)
            people += [person for tag in beside.tags if tag.verb for person in tag.people]
        people += presence.order[:_LATEST]
        people += [self.narrator] if self.narrator is not None else []
        return [*dict.fromkeys(people), SOMEBODY]

    def _near(self, index: int) -> Mapping[int, Turn]:
        return {side: self.turns[index + side] for side in (-1, 1) if 0 <= index + side < len(self.turns)}

    def rows(self) -> Iterator[tuple[list[int], list[list[str]], tuple[str, str]]]:
        """For each turn its candidates, the features of each, and those of speaking again."""
        for index, presence in enumerate(self.presences()):
            turn = self.turns[index]
            near = self._near(index)
            people = self.candidates(index, presence)
            features = [list(self.known.features(person, turn, near, presence)) for person in people]
            before = self.turns[index - 1] if index else None
            earlier = self.turns[index - 2] if index > 1 else None
            yield people, features, follows(turn, before, earlier)

    def attributions(self) -> tuple[Attribution, ...]:
        """Who speaks each quotation of the scenery."""
        if not self.turns:
            return ()
        rows = list(self.rows())
        people = [row[0] for row in rows]
        own = [_array([sum(WEIGHTS.get(name, 0.0) for name in names) for names in row[1]]) for row in rows]
        one = [_same(people, t, 1, WEIGHTS.get(row[2][0], 0.0)) for t, row in enumerate(rows)]
        two = [_same(people, t, 2, WEIGHTS.get(row[2][1], 0.0)) for t, row in enumerate(rows)]
        given: list[Attribution] = []
        for turn, there, likely in zip(self.turns, people, marginals(own, one, two), strict=True):
            best = int(likely.argmax())
            given += self._of_turn(turn, there[best], round(float(likely[best]), 3))
        return tuple(given)

    def _of_turn(self, turn: Turn, who: int, confidence: float) -> Iterator[Attribution]:
        tag = next((tag for tag in turn.tags if tag.verb), None)
        why = self._why(turn, who, tag)
        for _ in range(turn.first, turn.last):
            yield Attribution(who, confidence, why, tag) if who != SOMEBODY else Attribution(None, 0.0, why, tag)

    def _why(self, turn: Turn, who: int, tag: Tag | None) -> str:
        tokens = self.scenery.tokens
        if tag:
            words = tokens.text[tokens.starts[tag.first] : tokens.ends[tag.last - 1]]
            return f"tag: {' '.join(words.split())} {tag.verb}"
        if who == SOMEBODY:
            return "nobody of the cast seems to say it"
        if turn.tags and who in turn.tags[0].people:
            return "named beside the words"
        return "takes turns" if turn.gap == 0 else "named shortly before"


def _array(values: Sequence[float]) -> Scores:
    return np.array(values, dtype=np.float64)


def _same(people: Sequence[Sequence[int]], t: int, back: int, weight: float) -> Scores:
    """The score of each candidate of turn t for having spoken `back` turns before, shape (n(t-back), n(t))."""
    if t < back:
        return np.zeros((1, len(people[t])))
    same = np.equal.outer(people[t - back], people[t])
    return np.where(same, weight, 0.0)
