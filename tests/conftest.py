"""Fake experts, and a small story for them, shared by all tests.

Each tool is a plain class, reached through the fixture of its name; a test gets fresh ones, and `toolbox` holds those
very instances, so that `voice.asked` is every request that reached the tool in the test.

* `voice`   speech: a sine for each voice, `PER_CHARACTER` seconds for each character, exact word times, no seed
* `hum`     music that loops, of any length
* `drone`   music that cannot loop and lasts at most 10 s
* `noise`   sounds that go on (rain, wind, sea), which loop
* `click`   sounds that happen once (door, knock, bell), which do not loop and ignore the seed
* `parrot`  speech that clones: a sine as high as its recording is loud; not in `toolbox`
* `louder`  enhancement: its clip, changed by `db`
* `toolbox` the six, preferred in this order, and the real `recording`
* `like`    `like(tool, loops=False, ...)`: a fresh tool of the same kind with another card
* `script`  two scenes, two speakers, and an element of every kind but a recording
* `wheelhouse`  a folder of wheels, for tools with an environment of their own
"""

import importlib
import importlib.metadata
import signal
import socket
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from wavagent.audio import Audio, Word
from wavagent.errors import Refused
from wavagent.script import (
    Ambience,
    Anchor,
    Character,
    Music,
    Pause,
    Scene,
    Script,
    Sound,
    Speech,
    Trait,
    Traits,
)
from wavagent.text import words
from wavagent.tool import (
    Card,
    CloningParams,
    Licence,
    MusicParams,
    Params,
    Request,
    Result,
    SoundParams,
    SpeechParams,
    Tool,
    Toolbox,
    VoiceCard,
)

RATE = 8_000
"""Hertz: enough for a fake, and quick."""

PER_CHARACTER = 0.05
"""Seconds that `Voice` speaks for each character."""

FREE = Licence(name="Apache-2.0", commercial=True)


def sine(hertz: float, seconds: float) -> Audio:
    """A sine at -12 dBFS; the same numbers give the same samples."""
    time = np.arange(max(1, round(seconds * RATE))) / RATE
    return Audio.of(0.25 * np.sin(2 * np.pi * hertz * time), RATE)


class Fake(Tool):
    """A tool that remembers every request in `asked`, and how many came at once in `batches`."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.batches: list[int] = []

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        self.asked += requests
        self.batches.append(len(requests))
        return [self.make(request) for request in requests]

    def make(self, request: Request) -> Result:
        raise NotImplementedError


class VoiceParams(SpeechParams):
    """`pitch` is in hertz, on top of the voice's own."""

    pitch: float = 0.0


class Voice(Fake):
    """Speech. Every voice is a pitch; a line lasts as long as it has characters."""

    card: ClassVar[Card] = Card(
        name="voice",
        version="1",
        task="speech",
        summary="a sine for each voice",
        languages=("en", "de"),
        voices=(
            VoiceCard(id="adam", name="Adam", language="en-GB", gender="male"),
            VoiceCard(id="bea", name="Bea", language="en-GB", gender="female", settings={"pitch": 5.0}),
            VoiceCard(id="carl", name="Carl", language="en-US", gender="male", age="old"),
            VoiceCard(id="dora", name="Dora", language="en-US", gender="female", age="old"),
            VoiceCard(id="ed", name="Ed", language="en-US", gender="male", age="child"),
            VoiceCard(id="fay", name="Fay", language="en-US", gender="female", age="young"),
            VoiceCard(id="gert", name="Gert", language="de", gender="male"),
        ),
        rate=RATE,
        longest_text=200,
        batch=4,
        seeded=False,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = VoiceParams

    def seconds(self, params: Any) -> float:
        return float(len(params.text) * PER_CHARACTER / params.pace)

    def make(self, request: Request) -> Result:
        line: VoiceParams = request.params
        each = PER_CHARACTER / line.pace
        pitch = 110.0 + 20.0 * [card.id for card in self.card.voices].index(line.voice) + line.pitch
        spoken = tuple(Word(first * each, last * each, first, last) for first, last in words(line.text))
        return Result(sine(pitch, len(line.text) * each), spoken)


class Parrot(Fake):
    """Speech in the voice of a recording, if it is told what is said there; it has one voice of its own as well."""

    card: ClassVar[Card] = Card(
        name="parrot",
        version="1",
        task="speech",
        summary="a sine as high as its recording is loud",
        languages=("en",),
        voices=(VoiceCard(id="polly", name="Polly", language="en-GB", gender="female"),),
        rate=RATE,
        longest_text=200,
        batch=4,
        on_request=True,
        clones=True,
        needs_words=True,
        seeded=False,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = CloningParams

    def seconds(self, params: Any) -> float:
        return float(len(params.text) * PER_CHARACTER)

    def refusal(self, params: Any) -> str | None:
        return None if params.language.startswith("en") else f"parrot speaks no '{params.language}'"

    def make(self, request: Request) -> Result:
        heard = request.inputs.get("reference")
        loud = float(np.abs(heard.samples).max()) if heard is not None else 0.0
        return Result(sine(300.0 + 1000.0 * loud, self.seconds(request.params)))


class Hum(Fake):
    """Music that can loop."""

    card: ClassVar[Card] = Card(
        name="hum",
        version="1",
        task="music",
        summary="a hum",
        rate=RATE,
        loops=True,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = MusicParams

    def make(self, request: Request) -> Result:
        return Result(sine(220.0 + (request.seed or 0) % 7, request.params.seconds))


class Drone(Hum):
    """Music that cannot loop, ten seconds at most."""

    card: ClassVar[Card] = Hum.card.model_copy(update={"name": "drone", "loops": False, "longest": 10.0})


class Noise(Fake):
    """Sounds that go on. A description that names none of `knows` is refused."""

    knows: ClassVar[tuple[str, ...]] = ("rain", "wind", "sea")
    lasts: ClassVar[float] = 4.0
    card: ClassVar[Card] = Card(
        name="noise",
        version="1",
        task="sound",
        summary="a hiss",
        rate=RATE,
        loops=True,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = SoundParams

    def make(self, request: Request) -> Result:
        if reason := self.refusal(request.params):
            raise Refused(reason)
        return Result(self.sound(request.params.seconds or self.lasts, request.seed or 0))

    def seconds(self, params: Any) -> float:
        return params.seconds or self.lasts

    def sound(self, seconds: float, seed: int) -> Audio:
        return Audio.of(np.random.default_rng(seed).uniform(-0.1, 0.1, round(seconds * RATE)), RATE)

    def refusal(self, params: Any) -> str | None:
        if any(word in params.what for word in self.knows):
            return None
        return f"{self.card.name} knows no '{params.what}'; it knows {', '.join(self.knows)}"


class Click(Noise):
    """Sounds that happen once."""

    knows: ClassVar[tuple[str, ...]] = ("door", "knock", "bell")
    lasts: ClassVar[float] = 0.5
    card: ClassVar[Card] = Noise.card.model_copy(
        update={"name": "click", "summary": "a click", "loops": False, "seeded": False}
    )

    def sound(self, seconds: float, seed: int) -> Audio:
        return sine(880.0, seconds)


class LouderParams(Params):
    """How many dB louder."""

    db: float = 6.0


class Louder(Fake):
    """Enhancement: the clip it works on, `db` louder."""

    card: ClassVar[Card] = Card(
        name="louder", version="1", task="enhance", summary="gain", rate=RATE, seeded=False, code_licence=FREE
    )
    params: ClassVar[type[Params]] = LouderParams

    def make(self, request: Request) -> Result:
        audio = request.inputs["audio"]
        return Result(Audio((audio.samples * 10.0 ** (request.params.db / 20.0)).astype(np.float32), audio.rate))


def another(tool: Tool, **card: Any) -> Any:
    """A fresh tool of the kind of `tool`, with `card` changed on its card."""
    kind = type(tool)
    return type(kind.__name__, (kind,), {"card": kind.card.model_copy(update=card)})()


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
def hum() -> Hum:
    return Hum()


@pytest.fixture
def drone() -> Drone:
    return Drone()


@pytest.fixture
def noise() -> Noise:
    return Noise()


@pytest.fixture
def click() -> Click:
    return Click()


@pytest.fixture
def louder() -> Louder:
    return Louder()


@pytest.fixture
def toolbox(voice: Voice, hum: Hum, drone: Drone, noise: Noise, click: Click, louder: Louder) -> Toolbox:
    recording = importlib.import_module("wavagent.tools.recording").TOOL
    return Toolbox.of(voice, hum, drone, noise, click, louder, recording)


@pytest.fixture
def like() -> Callable[..., Any]:
    return another


@pytest.fixture
def script() -> Script:
    """Two scenes. Seven lines, one of them without a word; Mary is a woman, and the narrator tells the rest."""
    mary = Character(id="mary", name="Mary", aliases=("Miss Mary",), traits=Traits(gender=Trait(value="female")))
    evening = Scene(
        id="s1",
        heading="Evening",
        space="room",
        elements=(
            Music(id="m1", what="calm piano"),
            Ambience(id="a1", what="rain on the roof", level="quiet"),
            Speech(id="e1", text="It was late.\n\n", mode="narration"),
            Speech(id="e2", who="mary", text="“Who is there?” ", mode="dialogue"),
            Speech(id="e3", text="said Mary.\n"),
            Sound(id="n1", what="a knock", anchor=Anchor(element="e2", edge="word", word=1, offset=-0.2)),
            Sound(id="n2", what="a door opens"),
            Pause(id="p1", seconds=1.0, text="* * *\n"),
        ),
    )
    night = Scene(
        id="s2",
        heading="Night",
        space="outdoors",
        elements=(
            Music(id="m2", what="tense strings", start=Anchor(element="e4"), end=Anchor(element="e5", edge="end")),
            Speech(id="e4", text="The wind had risen. "),
            Speech(id="e5", who="mary", text="“Come in!” ", mode="dialogue"),
            Speech(id="e6", text="…"),
            Speech(id="e7", text="Nobody came.\n", confidence=0.4, evidence="no tag near"),
        ),
    )
    return Script(title="A Visit", author="Nobody", seed=7, scenes=(evening, night), cast=(*Script().cast, mary))


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach a paid service: there is no key, and no socket to any other machine."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "LANGSMITH_API_KEY", "WAVAGENT_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    connect = socket.socket.connect

    def local(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test wanted to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local)


@pytest.fixture(autouse=True, scope="session")
def folders_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the user's logs, and no environment that the user installed is there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


def wheel(folder: Path, name: str, version: str, *, needs: str = "", **files: str) -> None:
    """A wheel of one or more files, by what they hold: `clash="VERSION = 1"` is the module `clash`."""
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for file, text in files.items():
            archive.writestr(file if "." in file else f"{file}.py", text)
        needed = f"Requires-Dist: {needs}\n" if needs else ""
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        names = [*archive.namelist(), f"{about}/RECORD"]
        archive.writestr(f"{about}/RECORD", "".join(f"{file},,\n" for file in names))


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels, from which an environment can be made with no network: two versions of `clash`, `stubborn`,
    which wants one that there is not, and what every environment has. The latter hold but a pointer to what is
    installed here, which comes last on the path."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    for number in (1, 2):
        wheel(folder, "clash", f"{number}.0", clash=f"VERSION = {number}")
    wheel(folder, "stubborn", "1.0", needs="clash==99", stubborn="from clash import VERSION")
    for name in ("filelock", "numpy", "platformdirs", "pydantic"):
        here = str(Path(importlib.import_module(name).__file__ or "").parents[1])
        wheel(folder, name, importlib.metadata.version(name), **{f"{name}_here.pth": here + "\n"})
    return folder


@pytest.fixture(autouse=True, scope="session")
def listening_to_ctrl_c() -> Iterator[None]:
    """Ctrl-C reaches the tests that send it, even where what started pytest told its children to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
