"""What an expert tool is: its card, its typed parameters, its call; and the box that holds the tools.

A tool is one file in `tools/` with a `TOOL` in it, or an installed package's entry point in the group
`wavagent.tools`; both come through the same door and are checked there. Importing a tool's file must be
cheap: libraries and models are imported inside the method that needs them.
"""

import importlib
import importlib.metadata
import importlib.util
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from wavagent.audio import Audio, Word
from wavagent.errors import Refused, UnknownTool

Task = Literal[
    "speech",
    "sing",
    "convert_voice",
    "music",
    "sound",
    "recording",
    "enhance",
    "separate",
    "extract",
    "inpaint",
    "upsample",
    "binaural",
    "transcribe",
    "align",
    "detect",
    "caption",
    "translate",
    "score",
]
Pool = Literal["cpu", "gpu", "http"]
Gender = Literal["male", "female", "neutral"]
Age = Literal["child", "young", "adult", "old"]


class Frozen(BaseModel):
    """A value that cannot change and knows all its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Params(Frozen):
    """What a tool takes. A tool's own parameters subclass this or one of the task's below."""


class SpeechParams(Params):
    """What every speech tool takes: `text` to say in `voice`, one of the card's, in `language` (BCP 47)."""

    text: str = Field(min_length=1)
    voice: str
    language: str = "en"
    pace: float = Field(default=1.0, ge=0.5, le=2.0, description="times the voice's own speed")
    emotion: str = ""
    intensity: float = Field(default=0.5, ge=0.0, le=1.0)


class SoundParams(Params):
    """What every sound tool takes: a description, a length in seconds, and whether the clip must loop."""

    what: str = Field(min_length=1)
    seconds: float | None = Field(default=None, gt=0.0, description="None: as long as such a sound lasts")
    loop: bool = False


class MusicParams(Params):
    """What every music tool takes: a description, a length in seconds, and whether the clip must loop."""

    what: str = Field(min_length=1)
    seconds: float = Field(default=24.0, gt=0.0)
    loop: bool = False


class VoiceCard(Frozen):
    """A voice that a speech tool offers. `language` is BCP 47; `settings` are the tool's own parameters."""

    id: str
    name: str
    language: str
    gender: Gender
    age: Age = "adult"
    settings: Mapping[str, JsonValue] = Field(default_factory=dict)


class Licence(Frozen):
    """An SPDX name, and whether what it covers may be used commercially."""

    name: str
    commercial: bool


class Card(Frozen):
    """What a tool can do and what it needs, readable without loading it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(description="part of every result's key: raise it when the sound changes")
    task: Task
    summary: str
    languages: tuple[str, ...] = Field(default=(), description="BCP 47; empty: the task knows no language")
    voices: tuple[VoiceCard, ...] = ()
    rate: int = Field(gt=0, description="hertz")
    channels: int = Field(default=1, ge=1)
    longest: float | None = Field(default=None, description="seconds of the longest clip; None: no limit")
    longest_text: int | None = Field(default=None, description="characters in one call; None: no limit")
    loops: bool = Field(default=False, description="makes clips whose end runs into their beginning")
    batch: int = Field(default=1, ge=1, description="calls it takes at once")
    pool: Pool = "cpu"
    isolated: bool = Field(default=False, description="runs in a worker process of its own")
    memory_mb: int = 0
    speed: float = Field(default=1.0, gt=0.0, description="seconds of sound made in a second, measured")
    deterministic: bool = True
    seeded: bool = Field(default=True, description="listens to the seed, which is then part of the key")
    code_licence: Licence
    weights_licence: Licence | None = None
    requires: tuple[str, ...] = Field(default=(), description="modules it imports when it runs")
    install: str = Field(default="", description="what to type when one of them is missing")

    @property
    def commercial(self) -> bool:
        """Whether both the code and the weights may be used commercially."""
        return self.code_licence.commercial and (self.weights_licence is None or self.weights_licence.commercial)


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a tool: validated `params`, the clips it works on by name, and a seed if it listens to one."""

    params: Any
    inputs: Mapping[str, Audio] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a call made: a clip, when its words sound, and any other data (a transcript, a score)."""

    audio: Audio
    words: tuple[Word, ...] = ()
    data: Mapping[str, JsonValue] = field(default_factory=dict)


class Tool(ABC):
    """An expert: a card, the type of its parameters, and a call that always takes a batch."""

    card: ClassVar[Card]
    params: ClassVar[type[Params]]

    @abstractmethod
    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        """One result for each request, in order. Raises a ToolError."""

    def refusal(self, params: Any) -> str | None:
        """Why this tool will not do `params`, or None. Loads no model: the compiler asks before anything runs."""
        return None

    def seconds(self, params: Any) -> float:
        """About how long the clip for `params` will last."""
        return float(getattr(params, "seconds", None) or 5.0)

    def missing(self) -> tuple[str, ...]:
        """The modules it requires that are not installed here."""
        return tuple(name for name in self.card.requires if not _importable(name))


def _importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


@dataclass(frozen=True)
class Toolbox:
    """The tools at hand, by name, in order of preference; and the faulty ones, by name, with the fault."""

    tools: Mapping[str, Tool]
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *tools: Tool) -> "Toolbox":
        """A box of these tools, checked. Raises ValueError when one is faulty: this is how tests fake experts."""
        box: dict[str, Tool] = {}
        for tool in tools:
            if fault := _fault(tool, box):
                raise ValueError(fault)
            box[tool.card.name] = tool
        return cls(box)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self.tools.values())

    def __getitem__(self, name: str) -> Tool:
        """The tool of that name. Raises UnknownTool, with the names there are."""
        try:
            return self.tools[name]
        except KeyError:
            if name in self.faults:
                raise UnknownTool(f"tool '{name}' was left out: {self.faults[name]}") from None
            names = ", ".join(sorted(self.tools)) or "none"
            raise UnknownTool(f"no tool is called '{name}'; there are: {names}") from None

    def doing(self, task: Task) -> tuple[Tool, ...]:
        """The tools for a task, preferred first."""
        return tuple(tool for tool in self if tool.card.task == task)


_TAKES: Mapping[str, type[Params]] = {"speech": SpeechParams, "music": MusicParams, "sound": SoundParams}


def _fault(tool: object, box: Mapping[str, Tool]) -> str | None:
    """What keeps `tool` out of the box, or None."""
    name = getattr(getattr(tool, "card", None), "name", type(tool).__name__)
    if not isinstance(tool, Tool):
        return f"tool '{name}': TOOL must be an instance of wavagent.tool.Tool, not {type(tool).__name__}"
    if not isinstance(getattr(tool, "card", None), Card):
        return f"tool '{name}' has no card; give its class a `card = Card(...)`"
    params = getattr(tool, "params", None)
    if not (isinstance(params, type) and issubclass(params, Params)):
        return f"tool '{name}' has no parameters; give its class a `params`, a subclass of wavagent.tool.Params"
    taken = _TAKES.get(tool.card.task, Params)
    if not issubclass(params, taken):
        return f"tool '{name}' does not take what every {tool.card.task} tool takes; subclass {taken.__name__}"
    if name in box:
        return f"two tools are called '{name}'; a tool's name must be its own"
    return None


def _candidates() -> Iterator[tuple[str, str]]:
    """(a name for messages, `module:attribute`) of everything that says it is a tool."""
    package = importlib.import_module("wavagent.tools")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        if not module.name.startswith("_"):
            yield module.name, f"wavagent.tools.{module.name}:TOOL"
    for point in importlib.metadata.entry_points(group="wavagent.tools"):
        yield point.name, point.value


@cache
def installed() -> Toolbox:
    """Every tool that is installed. A faulty one is named in `faults` and left out, never fatal."""
    box: dict[str, Tool] = {}
    faults: dict[str, str] = {}
    for name, target in _candidates():
        module, _, attribute = target.partition(":")
        try:
            tool = getattr(importlib.import_module(module), attribute)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's file may fail in any way
            faults[name] = f"{type(error).__name__}: {error}"
            continue
        if fault := _fault(tool, box):
            faults[name] = fault
        else:
            box[tool.card.name] = tool
    return Toolbox(box, faults)


def accept(tool: Tool, values: Mapping[str, Any]) -> Params:
    """`values` as the tool's own parameters. Raises Refused with the exact fault."""
    try:
        return tool.params.model_validate(values)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "parameters"
        raise Refused(f"tool '{tool.card.name}' does not take {where}: {fault['msg']}") from error
