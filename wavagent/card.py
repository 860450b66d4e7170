"""A tool's card: what it can do and what it needs, readable without loading it."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

Task = Literal[
    "speech",
    "sing",
    "convert_voice",
    "music",
    "sound",
    "recording",
    "edit",
    "enhance",
    "separate",
    "separate_speakers",
    "extract",
    "inpaint",
    "upsample",
    "recode",
    "binaural",
    "transcribe",
    "align",
    "detect",
    "caption",
    "translate",
    "score",
    "embed",
    "choose",
]
TELLING: frozenset[Task] = frozenset({"transcribe", "align", "detect", "caption", "score", "embed"})
"""The tasks that tell of the clip `audio` and make none."""

Pool = Literal["cpu", "gpu", "http"]
Gender = Literal["male", "female", "neutral"]
Age = Literal["child", "young", "adult", "old"]


class Frozen(BaseModel):
    """A value that cannot change and knows all its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


EVERY = "mul"
"""The language of a voice that speaks all that its tool does (ISO 639-2, as BCP 47 has it)."""


class VoiceCard(Frozen):
    """A voice that a speech tool offers. `language` is BCP 47; `settings` are the tool's own parameters."""

    id: str
    name: str
    language: str
    gender: Gender
    age: Age = "adult"
    settings: Mapping[str, JsonValue] = Field(default_factory=dict)


class Licence(Frozen):
    """An SPDX name, and whether what it covers may be used commercially; None: nobody knows, which counts as no."""

    name: str
    commercial: bool | None


class Price(Frozen):
    """What a tool costs, in dollars: for a call, for every 1000 characters it is given, for every second of sound."""

    call: float = Field(default=0.0, ge=0.0)
    thousand_characters: float = Field(default=0.0, ge=0.0)
    second: float = Field(default=0.0, ge=0.0)


class Weights(Frozen):
    """A model's files: a repository of the Hugging Face hub, or, where they are published elsewhere, a `page`, from
    which a person brings them as a folder. A tool with several models names the `part` of each."""

    repo: str = Field(default="", pattern=r"^([\w.-]+/[\w.-]+)?$")
    page: str = Field(default="", pattern=r"^(https://\S+)?$")
    revision: str = "main"
    megabytes: int = Field(gt=0)
    part: str = ""
    optional: bool = Field(default=False, description="one of many, of which a person fetches what they need")
    files: tuple[str, ...] = Field(default=(), description="those it takes of the repository; empty: all it can load")
    plain: tuple[str, ...] = Field(default=(), description="patterns of names of data, though pickles are named so")

    @model_validator(mode="after")
    def _are_somewhere(self) -> Self:
        if bool(self.repo) == bool(self.page):
            raise ValueError("weights are in a repository of the hub (`repo`), or else on a `page`")
        return self

    @property
    def where(self) -> str:
        return self.repo or self.page


class Card(Frozen):
    """What a tool can do and what it needs, readable without loading it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(description="part of every result's key: raise it when the sound changes")
    task: Task
    summary: str
    languages: tuple[str, ...] = Field(default=(), description="BCP 47; empty: the task knows no language")
    voices: tuple[VoiceCard, ...] = ()
    rate: int = Field(ge=0, description="hertz; 0: that of the clip it works on")
    channels: int = Field(default=1, ge=1)
    longest: float | None = Field(default=None, description="seconds of the longest clip; None: no limit")
    longest_text: int | None = Field(default=None, description="characters in one call; None: no limit")
    loops: bool = Field(default=False, description="makes clips whose end runs into their beginning")
    batch: int = Field(default=1, ge=1, description="calls it takes at once")
    pool: Pool = "cpu"
    on_request: bool = Field(default=False, description="works only where a person prefers it, or the script names it")
    any_voice: bool = Field(default=False, description="takes voices that are not on the card: its server's, say")
    clones: bool = Field(default=False, description="speaks with the voice that is heard in the clip `reference`")
    needs_words: bool = Field(default=False, description="and for that it has to know what is said there: `words`")
    follows: bool = Field(default=False, description="makes music along the tune that is heard in the clip `melody`")
    sings: bool = Field(default=False, description="makes music in which words are sung: its `lyrics`")
    isolated: bool = Field(default=False, description="runs in a worker process of its own")
    environment: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_-]*)?$",
        description="of its own, for that worker: what NAME.requirements.txt, beside the tool, asks for",
    )
    memory_mb: int = 0
    dtype: Literal["float32", "float16", "bfloat16"] = Field(
        default="float32", description="what its model computes in on a GPU that is quick with it"
    )
    speed: float = Field(default=1.0, gt=0.0, description="seconds of sound made in a second, measured")
    deterministic: bool = True
    seeded: bool = Field(default=True, description="listens to the seed, which is then part of the key")
    price: Price | None = Field(default=None, description="None: a call costs nothing")
    code_licence: Licence
    weights_licence: Licence | None = None
    weights: tuple[Weights, ...] = Field(default=(), description="the files of its models")
    attribution: tuple[str, ...] = Field(default=(), description="who made what it works with, for the credits")
    requires: tuple[str, ...] = Field(default=(), description="modules it imports when it runs")
    install: str = Field(default="", description="what to type when one of them is missing")

    def knows(self, language: str) -> bool:
        """Whether it works in `language` (BCP 47), of whatever region; where its card names none, in any."""
        return not self.languages or _primary(language) in map(_primary, self.languages)

    def speaking(self, language: str) -> tuple[VoiceCard, ...]:
        """Its voices that speak `language` (BCP 47), of whatever region."""
        wanted = _primary(language)
        every = any(_primary(tag) == wanted for tag in self.languages)
        return tuple(
            voice for voice in self.voices if _primary(voice.language) == wanted or (every and voice.language == EVERY)
        )

    @property
    def commercial(self) -> bool:
        """Whether both the code and the weights may be used commercially."""
        return self.bar is None

    @property
    def bar(self) -> str | None:
        """Why what it makes may not be used commercially, or None when it may."""
        for what, licence in (("code", self.code_licence), ("weights", self.weights_licence)):
            if licence is not None and licence.commercial is None:
                return f"it is not known whether the licence of its {what}, {licence.name}, allows it"
            if licence is not None and not licence.commercial:
                return f"the licence of its {what}, {licence.name}, forbids it"
        return None


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]
