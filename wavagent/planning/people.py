"""People: who there is in a story, and under which names, read off the names themselves and how they are used."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from wavagent.planning.tokens import Tokens
from wavagent.planning.words.lexicon import Lexicon

Name = tuple[str, ...]

_FAR_MORE = 3
"""So many times as often somebody must be named to be meant by a name that several bear."""
_SIDE_BY_SIDE = 0.03
_LONGEST = 8
"""Words of the longest name."""
_BEARERS = 40
"""Bearers of one word that are looked at; a story with more has no use for them."""


@dataclass
class Person:
    """Somebody of the story: the forms they are named in with how often, and the parts of their name."""

    forms: Counter[Name] = field(default_factory=Counter)
    titles: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    family: str | None = None


@dataclass(frozen=True)
class Gathering:
    """The forms of names in a text with how often each is used, on their way to people.

    `together` counts how often two forms stand in one sentence: nobody is named there in two ways, so forms that
    often are belong to different people.
    """

    words: Lexicon
    forms: Mapping[Name, int]
    together: Mapping[frozenset[Name], int]
    bearers: dict[str, list[Person]] = field(default_factory=dict)

    def people(self) -> list[Person]:
        """The people whom the forms name: full names first, then a title with a name, then single names."""
        people: list[Person] = []
        for form in sorted(self.forms, key=self._order):
            person = self._bearer(form)
            if person is None:
                person = Person()
                people.append(person)
            self._add(person, form)
        return people

    def gender(self, person: Person) -> str | None:
        """The gender that a title or a given name tells."""
        alone = {form[0] for form in person.forms if len(form) == 1}  # a title may be all the name there is: Madame
        told = Counter(sex for title in sorted(person.titles | alone) if (sex := self.words.titles.get(title)))
        if told:
            return told.most_common(1)[0][0]
        return next((sex for name in sorted(person.given) if (sex := self.words.given(name))), None)

    def split(self, form: Name) -> tuple[Name, Name]:
        """The titles of a name and the rest of it."""
        at = next((at for at, word in enumerate(form) if word not in self.words.titles), len(form))
        return (form[:at], form[at:]) if at < len(form) else ((), form)

    def _order(self, form: Name) -> tuple[int, bool, int, Name]:
        titles, rest = self.split(form)
        return -len(rest), not titles, -self.forms[form], form

    def _add(self, person: Person, form: Name) -> None:
        titles, rest = self.split(form)
        person.forms[form] += self.forms[form]
        person.titles |= set(titles)
        if len(rest) > 1:
            person.given.add(rest[0])
            person.family = rest[-1]
        elif titles and not self._first_named(titles, rest[0]):
            person.family = person.family or rest[0]
        elif rest[0] != person.family:
            person.given.add(rest[0])
        for word in {rest[0], rest[-1]}:
            known = self.bearers.setdefault(word, [])
            if len(known) < _BEARERS and not any(person is other for other in known):
                known.append(person)

    def _first_named(self, titles: Name, word: str) -> bool:
        """Whether the single name after these titles is a given name: Aunt Polly, Miss Elizabeth; not Miss Bennet."""
        known = titles[-1] not in self.words.ranks and self.words.given(word) is not None
        return titles[-1] in self.words.first_named or known

    def _bearer(self, form: Name) -> Person | None:
        """The one who is known and may well be meant by `form`; None where nobody is, or several are."""
        titles, rest = self.split(form)
        word = rest[0]
        if len(rest) > 1:
            full = [person for person in self._known(form, rest[-1]) if person.family == rest[-1]]
            return _likeliest([one for one in full if word in one.given or one.given & self._nicknames(word)])
        named = [person for person in self._known(form, word) if word in person.given]
        short = [person for name in self._nicknames(word) for person in self._known(form, name) if name in person.given]
        if not titles or self._first_named(titles, word):
            if named:
                return _likeliest(named)
            if found := _likeliest([person for person in short if not person.titles & _PROUD]):
                return found
        if titles and self._first_named(titles, word):
            return None
        return self._of_family(form, titles, word)

    def _of_family(self, form: Name, titles: Name, word: str) -> Person | None:
        family = [person for person in self._known(form, word) if person.family == word]
        if titles and len(family) > 1 and set(titles) & self.words.unmarried:
            return None
        if not titles:
            # A bare surname is a man's: Darcy is Mr. Darcy, not his sister, nor is Fortunato his lady.
            family = [one for one in family if self.gender(one) == "male"] or [
                one for one in family if not one.titles & (self.words.married | self.words.unmarried) or one.given
            ]
        return _likeliest(family)

    def _known(self, form: Name, word: str) -> list[Person]:
        """Those with this word in their name who may bear `form` as well."""
        titles, _ = self.split(form)
        return [
            person
            for person in self.bearers.get(word, ())
            if self._fits(titles, person) and not self._met(form, person)
        ]

    def _met(self, form: Name, person: Person) -> bool:
        """Whether `form` and this person are named side by side too often to be one."""
        times = sum(self.together.get(frozenset((form, other)), 0) for other in person.forms)
        return times > 1 and times > _SIDE_BY_SIDE * min(self.forms[form], person.forms.total())

    def _fits(self, titles: Name, person: Person) -> bool:
        """Whether somebody with these titles may be that person: no Mrs. is a Miss, nor a Jane nobody calls Mrs."""
        gender = next((sex for title in titles if (sex := self.words.titles.get(title))), None)
        theirs = self.gender(person)
        if gender and theirs and gender != theirs:
            return False
        married = bool(set(titles) & self.words.married)
        if married and (person.given or person.titles) and not person.titles & self.words.married:
            return False
        return not (set(titles) & self.words.unmarried and person.titles & self.words.married)

    def _nicknames(self, word: str) -> set[str]:
        """The given names that `word` is short for, and those that are short for it."""
        return set(self.words.nicknames.get(word, ())) | self._short.get(word, set())

    @cached_property
    def _short(self) -> Mapping[str, set[str]]:
        short: dict[str, set[str]] = {}
        for nickname, full in self.words.nicknames.items():
            for name in full:
                short.setdefault(name, set()).add(nickname)
        return short


_PROUD = {"lady", "sir", "lord"}
"""Titles whose bearers nobody calls by a nickname."""


def _likeliest(people: Sequence[Person]) -> Person | None:
    """The only one, or the one named far more often than the next."""
    found = sorted(people, key=lambda person: -person.forms.total())
    if len(found) > 1 and found[0].forms.total() < _FAR_MORE * found[1].forms.total():
        return None
    return found[0] if found else None


@dataclass(frozen=True)
class Capitals:
    """Which words of a text are somebody's name, judged by where they have a capital. `opening`: words that start
    a paragraph, where every word has one."""

    tokens: Tokens
    opening: frozenset[int]

    @property
    def words(self) -> Lexicon:
        return self.tokens.lexicon

    @cached_property
    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        """How often each word is written like a name, and how often it is not."""
        high: Counter[str] = Counter()
        low: Counter[str] = Counter()
        for index, word in enumerate(self.tokens.words):
            lower = self.tokens.lower[index]
            if not word[0].isupper() or (self.words.noun_capitals and self._has_article(index)):
                low[lower] += 1
            elif not self._opens(index):
                high[lower] += 1
        return high, low

    def _has_article(self, index: int) -> bool:
        return any(word in self.words.determiners for word in self.tokens.lower[max(0, index - 2) : index])

    def _opens(self, index: int) -> bool:
        if index == 0 or index in self.opening:
            return True
        gap = self.tokens.after(index - 1)
        return any(mark in gap for mark in ".!?:;\"“‘«»„—–-(_*'¡¿") and not (
            gap.startswith(".") and self.tokens.lower[index - 1] in self.words.titles
        )

    def is_name(self, index: int) -> bool:
        word, lower = self.tokens.words[index], self.tokens.lower[index]
        if not word[0].isupper() or (len(word) > 3 and word.isupper()):
            return False
        high, low = self._counts
        if lower in self.words.not_names and not (high[lower] > 5 * low[lower] and lower in self.words.ambiguous):
            return False
        known = self.words.given(lower) is not None
        return high[lower] > (8 if self.words.noun_capitals else 3) * low[lower] or (known and low[lower] == 0)

    def forms(self, words: range) -> Iterator[tuple[int, Name]]:
        """Every name among `words`: where it starts, and the words of it in lower case."""
        at = words.start
        while at < words.stop:
            end = self._end(at, words.stop)
            if end > at:
                yield at, tuple(self.tokens.lower[at:end])
            at = max(end, at + 1)

    def _end(self, at: int, stop: int) -> int:
        """Where the name that starts at word `at` ends; `at` itself where none does."""
        stop = min(stop, at + _LONGEST)
        end = self._past_titles(at, stop)
        if end < at:
            return at + 1 if self._alone(at) else at
        named = end > at and end < stop and self._titled(end)
        end += named
        if named and not self._goes_on(end - 1):
            return end
        while end < stop and (self.is_name(end) or self._particle(end, at, stop)):
            named = True
            end += 1
            if not self._goes_on(end - 1):
                break
        return end if named else at

    def _past_titles(self, at: int, stop: int) -> int:
        """The word after the titles at `at`; -1 where a title stands by itself."""
        end = at
        while end < stop and self.tokens.words[end][0].isupper() and self.tokens.lower[end] in self.words.titles:
            if not self._joined(end):
                return -1 if end == at else end
            end += 1
        return end

    def _titled(self, index: int) -> bool:
        """Whether this is a name because a title stands before it: Mrs. Hall."""
        word = self.tokens.words[index]
        return word[0].isupper() and self.tokens.lower[index - 1] in self.words.before_names and len(word) > 1

    def _particle(self, index: int, start: int, stop: int) -> bool:
        """Whether this is the "de" of a name; at its start only with a capital."""
        written = index > start or self.tokens.words[index][0].isupper()
        follows = index + 1 < stop and self._joined(index) and self.is_name(index + 1)
        return written and follows and self.tokens.lower[index] in self.words.noble

    def _alone(self, index: int) -> bool:
        """Whether a title stands for a name here: "the General said"."""
        return self.tokens.lower[index] in self.words.callings and not self._opens(index)

    def _goes_on(self, index: int) -> bool:
        return self._joined(index) and not self.tokens.words[index].endswith(("'s", "’s"))

    def _joined(self, index: int) -> bool:
        """Whether the next word goes on with the same name."""
        gap = self.tokens.after(index)
        return not gap.strip() or (gap.strip() == "." and self.tokens.lower[index] in self.words.titles)
