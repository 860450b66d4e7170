"""The people of a story as a model names them, held against the text: nobody is believed in who is not in it."""

import re
from collections.abc import Iterable, Sequence

from wavagent.planning.llm.wire import Age, Gender, Wire, Word, Words
from wavagent.script import NARRATOR, Character, Span, Trait, Traits
from wavagent.text import one_line, slug

_ARTICLE = re.compile(r"^(?:the|an?|le|la|les|der|die|das|el|los|las)\s+", re.IGNORECASE)
_ALIKE = {"'": "['’‘]", "’": "['’‘]", "‘": "['’‘]", '"': '["“”„«»]', "“": '["“”„«»]', "”": '["“”„«»]'}
_LONGEST = 80
"""Characters of a name; what is longer is none."""
_MOST = 400
"""Characters of a quotation that is looked for."""


class NewPerson(Wire):
    """Somebody who speaks and was not in the cast."""

    id: str
    name: Word
    aliases: Words = ()
    gender: Gender = ""
    age: Age = ""
    evidence: Word = ""


class People:
    """A cast that grows, and the text that says who is in it. `added` are those whom the model named."""

    def __init__(self, cast: Iterable[Character], text: str) -> None:
        self.cast = list(cast)
        self._text = text
        self._ids: dict[str, str] = {}  # the model's ids and names -> ours
        for character in self.cast:
            self._learn(character)

    def who(self, name: object) -> str | None:
        """The id of whom a model means by `name`: an id, a name, an alias; None when nobody is meant."""
        return self._ids.get(_folded(name)) if isinstance(name, str) else None

    def add(self, person: NewPerson) -> str | None:
        """Take `person` into the cast; what is wrong, for the model, or None."""
        if (known := self.who(person.name) or self.who(person.id)) is not None:
            self._call(known, (person.name, *person.aliases))
            self._ids.setdefault(_folded(person.id), known)
            return None
        name = _ARTICLE.sub("", person.name)
        if not name or len(name) > _LONGEST or find(self._text, name) is None:
            return f"`people`: '{person.name[:40]}' does not stand in the text; name people as the text does"
        character = Character(
            id=self._free(slug(person.name, "somebody")),
            name=person.name,
            aliases=tuple(alias for alias in person.aliases if find(self._text, alias) and not self.who(alias)),
            traits=self._traits(person),
        )
        self.cast.append(character)
        self._learn(character)
        self._ids.setdefault(_folded(person.id), character.id)
        return None

    def _call(self, id: str, names: Iterable[str]) -> None:
        """Let whom the rules know be called by `names` too, where the text has them; all else stays as it is."""
        at = next(at for at, character in enumerate(self.cast) if character.id == id)
        new = tuple(name for name in dict.fromkeys(names) if self._is_name(name) and not self.who(name))
        if new and id != NARRATOR:
            character = self.cast[at]
            self.cast[at] = character.model_copy(update={"aliases": (*character.aliases, *new)})
            self._learn(self.cast[at])

    def _is_name(self, name: str) -> bool:
        return name[:1].isupper() and len(name) <= _LONGEST and find(self._text, name) is not None

    def _learn(self, character: Character) -> None:
        for name in (character.id, character.name, *character.aliases):
            self._ids.setdefault(_folded(name), character.id)

    def _free(self, stem: str) -> str:
        taken = {character.id for character in self.cast}
        stem = stem if stem[0].isalpha() else f"c-{stem}"
        return next(id for n in range(1, len(taken) + 2) if (id := stem if n == 1 else f"{stem}-{n}") not in taken)

    def _traits(self, person: NewPerson) -> Traits:
        """What the text says of `person`, where the words that say so are in it."""
        span = find(self._text, person.evidence)
        if span is None:
            return Traits()
        words = one_line(self._text[span.start : span.end])
        told = {
            what: Trait(value=value, evidence=words, span=span)
            for what, value in (("gender", person.gender), ("age", person.age))
            if value
        }
        return Traits(**told)


def find(text: str, words: str) -> Span | None:
    """Where `words` stand in `text`, whatever the white space, the letter case and the kind of quotation mark."""
    pieces = words[:_MOST].split()
    if not pieces:
        return None
    pattern = r"\s+".join("".join(_ALIKE.get(letter, re.escape(letter)) for letter in piece) for piece in pieces)
    match = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    return Span(start=match.start(), end=match.end()) if match else None


def speaking(cast: Sequence[Character], who: set[str]) -> tuple[Character, ...]:
    """The narrator, and those of `cast` who are in `who`."""
    return tuple(character for character in cast if character.id == NARRATOR or character.id in who)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
