"""Mentions: where in a text somebody of the cast is named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wavagent.planning.tokens import Tokens
from wavagent.planning.words.english import ENGLISH
from wavagent.planning.words.lexicon import Lexicon
from wavagent.script import Character

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` (exclusive) name one of `people`, indices into the cast, the likeliest first.

    `whose`: they stand in the genitive, so that somebody or something else is meant: Mary's father.
    """

    first: int
    last: int
    people: tuple[int, ...]
    whose: bool = False


class Names:
    """The names of a cast, found by their first word.

    A person also goes by the shorter forms of a full name: Mr. Samuel Pickwick is Mr. Pickwick, Samuel and Pickwick,
    unless another one bears that very name.
    """

    def __init__(self, cast: Sequence[Character], lexicon: Lexicon = ENGLISH) -> None:
        self._words = lexicon
        own: dict[Name, dict[int, None]] = {}
        derived: dict[Name, dict[int, None]] = {}
        self._articled: set[str] = set()
        for index, person in enumerate(cast):
            for written in (person.name, *person.aliases):
                words = tuple(Tokens.of(written).lower)
                articled = len(words) > 1 and words[0] in self._words.articles
                name = words[articled:]
                if name:
                    own.setdefault(name, {})[index] = None
                if articled and len(name) == 1:
                    self._articled.add(name[0])
                for short in _shorter(name, lexicon):
                    derived.setdefault(short, {})[index] = None
        self._people = {name: tuple(people) for name, people in {**derived, **own}.items()}
        self._starting: dict[str, list[Name]] = {}
        for name in sorted(self._people, key=len, reverse=True):
            self._starting.setdefault(name[0], []).append(name)
        self._genders = [gender_of(person) for person in cast]

    def at(self, tokens: Tokens, index: int, end: int) -> Mention | None:
        """The longest name that starts at word `index` and ends before word `end`."""
        for name in self._starting.get(tokens.lower[index], ()):
            last = index + len(name)
            if last <= end and tuple(tokens.lower[index:last]) == name and self._written(tokens, index, last):
                people = self._titled(tokens, index, self._people[name])
                return Mention(index, last, people, _genitive(tokens.words[last - 1])) if people else None
        return None

    def _written(self, tokens: Tokens, first: int, last: int) -> bool:
        """Whether these words are written as a name: with a capital, or as a noun with its article."""
        words = tokens.words[first:last]
        if len(words) > 1:
            return words[-1][0].isupper() or words[0].islower()
        if words[0][0].isupper():
            # "Captain" alone is a name, the one of "Captain Nemo" is part of another.
            return not (tokens.lower[first] in self._words.titles and _goes_on(tokens, last))
        before = tokens.lower[max(0, first - 3) : first]
        return words[0] in self._articled and any(word in self._words.determiners for word in before)

    def _titled(self, tokens: Tokens, first: int, people: tuple[int, ...]) -> tuple[int, ...]:
        """Of those who bear a name, the ones whom the title before it suits: no Mrs. Darcy is Mr. Darcy."""
        title = tokens.lower[first - 1] if first and tokens.words[first - 1][0].isupper() else ""
        gender = self._words.titles.get(title)
        if gender is None:
            return people
        return tuple(person for person in people if self._genders[person] in (gender, None))


def mentions(tokens: Tokens, names: Names) -> Iterator[Mention]:
    """Every mention of the cast, in order; they do not overlap."""
    at = 0
    while at < len(tokens):
        mention = names.at(tokens, at, len(tokens))
        if mention:
            yield mention
        at = mention.last if mention else at + 1


def gender_of(person: Character) -> str | None:
    trait = person.traits.gender
    return trait.value if trait and trait.value in ("male", "female") else None


def _shorter(name: Name, lexicon: Lexicon) -> Iterator[Name]:
    """The shorter forms in which somebody of this full name is spoken of."""
    titles = next((at for at, word in enumerate(name) if word not in lexicon.titles), len(name))
    rest = name[titles:]
    if not rest or any(word in lexicon.particles or word in lexicon.nouns for word in rest):
        return
    if titles:
        yield rest
        yield name[:1]
        yield (*name[:titles], rest[0])
        yield (*name[:titles], rest[-1])
    if len(rest) > 1:
        yield rest[:1]
        yield rest[-1:]


def _goes_on(tokens: Tokens, index: int) -> bool:
    return index < len(tokens) and tokens.words[index][0].isupper() and not tokens.stops(index - 1)


def _genitive(word: str) -> bool:
    return word.endswith(("'s", "’s", "s'", "s’"))
