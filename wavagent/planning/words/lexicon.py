"""A lexicon: the words of a language that tell who speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Gender = Literal["male", "female"]
Words = frozenset[str]


def words(text: str) -> Words:
    """The words of `text`, which white space parts."""
    return frozenset(text.split())


def told(male: str = "", female: str = "", neither: str = "") -> dict[str, Gender | None]:
    """Words with the gender they tell."""
    genders: dict[str, Gender | None] = dict.fromkeys(male.split(), "male")
    return genders | dict.fromkeys(female.split(), "female") | dict.fromkeys(neither.split())


@dataclass(frozen=True)
class Lexicon:
    """All words are in lower case, but for `first_person`.

    `saying`, `thinking`, `writing`: verbs beside a quotation. `replies`: nouns that stand for saying ("was Mary's
    reply"). `adverbs` may stand between a verb and its subject, as may words with one of `adverb_endings`.
    """

    saying: Words = frozenset()
    thinking: Words = frozenset()
    writing: Words = frozenset()
    replies: Words = frozenset()
    adverbs: Words = frozenset()
    adverb_endings: tuple[str, ...] = ()
    letters: Words = frozenset()  # what is written and read out: letter, note, telegram

    pronouns: Mapping[str, Gender | None] = field(default_factory=dict)  # as subjects
    telling: Mapping[str, Gender] = field(default_factory=dict)  # pronouns in any case that tell a gender
    first_person: Words = frozenset()
    many: Words = frozenset()  # they, both, everybody
    crowds: Words = frozenset()  # men, voices, audience

    titles: Mapping[str, Gender | None] = field(default_factory=dict)
    first_named: Words = frozenset()  # titles that a given name may follow: Sir Walter, Aunt Polly
    ranks: Words = frozenset()  # titles that only a surname follows
    before_names: Words = frozenset()  # titles after which any capital is a name
    callings: Words = frozenset()  # titles that stand for the name itself: the General
    married: Words = frozenset()
    unmarried: Words = frozenset()

    nouns: Mapping[str, Gender | None] = field(default_factory=dict)  # the landlord, the old woman
    anybody: Words = frozenset()  # nouns that as a rule mean somebody who has a name
    children: Words = frozenset()
    old: Words = frozenset()
    ages: Mapping[str, str] = field(default_factory=dict)  # adjectives

    articles: Words = frozenset()
    determiners: Words = frozenset()
    prepositions: Words = frozenset()
    particles: Words = frozenset()  # words in a phrase that is no name: the man with the beard
    noble: Words = frozenset()  # words in small letters inside a name: de, von

    address: Mapping[str, Gender] = field(default_factory=dict)  # sir, madam
    endearments: Words = frozenset()

    male: Words = frozenset()  # given names
    female: Words = frozenset()
    nicknames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_names: Words = frozenset()  # words with a capital that are nobody's name
    ambiguous: Words = frozenset()  # of these, the ones that may be
    noun_capitals: bool = False  # whether every noun has a capital

    def given(self, name: str) -> Gender | None:
        """The gender of a given name, None for one that is not known."""
        return "male" if name in self.male else "female" if name in self.female else None

    def age(self, noun: str) -> str | None:
        """The age that a noun tells."""
        return "child" if noun in self.children else "old" if noun in self.old else None

    def is_adverb(self, word: str) -> bool:
        return word in self.adverbs or (bool(self.adverb_endings) and word.endswith(self.adverb_endings))
