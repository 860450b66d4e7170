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
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar

from pydantic import JsonValue, ValidationError

from wavagent.audio import Audio, Word
from wavagent.card import TELLING, Age, Card, Frozen, Gender, Licence, Pool, Price, Task, VoiceCard, Weights
from wavagent.errors import Refused, Unavailable, UnknownTool
from wavagent.params import (
    TAKES,
    BinauralParams,
    CloningParams,
    ConvertParams,
    ExtractParams,
    InpaintParams,
    MusicParams,
    Params,
    ScoreParams,
    SeparateParams,
    SongParams,
    SoundParams,
    SpeakersParams,
    SpeechParams,
    TranscribeParams,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool said beside its clip: when the words sound, and any other data."""

    words: tuple[Word, ...] = ()
    data: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a tool: validated `params`, the clips it works on by name, and a seed if it listens to one.

    `said` is what the tools said that made those clips, by the same names.
    """

    params: Any
    inputs: Mapping[str, Audio] = field(default_factory=dict)
    seed: int | None = None
    said: Mapping[str, Said] = field(default_factory=dict)


NOTHING = Audio.silence(0.0)
"""The clip of a call that only tells something."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a call made: a clip, when its words sound, and any other data (a transcript, a score)."""

    audio: Audio = NOTHING
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

    @property
    def edition(self) -> str:
        """What its clips follow from besides its version: the weights a person chose. Part of every result's key."""
        return ""

    def price(self, params: Any) -> Price | None:
        """What a call with `params` costs; None: nothing."""
        return self.card.price

    def found_voices(self) -> tuple[VoiceCard, ...]:
        """The voices it has beside those of its card, once it was asked to look for them. Raises a ToolError."""
        return ()

    def edition_of(self, params: Any) -> str:
        """What the clip for `params` follows from: of several models that a person fetched, the one that makes it."""
        return self.edition

    def speaking(self, language: str) -> tuple[VoiceCard, ...]:
        """The voices of its card that speak `language` and are here."""
        return self.card.speaking(language)

    def weights_of(self, part: str) -> Weights | None:
        """The weights that `part` stands for; None: there is no such part."""
        return next((weights for weights in self.card.weights if weights.part == part), None)

    def stop(self) -> None:
        """End the call that runs, if there is one, as soon as it can: it may raise Broken. Called by another thread."""
        return None

    def unload(self) -> None:
        """Let go of the model and its memory; the next call loads it anew. Called while no call runs."""
        return None

    def missing(self) -> tuple[str, ...]:
        """The modules it requires that are not installed here."""
        return tuple(name for name in self.card.requires if not _importable(name))

    def lack(self) -> str | None:
        """What it needs and does not have here, and what to type: "needs …: pip install …". None: it is ready."""
        from wavagent.environment import Environment
        from wavagent.weights import lack_of

        environment = Environment.of(self)
        if environment is not None:
            if obstacle := environment.obstacle:
                return f"{obstacle}: wavagent tools install {self.card.name}"
        elif missing := self.missing():
            return f"needs {', '.join(missing)}: {self.card.install}"
        return lack_of(self) if self.card.weights else None


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
    preferred: tuple[str, ...] = ()

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

    @property
    def commercial(self) -> "Toolbox":
        """The box without the tools that may not be used commercially; they are faults of it, with the reason."""
        bars = {tool.card.name: f"it may not be used commercially: {tool.card.bar}" for tool in self if tool.card.bar}
        allowed = {name: tool for name, tool in self.tools.items() if name not in bars}
        return replace(self, tools=allowed, faults={**self.faults, **bars})

    def preferring(self, *names: str) -> "Toolbox":
        """The box with the tools of these names first, in their order. Raises UnknownTool, and Unavailable."""
        first = {name: self[name] for name in names}
        for name, tool in first.items():
            if lack := tool.lack():
                raise Unavailable(f"tool '{name}', which is to be preferred, {lack}")
        return replace(self, tools={**first, **self.tools}, preferred=names)

    def doing(self, task: Task) -> tuple[Tool, ...]:
        """The tools for a task that may be chosen for it, preferred first."""
        return tuple(tool for tool in self if tool.card.task == task and self.may_choose(tool))

    def may_choose(self, tool: Tool) -> bool:
        """Whether `tool` may do what it was not named for."""
        return not tool.card.on_request or tool.card.name in self.preferred

    def voices(self, language: str, *, commercial: bool = False) -> list[tuple[Tool, VoiceCard]]:
        """The voices for `language` that may be cast: those of the preferred tools, when they have some."""
        found = [
            (tool, voice)
            for tool in self.doing("speech")
            if not tool.lack() and (tool.card.commercial or not commercial)
            for voice in tool.speaking(language)
        ]
        return [(tool, voice) for tool, voice in found if tool.card.name in self.preferred] or found


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
    taken = TAKES.get(tool.card.task, Params)
    if not issubclass(params, taken):
        return f"tool '{name}' does not take what every {tool.card.task} tool takes; subclass {taken.__name__}"
    if lack := _unmusical(tool) or _unvoiced(tool) or _unmakeable(tool):
        return lack
    if name in box:
        return f"two tools are called '{name}'; a tool's name must be its own"
    return None


def _unmusical(tool: Tool) -> str | None:
    """Why it does not make music as its card says, or None."""
    card = tool.card
    if (card.follows or card.sings) and card.task != "music":
        return f"tool '{card.name}' is for {card.task}, and only music follows melodies and sings"
    if card.sings and not issubclass(tool.params, SongParams):
        return f"tool '{card.name}' sings, and does not take lyrics; subclass {SongParams.__name__}"
    return None


def _unvoiced(tool: Tool) -> str | None:
    """Why it does not clone voices as its card says, or None."""
    card = tool.card
    if card.clones and card.task != "speech":
        return f"tool '{card.name}' is for {card.task}, and only speech is said in a cloned voice"
    if card.needs_words and not (card.clones and issubclass(tool.params, CloningParams)):
        return f"tool '{card.name}' has to know the words of a reference, and takes none; subclass CloningParams"
    return None


def _unmakeable(tool: Tool) -> str | None:
    """Why the environment that a tool names can never be, or None."""
    from wavagent.environment import Environment

    environment, name = Environment.of(tool), tool.card.name
    if environment is None:
        return None
    if not tool.card.isolated:
        return f"tool '{name}' has an environment of its own, which only a worker can run in; say `isolated=True`"
    if not environment.requirements.is_file():
        return f"tool '{name}' has an environment of its own, and no {environment.requirements.name} beside it"
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


def price_of(tool: Tool, params: Params) -> float:
    """The dollars that one call of `tool` with `params` costs, before it is made."""
    price = tool.price(params)
    if price is None:
        return 0.0
    given = str(getattr(params, "text", "") or getattr(params, "what", ""))
    return price.call + price.thousand_characters * len(given) / 1000 + price.second * tool.seconds(params)


def accept(tool: Tool, values: Mapping[str, Any]) -> Params:
    """`values` as the tool's own parameters. Raises Refused with the exact fault."""
    try:
        return tool.params.model_validate(values)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "parameters"
        raise Refused(f"tool '{tool.card.name}' does not take {where}: {fault['msg']}") from error


__all__ = [
    "Age",
    "BinauralParams",
    "Card",
    "CloningParams",
    "ConvertParams",
    "ExtractParams",
    "Frozen",
    "Gender",
    "InpaintParams",
    "Licence",
    "MusicParams",
    "NOTHING",
    "Params",
    "Pool",
    "Price",
    "Request",
    "Result",
    "Said",
    "ScoreParams",
    "SeparateParams",
    "SongParams",
    "SoundParams",
    "SpeakersParams",
    "SpeechParams",
    "TELLING",
    "Task",
    "Tool",
    "Toolbox",
    "TranscribeParams",
    "VoiceCard",
    "Weights",
    "accept",
    "installed",
    "price_of",
]
