"""Fakes that listen to a seed, and judges, shared by the tests of takes.

* `actor`   speech like `voice`, but every seed is another pitch and length; `bad` are seeds that come out silent
* `clerk`   transcribe: the text that the take was made from, or what `mishears` says for a clip's first sample
* `critic`  score: the clip's level
* `box`     the shared toolbox with `actor` before `voice`, and the real `choose`
"""

import importlib
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.graph import seed_for
from wavagent.script import Character, Scene, Script, Speech, Voice
from wavagent.tool import (
    Card,
    Licence,
    Params,
    Request,
    Result,
    ScoreParams,
    SpeechParams,
    Tool,
    Toolbox,
    TranscribeParams,
    VoiceCard,
)

RATE = 8_000
FREE = Licence(name="Apache-2.0", commercial=True)
STORY = 7


class Spy(Tool):
    """A tool that remembers every request, and raises what `fails` gives for one."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.fails: Callable[[Request], Exception | None] = lambda request: None

    def __call__(self, requests: Any) -> Any:
        self.asked += requests
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Result:
        if error := self.fails(request):
            raise error
        return self.make(request)

    def make(self, request: Request) -> Result:
        raise NotImplementedError


class Actor(Spy):
    """A line takes as long as it has letters, a little more or less with each seed, and dies away at its end."""

    card: ClassVar[Card] = Card(
        name="actor",
        version="1",
        task="speech",
        summary="another sine for every seed",
        languages=("en",),
        voices=(VoiceCard(id="ann", name="Ann", language="en-GB", gender="female"),),
        rate=RATE,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = SpeechParams

    def __init__(self) -> None:
        super().__init__()
        self.bad: set[int] = set()
        self.longer: dict[int, float] = {}

    def make(self, request: Request) -> Result:
        seed = request.seed or 0
        seconds = 0.06 * len(request.params.text) * self.longer.get(seed, 1.0)
        time = np.arange(round(seconds * RATE)) / RATE
        fading = np.minimum(1.0, (time[-1] - time) / 0.05)
        level = 0.0 if seed in self.bad else 0.25
        sound = level * fading * np.sin(2 * np.pi * (100 + seed % 97) * time)
        return Result(Audio.of(sound, RATE), data={"text": request.params.text})


class Clerk(Spy):
    """Hears what its clip's tool said it says, or what `mishears` has for that clip's seed-given length."""

    card: ClassVar[Card] = Card(
        name="clerk", version="1", task="transcribe", summary="writes down", rate=RATE, seeded=False, code_licence=FREE
    )
    params: ClassVar[type[Params]] = TranscribeParams

    def __init__(self) -> None:
        super().__init__()
        self.hears: Callable[[Request], str] = lambda request: str(request.said["audio"].data["text"])

    def make(self, request: Request) -> Result:
        return Result(data={"text": self.hears(request)})


class Critic(Spy):
    """The louder, the better it fits."""

    card: ClassVar[Card] = Card(
        name="critic", version="1", task="score", summary="holds up", rate=RATE, seeded=False, code_licence=FREE
    )
    params: ClassVar[type[Params]] = ScoreParams

    def make(self, request: Request) -> Result:
        return Result(data={"score": float(np.abs(request.inputs["audio"].samples).max())})


@pytest.fixture
def actor() -> Actor:
    return Actor()


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
def critic() -> Critic:
    return Critic()


@pytest.fixture
def box(actor: Actor, toolbox: Toolbox) -> Callable[..., Toolbox]:
    """`box(*judges)`: the shared toolbox, with the actor first, the chooser, and these judges."""
    choose = importlib.import_module("wavagent.tools.choose").TOOL
    return lambda *judges: Toolbox.of(actor, *toolbox, choose, *judges)


@pytest.fixture
def line() -> Callable[..., Script]:
    """`line(**fields)`: a script of one line that the actor speaks."""

    def make(*more: Any, **fields: Any) -> Script:
        ann = Character(id="ann", name="Ann", voice=Voice(tool="actor", id="ann"))
        one = Speech.model_validate({"id": "e1", "who": "ann", "text": "It was a dark and stormy night.", **fields})
        return Script(
            title="Night", seed=STORY, cast=(*Script().cast, ann), scenes=(Scene(id="s", elements=(one, *more)),)
        )

    return make


@pytest.fixture
def seed() -> Callable[[int], int]:
    """The seed of a take of the line."""
    return lambda take: seed_for(STORY, "e1", take)
