"""Tags: what the narrator says beside a quotation of who speaks it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from wavagent.planning.mention import Mention
from wavagent.planning.tokens import Tokens
from wavagent.planning.words.lexicon import Lexicon

Subject = Literal["name", "pronoun", "noun", "first", "many"]
Place = Literal["next", "after", "before", "into", "lead"]
_FAR = 14
"""Words between a subject and its verb of saying, at most."""
_CLAUSE = 80
"""Words of a clause that are looked at."""
_TIGHT = 4
"""Words between a verb of saying and the quotation that it leads into, at most."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The subject of a clause beside a quotation, words `first` to `last` (exclusive).

    The clause stands `after` the quotation, or `next` to it, where its verb of saying comes at once; `before` it, or
    its verb leads straight `into` it ("Mary said: "); or it ends the paragraph before, as a `lead`. `verb` is the verb
    of saying, word `at` of the text; empty where somebody only does something beside the words ("He rose."). `people`
    are indices into the cast, for a name; `gender` is told by a pronoun or a noun. A subject of several people is
    `many`.
    """

    subject: Subject
    first: int
    last: int
    people: tuple[int, ...] = ()
    gender: str | None = None
    place: Place = "after"
    verb: str = ""
    at: int = -1

    def saying(self, verb: str, at: int, place: Place) -> "Tag":
        return replace(self, verb=verb, at=at, place=place)


@dataclass(frozen=True)
class Grammar:
    """The words of a text and the mentions in it, by their first word."""

    tokens: Tokens
    mentions: Mapping[int, Mention]

    @property
    def words(self) -> Lexicon:
        return self.tokens.lexicon

    def after(self, words: range, ended: bool) -> Tag | None:
        """The tag in what follows a quotation up to the next one: "said Mary", "he replied", "She rose".

        `ended`: the quotation ends with a full stop, so that what follows is a sentence of its own.
        """
        clause = self._sentence(words)
        if not clause:
            return None
        told = self._inverted(clause) or self._reply(clause, "after")
        if told and not (ended and self._capital(clause.start)):
            return told
        plain = self._plain(clause)
        return replace(plain, verb="") if plain and ended and plain.verb else plain

    def _capital(self, at: int) -> bool:
        return self.tokens.words[at][0].isupper()

    def _inverted(self, clause: range) -> Tag | None:
        """A verb and its subject: said Mary; loudly whispered the old man; subjoined Mrs. Miller; from Mary."""
        head = self._past_adverbs(clause.start, clause.stop)
        if head >= clause.stop:
            return None
        word = self.tokens.lower[head]
        guessed = (word.endswith("ed") or word in _HEADS) and not self.tokens.after(head).strip()
        if not (self._saying(head) or guessed):
            return None
        subject = self.subject(self._past_adverbs(head + 1, clause.stop), clause.stop)
        if subject and (self._saying(head) or subject.subject == "name"):
            return subject.saying(word, head, "next")
        return None

    def _plain(self, clause: range) -> Tag | None:
        """A subject and its verb: Mary said; he at last replied; and, with no verb of saying, She rose."""
        start = clause.start + (self.tokens.lower[clause.start] in _AND)
        subject = self.subject(start, clause.stop)
        if subject is None:
            return None
        last = min(clause.stop, subject.last + _FAR)
        at = next((at for at in range(subject.last, last) if self._saying(at)), -1)
        if at < 0:
            return subject
        beside = self._past_adverbs(subject.last, at) == at and start == clause.start
        return subject.saying(self.tokens.lower[at], at, "next" if beside else "after")

    def _reply(self, clause: range, place: Place) -> Tag | None:
        """A noun that stands for saying, and whose it is: was Mary's reply; came the voice of Mary."""
        was = place == "after" and self.tokens.lower[clause.start] in _WAS
        for at in clause[:12]:
            if self.tokens.lower[at] in self.words.replies:
                return self._owner(at, clause, place)
            mention = self.mentions.get(at)
            if was and at <= clause.start + 2 and mention and mention.whose:
                return Tag("name", at, mention.last, mention.people).saying(self.tokens.lower[clause.start], at, place)
        return None

    def _owner(self, reply: int, clause: range, place: Place) -> Tag | None:
        verb = self.tokens.lower[reply]
        for at in range(reply - 1, max(clause.start, reply - 5) - 1, -1):
            if mention := self._mention_ending(at + 1, clause.start):
                return Tag("name", mention.first, mention.last, mention.people).saying(verb, reply, place)
            if (whose := self.tokens.lower[at]) in _OWN:
                subject: Subject = "first" if whose == "my" else "pronoun"
                return Tag(subject, at, at + 1, gender=_OWN[whose]).saying(verb, reply, place)
        if reply + 1 < clause.stop and self.tokens.lower[reply + 1] == "of":
            found = self.subject(reply + 2, clause.stop)
            return found.saying(verb, reply, place) if found else None
        return None

    def _mention_ending(self, end: int, start: int) -> Mention | None:
        for first in range(end - 1, max(start, end - 4) - 1, -1):
            mention = self.mentions.get(first)
            if mention and mention.last == end:
                return mention
        return None

    def before(self, words: range, place: Place) -> Tag | None:
        """The tag in what leads to a quotation: "Mary said,", "and then he cried:", "Mary turned round."."""
        clause = self._last_sentence(words)
        if not clause:
            return None
        for at in reversed(clause):
            if self._saying(at) and (subject := self._subject_of(at, clause)):
                into = place == "before" and at >= clause.stop - _TIGHT and self._opens(clause.stop - 1)
                return subject.saying(self.tokens.lower[at], at, "into" if into else place)
        if reply := self._reply(clause, place):
            return reply
        subject = next((found for at in clause if (found := self.subject(at, clause.stop))), None)
        return replace(subject, place=place) if subject else None

    def _opens(self, last: int) -> bool:
        """Whether the words up to `last` lead on to what follows: no full stop after them."""
        return self.tokens.after(last).lstrip()[:1] not in (".", "!", "?")

    def _subject_of(self, verb: int, clause: range) -> Tag | None:
        """The subject of the verb at `verb`: what follows it in an inversion, else the nearest before it."""
        if verb + 1 < clause.stop and (subject := self.subject(verb + 1, clause.stop)) and subject.last == clause.stop:
            return subject
        near = verb
        while near - 1 > clause.start and self._adverb(near - 1):
            near -= 1
        apart = near == clause.start or "," in self.tokens.after(near - 1) or self.tokens.lower[near - 1] in _AND
        places = range(clause.start, verb) if apart else range(verb - 1, max(clause.start, verb - _FAR) - 1, -1)
        for at in places:
            subject = self.subject(at, verb)
            if subject and not self._object(at, clause.start):
                return subject
        return None

    def _object(self, at: int, start: int) -> bool:
        return at > start and self.tokens.lower[at - 1] in self.words.prepositions

    def _sentence(self, words: range) -> range:
        """The first clause of `words`."""
        words = words[:_CLAUSE]
        for at in words:
            if self.tokens.stops(at):
                return range(words.start, min(at + 1, words.stop))
        return words

    def _last_sentence(self, words: range) -> range:
        words = words[-_CLAUSE:]
        for at in reversed(words[:-1]):
            if self.tokens.stops(at):
                return range(at + 1, words.stop)
        return words

    def _saying(self, at: int) -> bool:
        return self.tokens.lower[at] in self.words.saying or self.tokens.lower[at] in self.words.thinking

    def _past_adverbs(self, at: int, end: int) -> int:
        while at < end and self._adverb(at):
            at += 1
        return at

    def _adverb(self, at: int) -> bool:
        return self.words.is_adverb(self.tokens.lower[at])

    def subject(self, at: int, end: int) -> Tag | None:
        """The name, pronoun or noun phrase that starts at word `at` and ends before `end`."""
        if at >= end:
            return None
        tokens = self.tokens
        word = tokens.lower[at]
        if word in self.words.pronouns:
            return Tag("pronoun", at, at + 1, gender=self.words.pronouns[word])
        if tokens.words[at] == "I":
            return Tag("first", at, at + 1)
        if word in self.words.many:
            return Tag("many", at, at + 1)
        mention = self.mentions.get(at) or (self.mentions.get(at + 1) if self._before_name(word) else None)
        if mention and not mention.whose and mention.last <= end:
            kind: Subject = "many" if self._and_another(mention.last, end) else "name"
            return Tag(kind, at, mention.last, mention.people)
        if word in self.words.determiners or (mention and mention.whose):
            return self._noun(at + 1 if not mention else mention.last, end)
        return None

    def _before_name(self, word: str) -> bool:
        """Whether a word may stand before a name as part of the phrase: poor Tom, old Mrs. Hall."""
        return word in self.words.titles or word in self.words.ages or word in self.words.endearments

    def _and_another(self, at: int, end: int) -> bool:
        """Whether "and" and somebody else go on with the subject: cried Tom and Mary."""
        return (
            at + 1 < end
            and self.tokens.lower[at] == "and"
            and (at + 1 in self.mentions)
            and not (self.tokens.after(at - 1).strip())
        )

    def _noun(self, at: int, end: int) -> Tag | None:
        """The noun phrase that goes on at word `at`, after its article; a name may end it: "the poor Hatter"."""
        for index in range(at, min(end, at + 5)):
            word = self.tokens.lower[index]
            mention = self.mentions.get(index)
            if mention and mention.last <= end and not mention.whose:
                return Tag("name", at - 1, mention.last, mention.people)
            if word in self.words.crowds:
                return Tag("many", at - 1, index + 1)
            following = self.tokens.lower[index + 1] if index + 1 < end else ""
            if word in self.words.nouns and following not in self.words.nouns and index + 1 not in self.mentions:
                if following == "of" and word == "voice":
                    return self.subject(index + 2, end)
                return Tag("noun", at - 1, index + 1, gender=self.words.nouns[word])
            if self.tokens.after(index).strip():
                break
        return None


_AND = frozenset("and then but so here whereupon while".split())
_WAS = frozenset("was were came".split())
_HEADS = frozenset("from sang quoth".split())
_OWN: Mapping[str, str | None] = {"his": "male", "her": "female", "my": None}
