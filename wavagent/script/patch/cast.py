"""Operations on the cast: who there is, what is known of them, and their voices."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from wavagent.errors import Locked, ScriptError
from wavagent.script.character import Character, Consent, Trait, Traits, Voice
from wavagent.script.part import Id, Inside
from wavagent.script.patch.edit import Edit, Ids, Thing, characters, elements
from wavagent.script.patch.tree import change, change_character, character, with_
from wavagent.script.script import Script

_TRAITS = ("gender", "age", "accent", "manner")


class _OnCharacter(Edit):
    character: Id

    @property
    def touches(self) -> frozenset[Thing]:
        return characters(self.character)


class Recast(_OnCharacter):
    """Give a character a voice."""

    op: Literal["recast"] = "recast"
    tool: str = Field(min_length=1, description="The speech tool.")
    voice: str = Field(min_length=1, description="The id of one of the tool's voices.")
    settings: dict[str, JsonValue] = Field(default_factory=dict, description="What else the tool takes: pitch …")
    reference: Inside | None = Field(
        default=None, description="A recording whose voice it is; `voice` is then a name of your own."
    )
    words: str = Field(default="", description="What is said in the recording.")
    consent: Consent | None = Field(
        default=None,
        description="Who allowed it (`person`), in which words (`statement`), when (`date`), and `sha256`.",
    )
    reason: str = ""

    @model_validator(mode="after")
    def _is_allowed(self) -> Self:
        if self.reference is not None and self.consent is None:
            raise ValueError(
                "nobody's voice is taken from a recording without their consent; give `consent` with `person`, "
                "`statement`, `date`, and the `sha256` of the recording"
            )
        if self.reference is None and (self.words or self.consent):
            raise ValueError("`words` and `consent` are those of a recording; name it as `reference`")
        return self

    def apply(self, script: Script) -> Script:
        voice = Voice(
            tool=self.tool,
            id=self.voice,
            settings=self.settings,
            reference=self.reference,
            words=self.words,
            consent=self.consent,
            reason=self.reason,
        )
        return change_character(script, self.character, voice=voice)


class Uncast(_OnCharacter):
    """Take a character's voice away, so that casting chooses one by what is known of the character."""

    op: Literal["uncast"] = "uncast"

    def apply(self, script: Script) -> Script:
        return change_character(script, self.character, voice=None)


class SetTraits(_OnCharacter):
    """Say how a character sounds. The voice is chosen anew by it, unless `keep_voice`. An empty word: not known."""

    op: Literal["set_traits"] = "set_traits"
    gender: str | None = Field(default=None, description="male, female, …")
    age: str | None = Field(default=None, description="child, young, adult, old")
    accent: str | None = None
    manner: str | None = Field(default=None, description="hoarse, warm, nervous, …")
    keep_voice: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self._given:
            raise ValueError("name at least one of `gender`, `age`, `accent` and `manner`")
        return self

    @property
    def _given(self) -> dict[str, str]:
        return {name: value for name in _TRAITS if (value := getattr(self, name)) is not None}

    def apply(self, script: Script) -> Script:
        known = dict(character(script, self.character).traits)
        for name, value in self._given.items():
            known[name] = Trait(value=value) if value else None
        update = {} if self.keep_voice else {"voice": None}
        return change_character(script, self.character, traits=Traits(**known), **update)


class RenameCharacter(_OnCharacter):
    """Call a character otherwise. The id stays, and so do the words of the text."""

    op: Literal["rename_character"] = "rename_character"
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] | None = Field(default=None, description="Other names; without it they stay.")

    def apply(self, script: Script) -> Script:
        update = {} if self.aliases is None else {"aliases": self.aliases}
        return change_character(script, self.character, name=self.name, **update)


class AddCharacter(Edit):
    """Add somebody to the cast."""

    op: Literal["add_character"] = "add_character"
    character: Character
    after: Id | None = Field(default=None, description="Listed after this character; without it, at the end.")

    def apply(self, script: Script) -> Script:
        if any(one.id == self.character.id for one in script.cast):
            raise ScriptError(f"there is a character '{self.character.id}' already; give the new one another id")
        return _inserted(script, self.character, self.after)

    @property
    def touches(self) -> frozenset[Thing]:
        return characters(self.character.id)


class RemoveCharacter(_OnCharacter):
    """Remove a character from the cast; their lines go to somebody else."""

    op: Literal["remove_character"] = "remove_character"
    lines_to: Id | None = Field(default=None, description="Who speaks their lines from now on.")

    def apply(self, script: Script) -> Script:
        gone = _free(script, self.character)
        if self.lines_to is not None:
            script = _handed_over(script, (self.character,), self.lines_to)
        if left := [line.id for line in script.lines if line.who == self.character]:
            raise ScriptError(f"{gone.name} speaks {len(left)} lines; say with `lines_to` who speaks them now")
        return with_(script, cast=tuple(one for one in script.cast if one.id != self.character))

    def reach(self, script: Script) -> frozenset[Thing]:
        return self.touches | _lines(script, (self.character,))


class MergeCharacters(Edit):
    """Make one character of several who are the same person: their lines, names and traits."""

    op: Literal["merge_characters"] = "merge_characters"
    into: Id
    others: Ids

    @model_validator(mode="after")
    def _are_others(self) -> Self:
        if self.into in self.others:
            raise ValueError(f"'{self.into}' cannot be merged into itself")
        return self

    def apply(self, script: Script) -> Script:
        kept = _free(script, self.into)
        others = [_free(script, id) for id in self.others]
        names = [*kept.aliases, *(name for one in others for name in (one.name, *one.aliases))]
        aliases = tuple(dict.fromkeys(name for name in names if name != kept.name))
        traits = dict(kept.traits)
        for one in others:
            traits = {name: trait or getattr(one.traits, name) for name, trait in traits.items()}
        script = _handed_over(script, self.others, self.into)
        script = change_character(script, self.into, aliases=aliases, traits=Traits(**traits))
        return with_(script, cast=tuple(one for one in script.cast if one.id not in self.others))

    @property
    def touches(self) -> frozenset[Thing]:
        return characters(self.into, *self.others)

    def reach(self, script: Script) -> frozenset[Thing]:
        return self.touches | _lines(script, self.others)


class PutCharacter(Edit):
    """Put a character, given in full, in the place of the one with its id."""

    op: Literal["put_character"] = "put_character"
    character: Character

    def apply(self, script: Script) -> Script:
        _free(script, self.character.id)
        return with_(script, cast=tuple(self.character if one.id == self.character.id else one for one in script.cast))

    @property
    def touches(self) -> frozenset[Thing]:
        return characters(self.character.id)


class MoveCharacter(_OnCharacter):
    """List a character elsewhere in the cast: after another, or first."""

    op: Literal["move_character"] = "move_character"
    after: Id | None = Field(default=None, description="null: first")

    def apply(self, script: Script) -> Script:
        moving = character(script, self.character)
        rest = with_(script, cast=tuple(one for one in script.cast if one is not moving))
        if self.after is not None:
            return _inserted(rest, moving, self.after)
        return with_(rest, cast=(moving, *rest.cast))


def _free(script: Script, id: str) -> Character:
    """Raises Unknown and Locked."""
    found = character(script, id)
    if found.locked:
        raise Locked(f"'{id}' ({found.name}) is locked; unlock the character first, in the same patch")
    return found


def _handed_over(script: Script, whose: tuple[str, ...], who: str) -> Script:
    character(script, who)
    for line in list(script.lines):
        if line.who in whose:
            script = change(script, line.id, who=who)
    return script


def _lines(script: Script, whose: tuple[str, ...]) -> frozenset[Thing]:
    return elements(*(line.id for line in script.lines if line.who in whose))


def _inserted(script: Script, new: Character, after: str | None) -> Script:
    cast = list(script.cast)
    at = len(cast) if after is None else cast.index(character(script, after)) + 1
    return with_(script, cast=(*cast[:at], new, *cast[at:]))
