"""Turns: the quotations that one speaker says in one go, and what the text around them tells of the speaker."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from wavagent.planning.mention import Mention, Names, mentions
from wavagent.planning.quotation import Quotation
from wavagent.planning.tag import Grammar, Tag
from wavagent.planning.tokens import Tokens
from wavagent.reading.document import Paragraph


@dataclass(frozen=True)
class Turn:
    """Quotations `first` to `last` (exclusive), of paragraphs `opens` to `closes`.

    `gap` counts the paragraphs of narration since the turn before. `tags` say or hint who speaks, the best first.
    `called` are those whom the words address by name, `named` those of whom they speak; `sir` is the gender of whom
    they address without a name.
    """

    first: int
    last: int
    opens: int
    closes: int
    gap: int
    tags: tuple[Tag, ...]
    called: frozenset[int]
    named: frozenset[int]
    sir: str | None = None


@dataclass(frozen=True)
class Scenery:
    """A text with its quotations and the mentions of a cast in it: all that turns are read off."""

    tokens: Tokens
    parts: Sequence[Paragraph]
    found: Sequence[Quotation]
    names: Names

    @cached_property
    def mentions(self) -> Mapping[int, Mention]:
        return {mention.first: mention for mention in mentions(self.tokens, self.names)}

    @cached_property
    def grammar(self) -> Grammar:
        return Grammar(self.tokens, self.mentions)

    @cached_property
    def _mentioned(self) -> Sequence[int]:
        return sorted(self.mentions)

    def mentions_in(self, words: range) -> Iterator[Mention]:
        """The mentions that start among `words`."""
        at = bisect_left(self._mentioned, words.start)
        while at < len(self._mentioned) and self._mentioned[at] < words.stop:
            yield self.mentions[self._mentioned[at]]
            at += 1

    def narration(self, paragraph: int) -> Iterator[range]:
        """The words of a paragraph outside its quotations, stretch by stretch."""
        part = self.parts[paragraph]
        at = part.start
        for quotation in self._in(paragraph):
            yield self.tokens.within(at, quotation.start)
            at = quotation.end
        yield self.tokens.within(at, part.end)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [quotation.paragraph for quotation in self.found]

    def _in(self, paragraph: int) -> Sequence[Quotation]:
        return self.found[bisect_left(self._starts, paragraph) : bisect_left(self._starts, paragraph + 1)]

    def turns(self) -> Iterator[Turn]:
        """The turns, in order."""
        closes = -1
        for group in self._groups():
            here = self.found[group.start : group.stop]
            opens = here[0].paragraph
            gap = max(0, opens - closes - 1) if closes >= 0 else 99
            tags = sorted(self._tags(group), key=lambda tag: not tag.verb)
            called, named, sir = self._addressed(here)
            closes = here[-1].paragraph
            yield Turn(group.start, group.stop, opens, closes, gap, tuple(tags), called, named, sir)

    def _groups(self) -> Iterator[range]:
        """Runs of quotations with one speaker: those of a paragraph, and of the next where it goes on with them."""
        start = 0
        said: Tag | None = None
        for index, quotation in enumerate(self.found):
            before = self.found[index - 1] if index else None
            tag = next((tag for tag in self._tags_of(index) if tag.verb), None)
            together = before and (quotation.continues or quotation.paragraph == before.paragraph)
            if index and (not together or (tag and said and _another(tag, said))):
                yield range(start, index)
                start, said = index, None
            said = said or tag
        if self.found:
            yield range(start, len(self.found))

    def _tags(self, group: range) -> Iterator[Tag]:
        for index in group:
            yield from self._tags_of(index)

    def _tags_of(self, index: int) -> Iterator[Tag]:
        """The tags beside a quotation: one that leads straight into it, else after it, and before it."""
        before = self._before(index)
        if before and before.place == "into":
            yield before
            return
        if after := self._after(index):
            yield after
        if before:
            yield before

    def _after(self, index: int) -> Tag | None:
        quotation = self.found[index]
        ended = self.tokens.text[quotation.first : quotation.last].rstrip()[-1:] == "."
        return self.grammar.after(self._following(index), ended)

    def _following(self, index: int) -> range:
        """The words after a quotation, up to the next one or to the end of the paragraph."""
        quotation = self.found[index]
        following = self.found[index + 1] if index + 1 < len(self.found) else None
        together = following and following.paragraph == quotation.paragraph
        end = following.start if following and together else self.parts[quotation.paragraph].end
        return self.tokens.within(quotation.end, end)

    def _before(self, index: int) -> Tag | None:
        quotation = self.found[index]
        part = self.parts[quotation.paragraph]
        before = self.found[index - 1] if index else None
        if before and before.paragraph == quotation.paragraph:
            # Between two quotations a tag belongs to the first: "No," said Mary. "Never."
            tag = self.grammar.before(self._following(index - 1), "before")
            first = self._after(index - 1)
            return tag if tag and tag.place == "into" and not (first and first.at == tag.at) else None
        if quotation.start == part.start and quotation.paragraph:
            return self._lead(quotation.paragraph - 1, before)
        words = self.tokens.within(part.start, quotation.start)
        return self.grammar.before(words, "before") if words else None

    def _lead(self, paragraph: int, before: Quotation | None) -> Tag | None:
        """What the paragraph before leads up to: "Mary rose, and said:"; if it is a whole, only who acts in it."""
        part = self.parts[paragraph]
        spoken = before is not None and before.paragraph == paragraph
        whole = self.tokens.text[part.end - 1] not in ",:;—–-"
        if spoken and whole:
            return None
        start = before.end if before and spoken else part.start
        words = self.tokens.within(start, part.end)
        tag = self.grammar.before(words, "lead") if words else None
        return replace(tag, verb="") if tag and whole else tag

    def _addressed(self, here: Sequence[Quotation]) -> tuple[frozenset[int], frozenset[int], str | None]:
        called: set[int] = set()
        named: set[int] = set()
        sir: str | None = None
        for quotation in here:
            words = self.tokens.within(quotation.first, quotation.last)
            for mention in self.mentions_in(words):
                (called if self._vocative(mention, words) else named).update(mention.people[:1])
            for at in words:
                sir = sir or self.tokens.lexicon.address.get(self.tokens.lower[at])
        return frozenset(called), frozenset(named - called), sir

    def _vocative(self, mention: Mention, words: range) -> bool:
        """Whether a name is called out: "Come, Mary!", "My dear Mary, no"; not "Mary came"."""
        first = mention.first
        while first > words.start and self.tokens.lower[first - 1] in self.tokens.lexicon.endearments:
            first -= 1
        opens = first == words.start or self.tokens.after(first - 1).strip(" \n\t_") != ""
        opens = opens or self.tokens.lower[first - 1] in _CALLS
        after = self.tokens.after(mention.last - 1).lstrip(" _")
        return opens and not mention.whose and (mention.last >= words.stop or after[:1] in ",.!?;:—-–…")


def _another(tag: Tag, said: Tag) -> bool:
    """Whether a tag names somebody else than the one before it: nobody is named again where "he said" would do."""
    if tag.subject == "name":
        return tag.people != said.people
    return tag.subject == said.subject == "pronoun" and tag.gender != said.gender


_CALLS = frozenset(
    "oh o ah well yes no come now dear but and why hallo hullo hello thank you please good morning".split()
)
