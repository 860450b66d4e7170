"""Operations on the story as a whole: its title, its language, its seed, how words are pronounced."""

from typing import Literal, Self

from pydantic import Field, model_validator

from wavagent.errors import ScriptError
from wavagent.script.part import Seed
from wavagent.script.patch.edit import Edit, Thing
from wavagent.script.patch.tree import with_
from wavagent.script.script import Rule, Script, Source

_FIELDS = ("title", "author", "language", "seed")


def _story(*fields: str) -> frozenset[Thing]:
    return frozenset(Thing("story", field) for field in fields)


class SetStory(Edit):
    """Change the story's title, author, language or seed."""

    op: Literal["set_story"] = "set_story"
    title: str | None = None
    author: str | None = None
    language: str | None = Field(default=None, description="A tag such as en, de, pt-BR.")
    seed: Seed | None = Field(default=None, description="Another seed makes everything anew that listens to one.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self._given:
            raise ValueError("name at least one of `title`, `author`, `language` and `seed`")
        return self

    @property
    def _given(self) -> dict[str, str | int]:
        return {name: value for name in _FIELDS if (value := getattr(self, name)) is not None}

    def apply(self, script: Script) -> Script:
        return with_(script, **self._given)

    @property
    def touches(self) -> frozenset[Thing]:
        return _story(*self._given)


class Pronounce(Edit):
    """Say a word otherwise wherever it stands; a rule for the same word is replaced."""

    op: Literal["pronounce"] = "pronounce"
    word: str = Field(min_length=1)
    say: str = Field(min_length=1, description="As a reader would have to spell it to say it right.")
    case: bool = Field(default=False, description="Only where the letters' case is the same.")

    def apply(self, script: Script) -> Script:
        rule = Rule(word=self.word, say=self.say, case=self.case)
        others = tuple(one for one in script.pronunciations if one.word != self.word)
        return with_(script, pronunciations=(*others, rule))

    @property
    def touches(self) -> frozenset[Thing]:
        return _story("pronunciations")


class ForgetPronunciation(Edit):
    """Say a word as the voice does by itself."""

    op: Literal["forget_pronunciation"] = "forget_pronunciation"
    word: str = Field(min_length=1)

    def apply(self, script: Script) -> Script:
        others = tuple(one for one in script.pronunciations if one.word != self.word)
        if len(others) == len(script.pronunciations):
            known = ", ".join(f"'{one.word}'" for one in others[:8]) or "none at all"
            raise ScriptError(f"there is no pronunciation of '{self.word}'; there are rules for {known}")
        return with_(script, pronunciations=others)

    @property
    def touches(self) -> frozenset[Thing]:
        return _story("pronunciations")


class SetPronunciations(Edit):
    """Put these rules of pronunciation in the place of all there are."""

    op: Literal["set_pronunciations"] = "set_pronunciations"
    rules: tuple[Rule, ...]

    def apply(self, script: Script) -> Script:
        return with_(script, pronunciations=self.rules)

    @property
    def touches(self) -> frozenset[Thing]:
        return _story("pronunciations")


class SetSource(Edit):
    """Say which text the script was made from, and whether its lines still are that text's every word."""

    op: Literal["set_source"] = "set_source"
    source: Source | None

    def apply(self, script: Script) -> Script:
        return with_(script, source=self.source)

    @property
    def touches(self) -> frozenset[Thing]:
        return _story("source")
