"""The neural codecs: what both keep to."""

import importlib
import threading
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, Toolbox, accept

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture(params=["encodec", "dac"])
def home(request: Any) -> Any:
    return importlib.import_module(f"wavagent.tools.{request.param}")


@pytest.fixture
def tool(home: Any, tiny: Any) -> Any:
    name = home.TOOL.card.name
    return type(home.TOOL)({"": tiny(name)})


def asked(home: Any, seconds: float, channels: int = 1, kbps: float | None = None) -> Request:
    noise = np.random.default_rng(channels).normal(0, 0.2, (round(seconds * 16_000), channels))
    return Request(home.TOOL.params(kbps=kbps), {"audio": Audio.of(noise, 16_000)})


def test_a_clip_keeps_its_length_and_its_channels(home: Any, tool: Any) -> None:
    for result, seconds, channels in zip(
        tool([asked(home, 0.5), asked(home, 0.31, 2)]), (0.5, 0.31), (1, 2), strict=True
    ):
        assert (result.audio.rate, result.audio.channels) == (tool.card.rate, channels)
        assert result.audio.seconds == pytest.approx(seconds, abs=1e-4)
        assert np.abs(result.audio.samples).max() > 0


def test_a_clip_is_the_same_alone_and_in_company(home: Any, tool: Any) -> None:
    together = tool([asked(home, 0.5), asked(home, 0.3, 2)])
    for one, alone in zip(together, [*tool([asked(home, 0.5)]), *tool([asked(home, 0.3, 2)])], strict=True):
        np.testing.assert_array_equal(one.audio.samples, alone.audio.samples)


def test_fewer_kilobits_are_another_sound_and_it_says_how_many(home: Any, tool: Any) -> None:
    few, all_of_them = tool([asked(home, 0.4, kbps=0.1), asked(home, 0.4)])
    assert few.data["kbps"] < all_of_them.data["kbps"]
    assert not np.allclose(few.audio.samples, all_of_them.audio.samples, atol=1e-6)


def test_it_is_what_the_model_itself_gives_back(home: Any, tool: Any, tiny: Any) -> None:
    import torch
    from transformers import AutoModel

    wave = np.random.default_rng(5).normal(0, 0.2, 8_192).astype(np.float32)
    (result,) = tool([Request(home.TOOL.params(), {"audio": Audio.of(wave, tool.card.rate)})])
    model = AutoModel.from_pretrained(tiny(tool.card.name)).eval()
    given = torch.from_numpy(wave)[None, None]
    more = {"bandwidth": 2.7} if tool.card.name == "encodec" else {}
    with torch.no_grad():
        expected = model(given, **more).audio_values.reshape(-1)[: len(wave)].numpy()
    np.testing.assert_allclose(result.audio.samples[: len(expected), 0], expected, atol=1e-5)


def test_what_it_does_not_take_is_refused(home: Any, tool: Any) -> None:
    with pytest.raises(Refused, match="kbps"):
        accept(home.TOOL, {"kbps": 0.0})
    with pytest.raises(Refused, match="given none"):
        tool([Request(home.TOOL.params())])
    for seconds in (0.0, 121.0):
        with pytest.raises(Refused, match="up to 120 s"):
            tool([Request(home.TOOL.params(), {"audio": Audio.silence(seconds, 8_000)})])


def test_it_is_stopped_between_two_clips(home: Any, tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, []

    def after_one(*_: Any) -> None:
        steps.append(0)
        if len(steps) == 2:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_one)
    with pytest.raises(Broken, match="stopped"):
        tool([asked(home, 0.2)] * 3)
    assert len(steps) == 2


def test_running_out_of_memory_is_said_so(home: Any, tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match=tool.card.name):
        tool([asked(home, 0.2)])


def test_after_it_was_unloaded_it_loads_anew(home: Any, tool: Any) -> None:
    before = tool([asked(home, 0.2)])[0]
    tool.unload()
    np.testing.assert_array_equal(tool([asked(home, 0.2)])[0].audio.samples, before.audio.samples)


def test_without_weights_it_says_what_to_type(home: Any, nothing_fetched: None) -> None:
    card = home.TOOL.card
    assert Toolbox.of(home.TOOL)[card.name] is home.TOOL
    assert f"wavagent tools fetch {card.name}" in str(home.TOOL.lack())
    with pytest.raises(Unavailable, match=card.weights[0].repo):
        home.TOOL([asked(home, 0.2)])


def test_pickles_are_not_opened(home: Any, tiny: Any, tmp_path: Any) -> None:
    import torch

    for file in tiny(home.TOOL.card.name).iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        type(home.TOOL)({"": tmp_path})([asked(home, 0.2)])
