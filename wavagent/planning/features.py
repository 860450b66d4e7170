"""Features: what speaks for and against each candidate for a turn, by names that the table of weights knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wavagent.planning.tag import Tag
from wavagent.planning.turn import Turn

SOMEBODY = -1
"""The candidate who is none of the cast."""


@dataclass(frozen=True)
class Presence:
    """Who is there when a turn begins.

    `order`: everybody named in the narration of late, the latest first; `ago`: in which paragraph before this one.
    `own` and `lead`: who is named, in order, in the narration of the turn's own paragraphs and of the one before.
    """

    order: Sequence[int]
    ago: Mapping[int, int]
    own: Sequence[int]
    lead: Sequence[int]


@dataclass(frozen=True)
class Known:
    """What is known of each of the cast: gender, share of all mentions, and who of them says "I"."""

    genders: Sequence[str | None]
    shares: Mapping[int, float]
    narrator: int | None = None

    def features(self, candidate: int, turn: Turn, near: Mapping[int, Turn], presence: Presence) -> Iterator[str]:
        """The features of `candidate` for `turn`; `near` are the turns before and after it, at -1 and 1."""
        if candidate == SOMEBODY:
            tag = next((tag for tag in turn.tags if tag.verb), None)
            yield f"somebody:{tag.subject if tag else 'untagged'}"
            return
        yield from self._of_tags(candidate, turn.tags, presence)
        yield from self._of_words(candidate, turn, near)
        yield from _of_place(candidate, presence)
        share = self.shares.get(candidate, 0.0)
        yield "share:" + ("high" if share > 0.15 else "mid" if share > 0.04 else "low" if share > 0.01 else "rare")

    def _of_tags(self, candidate: int, tags: Sequence[Tag], presence: Presence) -> Iterator[str]:
        """What the best tag of each kind tells of a candidate."""
        kinds: set[str] = set()
        for tag in tags:
            kind = f"says-{tag.place}" if tag.verb else "does"
            if kind not in kinds:
                yield f"{kind}:{self._fit(candidate, tag, presence)}"
            kinds.add(kind)

    def _fit(self, candidate: int, tag: Tag, presence: Presence) -> str:
        if tag.subject == "first":
            return f"first:{'yes' if candidate == self.narrator else 'no'}"
        if tag.subject == "many":
            return "many"
        if tag.people:
            hit = candidate in tag.people
            return f"name:{'no' if not hit else 'yes' if len(tag.people) == 1 else 'maybe'}"
        gender = self.genders[candidate]
        fit = "open" if not (gender and tag.gender) else "yes" if gender == tag.gender else "no"
        if fit == "yes" and tag.subject == "pronoun" and candidate == self._antecedent(tag.gender, presence):
            fit = "latest"
        return f"{tag.subject}:{fit}"

    def _antecedent(self, gender: str | None, presence: Presence) -> int | None:
        return next((person for person in presence.order if self.genders[person] in (gender, None)), None)

    def _of_words(self, candidate: int, turn: Turn, near: Mapping[int, Turn]) -> Iterator[str]:
        """Whether the words of this turn and of those beside it address a candidate, or speak of them."""
        gender = self.genders[candidate]
        if candidate in turn.called:
            yield "called-here"
        if candidate in turn.named:
            yield "named-here"
        if turn.sir and gender:
            yield f"sir-here:{'same' if gender == turn.sir else 'other'}"
        for side, other in near.items():
            gap = (other if side > 0 else turn).gap
            if gap > 1:
                continue
            beside = f"{'next' if side > 0 else 'before'}{gap}"
            if candidate in other.called:
                yield f"called-{beside}"
            if candidate in other.named:
                yield f"named-{beside}"
            if other.sir and gender:
                yield f"sir-beside:{'same' if gender == other.sir else 'other'}"


def _of_place(candidate: int, presence: Presence) -> Iterator[str]:
    """Where the narration around a turn names a candidate."""
    if candidate in presence.own:
        yield f"own:{'first' if presence.own[0] == candidate else 'other'}"
    if candidate in presence.lead:
        yield f"lead:{'first' if presence.lead[0] == candidate else 'other'}"
        if presence.lead[-1] == candidate:
            yield "lead:last"
    ago = presence.ago.get(candidate, 99)
    yield f"ago:{ago if ago <= 2 else '3-5' if ago <= 5 else '6-12' if ago <= 12 else 'far'}"
    rank = presence.order.index(candidate) if candidate in presence.order[:4] else 4
    yield f"rank:{rank}"


def follows(turn: Turn, before: Turn | None, earlier: Turn | None) -> tuple[str, str]:
    """The features of speaking again after the turn before, and after the one before that."""
    here = _distance(turn, before)
    there = _distance(before, earlier) if before else "3"
    near = "in" if "in" in (here, there) else f"{here}{there}" if max(here, there) <= "1" else "far"
    return f"again:{here}", f"return:{near}"


def _distance(turn: Turn, before: Turn | None) -> str:
    """How far apart two turns are: in one paragraph, or so many paragraphs of narration."""
    return "in" if before and before.closes == turn.opens else str(min(turn.gap, 3))
