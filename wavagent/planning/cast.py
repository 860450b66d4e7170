"""The cast: who speaks in a story, and what the text says of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from wavagent.planning.ids import id_of
from wavagent.planning.mention import Mention, Names
from wavagent.planning.people import Capitals, Gathering, Name, Person
from wavagent.planning.quotation import Quotation
from wavagent.planning.tag import Tag
from wavagent.planning.teller import teller_of
from wavagent.planning.tokens import Tokens
from wavagent.planning.turn import Scenery, Turn
from wavagent.planning.words.lexicon import Lexicon
from wavagent.reading.document import Paragraph
from wavagent.script import NARRATOR, Character, Span, Trait, Traits
from wavagent.text import one_line

_REACH = 12
"""Words after a name in which a pronoun most likely means its bearer."""
_SENTENCE = 30
"""Words of the longest sentence in which two names are looked at side by side."""
_AGREE = 0.7
"""The share of pronouns that must agree before they tell a gender."""
_CALL = 2
"""Words of a turn in which nobody is called by name: "Fire!"."""
_OFTEN, _ALWAYS = 3, 8
"""So often "the old man", and "the stranger", speak before they are somebody of their own."""


def cast_of(tokens: Tokens, parts: Sequence[Paragraph], found: Sequence[Quotation]) -> tuple[Character, ...]:
    """The narrator, then everybody who speaks or is plainly a person, those named most often first."""
    company = Company.of(tokens, parts, found)
    teller = teller_of(company.scenery, company.surely)
    people = [*company.named(teller), *company.nameless()]
    taken = {NARRATOR}
    cast = [company.narrator(teller)]
    for name, aliases, traits in people:
        cast.append(Character(id=id_of(name, taken), name=name, aliases=aliases, traits=traits))
        taken.add(cast[-1].id)
    return tuple(cast)


Described = tuple[str, tuple[str, ...], Traits]
"""A name, other names, and traits."""


@dataclass(frozen=True)
class Company:
    """Everybody whose name a text may hold, before it is known who of them are people."""

    scenery: Scenery
    people: Sequence[Person]
    genders: Sequence[str | None]
    first: dict[Name, tuple[int, int]]

    @property
    def words(self) -> Lexicon:
        return self.scenery.tokens.lexicon

    @classmethod
    def of(cls, tokens: Tokens, parts: Sequence[Paragraph], found: Sequence[Quotation]) -> "Company":
        opening = frozenset(words.start for part in parts if (words := tokens.within(part.start, part.end)))
        capitals = Capitals(tokens, opening)
        forms: Counter[Name] = Counter()
        first: dict[Name, tuple[int, int]] = {}
        together: Counter[frozenset[Name]] = Counter()
        for part in parts:
            before: list[tuple[int, Name]] = []
            for at, form in capitals.forms(tokens.within(part.start, part.end)):
                forms[form] += 1
                first.setdefault(form, (tokens.starts[at], tokens.ends[at + len(form) - 1]))
                before = [(where, other) for where, other in before if not _parted(tokens, where, at)]
                together.update({frozenset((form, other)) for _, other in before if other != form})
                before.append((at, form))
        gathering = Gathering(tokens.lexicon, forms, together)
        people = sorted(gathering.people(), key=lambda person: -person.forms.total())
        genders = [gathering.gender(person) for person in people]
        stubs = [_stub(index, person, genders[index]) for index, person in enumerate(people)]
        return cls(Scenery(tokens, parts, found, Names(stubs, tokens.lexicon)), people, genders, first)

    @cached_property
    def turns(self) -> Sequence[Turn]:
        return tuple(self.scenery.turns())

    @property
    def surely(self) -> frozenset[int]:
        """Those whose title or given name says that they are people."""
        known = enumerate(zip(self.people, self.genders, strict=True))
        return frozenset(index for index, (person, gender) in known if gender or person.titles)

    def narrator(self, teller: int | None) -> Character:
        """The narrator, who goes by the name of the one who tells the story, where that is somebody in it."""
        if teller is None:
            return Character(id=NARRATOR, name="Narrator")
        _, names, traits = self._described(teller)
        return Character(id=NARRATOR, name="Narrator", aliases=names, traits=traits)

    def named(self, teller: int | None) -> Iterator[Described]:
        """Those with a name, but for the teller."""
        tags = Counter(who for tag in self._saying() for who in tag.people[:1])
        called = Counter(who for turn in self.turns if self._talks(turn) for who in turn.called)
        for index, person in enumerate(self.people):
            plainly = self.genders[index] is not None and person.forms.total() > 1
            if index != teller and (tags[index] or called[index] > 1 or plainly):
                name, names, traits = self._described(index)
                yield name, names[1:], traits

    def _talks(self, turn: Turn) -> bool:
        """Whether a turn says more than a word or two: "Fire!" calls nobody by name."""
        found = self.scenery.found[turn.first : turn.last]
        return sum(len(self.scenery.tokens.within(one.first, one.last)) for one in found) > _CALL

    def _described(self, index: int) -> Described:
        """A person's most usual name, all of them, and their traits."""
        names = tuple(dict.fromkeys(self._written(form) for form, _ in self.people[index].forms.most_common()))
        return names[0], names, Traits(gender=self._gender(index, self.people[index]), age=self._age(index))

    def nameless(self) -> Iterator[Described]:
        """Those whom the narrator calls by what they are: the landlord, an old woman."""
        counts: Counter[str] = Counter()
        where: dict[str, Tag] = {}
        for tag in self._saying():
            if tag.subject == "noun" and self.scenery.tokens.lower[tag.first] in self.words.articles:
                name = " ".join(self.scenery.tokens.lower[tag.first + 1 : tag.last])
                counts[name] += 1
                where.setdefault(name, tag)
        for name, count in counts.most_common():
            *qualified, noun = name.split()
            # "The old man" may be anybody, until he has spoken often; "the old banker" is the banker.
            often = _OFTEN if qualified else _ALWAYS
            if (noun in self.words.anybody and count < often) or (qualified and noun in counts):
                continue
            tag = where[name]
            trait = self._trait(tag.gender, tag.first, tag.last) if tag.gender else None
            yield f"The {name}", (), Traits(gender=trait, age=self._age_of_noun(tag))

    def _saying(self) -> Iterator[Tag]:
        return (tag for turn in self.turns for tag in turn.tags if tag.verb)

    def _written(self, form: Name) -> str:
        start, end = self.first[form]
        return one_line(self.scenery.tokens.text[start:end]).removesuffix("'s").removesuffix("’s")

    def _trait(self, value: str, first: int, last: int) -> Trait:
        """A trait with the words that tell it."""
        start, end = self.scenery.tokens.starts[first], self.scenery.tokens.ends[last - 1]
        evidence = one_line(self.scenery.tokens.text[start:end])
        return Trait(value=value, evidence=evidence, span=Span(start=start, end=end))

    def _gender(self, index: int, person: Person) -> Trait | None:
        """The gender that a title or a given name tells, else the one the pronouns after the name agree on."""
        if gender := self.genders[index]:
            form = next(form for form in person.forms if self._tells(form, gender))
            start, end = self.first[form]
            evidence = one_line(self.scenery.tokens.text[start:end])
            return Trait(value=gender, evidence=evidence, span=Span(start=start, end=end))
        votes = self._pronouns.get(index, [])
        counts = Counter(gender for gender, _, _ in votes)
        if not counts:
            return None
        (likely, most), *_ = counts.most_common(1)
        if most < _AGREE * len(votes):
            return None
        return self._trait(*next(vote for vote in votes if vote[0] == likely))

    def _tells(self, form: Name, gender: str) -> bool:
        return any(self.words.titles.get(word) == gender or self.words.given(word) == gender for word in form)

    @cached_property
    def _pronouns(self) -> dict[int, list[tuple[str, int, int]]]:
        """For each person the pronouns that follow their name: gender, and the words from the name to the pronoun."""
        votes: dict[int, list[tuple[str, int, int]]] = {}
        for paragraph in range(len(self.scenery.parts)):
            for words in self.scenery.narration(paragraph):
                for mention in self.scenery.mentions_in(words):
                    if vote := self._vote(mention, words):
                        votes.setdefault(mention.people[0], []).append(vote)
        return votes

    def _vote(self, mention: Mention, words: range) -> tuple[str, int, int] | None:
        for at in range(mention.last, min(mention.last + _REACH, words.stop)):
            if at in self.scenery.mentions:
                return None
            if gender := self.words.telling.get(self.scenery.tokens.lower[at]):
                return gender, mention.first, at + 1
        return None

    def _age(self, index: int) -> Trait | None:
        """The age that the word before a name tells more than once: old, little, young."""
        told = [
            (age, at)
            for at in self._where.get(index, ())
            if at and (age := self.words.ages.get(self.scenery.tokens.lower[at - 1]))
        ]
        if len(told) < max(2, len(self._where.get(index, ())) // 12):
            return None
        age = Counter(age for age, _ in told).most_common(1)[0][0]
        at = next(at for told_age, at in told if told_age == age)
        return self._trait(age, at - 1, at + 1)

    @cached_property
    def _where(self) -> dict[int, list[int]]:
        """The words at which each person is named."""
        where: dict[int, list[int]] = {}
        for mention in self.scenery.mentions.values():
            where.setdefault(mention.people[0], []).append(mention.first)
        return where

    def _age_of_noun(self, tag: Tag) -> Trait | None:
        words = self.scenery.tokens.lower[tag.first : tag.last]
        age = self.words.age(words[-1]) or next(
            (self.words.ages[word] for word in words if word in self.words.ages), None
        )
        return self._trait(age, tag.first, tag.last) if age else None


def _stub(index: int, person: Person, gender: str | None) -> Character:
    forms = [" ".join(word.capitalize() for word in form) for form in person.forms]
    trait = Trait(value=gender) if gender else None
    return Character(id=f"c{index}", name=forms[0], aliases=tuple(forms[1:]), traits=Traits(gender=trait))


def _parted(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a sentence ends between two words."""
    return last - first > _SENTENCE or any(tokens.stops(at) for at in range(first, last))
