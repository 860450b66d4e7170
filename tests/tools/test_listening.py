"""What every expert keeps to that listens to a clip and tells of it; what each tells is in a test of its own."""

import importlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import TELLING, Request, Result, Toolbox

pytestmark = pytest.mark.usefixtures("models")


@dataclass(frozen=True)
class Listener:
    """A tool by its module, its class, its tiny model, and what it is asked beside the clip."""

    module: str
    kind: str
    weights: str
    asked: dict[str, Any]
    repo: str

    @property
    def home(self) -> Any:
        return importlib.import_module(f"wavagent.tools.{self.module}")


LISTENERS = [
    Listener("whisper", "Whisper", "whisper", {}, "openai/whisper-large-v3-turbo.*1,620 MB.*MIT"),
    Listener("clap", "ClapScore", "clap", {"what": "a dog barks"}, "laion/clap-htsat-unfused.*Apache-2.0"),
    Listener("clap_detect", "ClapDetect", "clap", {"labels": ("a dog", "rain", "a door")}, "laion/clap-htsat-unfused"),
    Listener("clap_embed", "ClapEmbed", "clap", {}, "laion/clap-htsat-unfused"),
    Listener("ast_tags", "AstTags", "ast_tags", {"classes": True, "top": 6}, "MIT/ast-finetuned.*BSD-3-Clause"),
    Listener("qwen_audio", "QwenAudio", "qwen_audio", {"most": 12}, "Qwen/Qwen2-Audio-7B-Instruct.*Apache-2.0"),
    Listener("align", "Align", "align", {"text": "It was a dark night."}, "facebook/wav2vec2-base-960h.*Apache-2.0"),
    Listener("xvector", "Xvector", "xvector", {}, "microsoft/wavlm-base-plus-sv.*CC-BY-SA-3.0"),
    Listener("panns", "Panns", "panns", {}, "359 MB, CC-BY-4.0.*not on the hub.*zenodo.org.*--folder DIR"),
    Listener("vggish", "Vggish", "vggish", {}, "289 MB, Apache-2.0.*not on the hub.*--folder DIR"),
]


@pytest.fixture(params=LISTENERS, ids=lambda one: one.module)
def listener(request: Any) -> Listener:
    found: Listener = request.param
    return found


@pytest.fixture(scope="session")
def loaded() -> dict[str, Any]:
    """Tools that were loaded once: a model is the same for every test that does not unload it."""
    return {}


@pytest.fixture
def tool(listener: Listener, tiny: Any, loaded: dict[str, Any]) -> Any:
    if listener.module not in loaded:
        loaded[listener.module] = getattr(listener.home, listener.kind)({"": tiny(listener.weights)})
    return loaded[listener.module]


@pytest.fixture
def asked(listener: Listener) -> Callable[..., Request]:
    """`asked(seconds, seed)`: a request with a clip of noise, whose pitch is the seed's too."""

    def make(seconds: float, seed: int, rate: int = 16_000, channels: int = 2) -> Request:
        time = np.arange(round(seconds * rate)) / rate
        noise = np.random.default_rng(seed).normal(0, 0.02, (len(time), channels))
        tone = 0.2 * np.sin(2 * np.pi * 150 * (seed + 1) * time)[:, np.newaxis]
        return Request(listener.home.TOOL.params(**listener.asked), {"audio": Audio.of(noise + tone, rate)})

    return make


def flat(value: object) -> list[float]:
    """All the numbers in what was told, in order."""
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in flat(value[key])]
    if isinstance(value, list):
        return [number for one in value for number in flat(one)]
    return [float(value)] if isinstance(value, int | float) else [float(ord(letter)) for letter in str(value)]


def same(one: Result, other: Result) -> None:
    np.testing.assert_allclose(flat(dict(one.data)), flat(dict(other.data)), atol=1e-4)
    np.testing.assert_allclose([w.start for w in one.words], [w.start for w in other.words], atol=1e-6)


def test_a_clip_is_told_alike_alone_and_in_company(tool: Any, asked: Any) -> None:
    long, short = asked(2.0, 1), asked(0.7, 2, 44_100, 1)
    together = tool([long, short])
    assert len(together) == 2 and flat(dict(together[0].data)) != flat(dict(together[1].data))
    for one, alone in zip(together, [*tool([long]), *tool([short])], strict=True):
        same(one, alone)
        assert one.audio.frames == 0, "it tells, and makes no clip"
        json.dumps(dict(one.data), allow_nan=False)


def test_a_clip_longer_than_a_window_is_heard_to_its_end(
    tool: Any, asked: Any, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = importlib.import_module("wavagent.tools._clap.space") if "clap" in listener.module else listener.home
    monkeypatch.setattr(home, "WINDOW", 1.0, raising=False)
    monkeypatch.setattr(home, "SEARCH", 0.5, raising=False)
    whole = asked(2.6, 1)
    clip = whole.inputs["audio"]
    changed = clip.samples.copy()
    changed[-round(1.2 * clip.rate) :] *= np.sin(np.arange(round(1.2 * clip.rate)) * 0.9)[:, np.newaxis]
    other = Request(whole.params, {"audio": Audio.of(changed, clip.rate)})
    one, two = tool([whole]), tool([other])
    assert flat(dict(one[0].data)) != flat(dict(two[0].data))


def test_without_a_clip_it_refuses(tool: Any, listener: Listener) -> None:
    with pytest.raises(Refused, match="given none"):
        tool([Request(listener.home.TOOL.params(**listener.asked))])


def test_it_is_stopped_between_two_steps(tool: Any, asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive = tool.alive

    def at_once(*_: Any) -> None:
        thread = threading.Thread(target=tool.stop)
        thread.start()
        thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", at_once)
    with pytest.raises(Broken, match="stopped"):
        tool([asked(1.0, 1)])


def test_running_out_of_memory_is_said_so(tool: Any, asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match=tool.card.name):
        tool([asked(1.0, 1)])


def test_after_it_was_unloaded_it_loads_anew(tool: Any, asked: Any) -> None:
    before = tool([asked(1.0, 1)])[0]
    tool.unload()
    same(tool([asked(1.0, 1)])[0], before)


def test_without_weights_it_says_what_to_type(listener: Listener, asked: Any, nothing_fetched: None) -> None:
    name = listener.home.TOOL.card.name
    assert f"wavagent tools fetch {name}" in str(listener.home.TOOL.lack())
    with pytest.raises(Unavailable, match=listener.repo):
        listener.home.TOOL([asked(1.0, 1)])


def test_pickles_are_not_opened(listener: Listener, tiny: Any, asked: Any, tmp_path: Any) -> None:
    import torch

    for file in tiny(listener.weights).iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        getattr(listener.home, listener.kind)({"": tmp_path})([asked(1.0, 1)])


def test_its_card_is_one_that_a_box_takes(listener: Listener) -> None:
    tool = listener.home.TOOL
    assert Toolbox.of(tool)[tool.card.name] is tool
    assert tool.card.task in TELLING and not tool.card.seeded
    assert tool.card.weights and tool.card.weights_licence is not None
