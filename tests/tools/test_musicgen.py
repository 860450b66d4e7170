import importlib
import threading
from typing import Any

import numpy as np
import pytest

from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, accept

musicgen = importlib.import_module("wavagent.tools.musicgen")

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def tool(tiny: Any) -> Any:
    return musicgen.Musicgen({"": tiny("musicgen")})


def wanted(what: str, seconds: float, seed: int, **settings: Any) -> Request:
    return Request(musicgen.MusicgenParams(what=what, seconds=seconds, **settings), seed=seed)


CALM, STORM = wanted("calm piano", 0.8, 1), wanted("a storm of drums, very loud", 0.5, 2)


def test_a_batch_of_mixed_lengths_gives_each_its_own(tool: Any) -> None:
    calm, storm = tool([CALM, STORM])
    assert (calm.audio.rate, calm.audio.channels) == (tool.card.rate, tool.card.channels)
    assert calm.audio.seconds == 0.8
    assert storm.audio.seconds == 0.5


def test_a_clip_is_the_same_alone_and_in_company(tool: Any) -> None:
    together = tool([CALM, STORM])
    alone = [*tool([CALM]), *tool([STORM])]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.audio.samples, other.audio.samples, atol=1e-5)


def test_another_seed_is_another_piece(tool: Any) -> None:
    one, other = tool([CALM]), tool([wanted("calm piano", 0.8, 3)])
    assert np.abs(one[0].audio.samples - other[0].audio.samples).max() > 1e-3


def test_what_differs_in_its_settings_is_not_one_batch(tool: Any) -> None:
    hot = wanted("calm piano", 0.8, 1, temperature=2.0)
    calm, other = tool([CALM, hot])
    assert np.abs(calm.audio.samples - other.audio.samples).max() > 1e-3


def test_longer_than_a_window_goes_on_from_its_end(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tool([CALM])[0].audio.samples
    monkeypatch.setattr(musicgen, "WINDOW", 0.8)
    monkeypatch.setattr(musicgen, "OVERLAP", 0.4)
    long = tool([wanted("calm piano", 1.5, 1)])[0].audio
    assert long.seconds == 1.5
    np.testing.assert_allclose(long.samples[: len(first)], first, atol=1e-5)


def test_every_window_draws_noise_of_its_own(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    decode = musicgen.Decoding.__call__

    def noted(self: Any, prompt: Any, steps: int, sampling: Any, seeds: Any, alive: Any) -> Any:
        drawn.append(tuple(seeds))
        return decode(self, prompt, steps, sampling, seeds, alive)

    monkeypatch.setattr(musicgen.Decoding, "__call__", noted)
    monkeypatch.setattr(musicgen, "WINDOW", 0.4)
    monkeypatch.setattr(musicgen, "OVERLAP", 0.2)
    tool([wanted("calm piano", 0.9, 1), wanted("rain", 0.8, 2)])
    assert len(drawn) == len(set(drawn)) >= 3


def test_it_is_stopped_between_two_steps(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive = tool.alive

    def after_some(*_: Any) -> None:
        steps.append(0)
        if len(steps) == 5:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    steps: list[int] = []
    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([CALM])
    assert len(steps) == 5


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match="musicgen"):
        tool([CALM])


def test_after_it_was_unloaded_it_loads_anew(tool: Any) -> None:
    before = tool([CALM])
    tool.unload()
    np.testing.assert_array_equal(before[0].audio.samples, tool([CALM])[0].audio.samples)


def test_what_it_does_not_take_is_refused() -> None:
    for wrong in ({"what": ""}, {"what": "x", "seconds": 301.0}, {"what": "x", "guidance": "much"}):
        with pytest.raises(Refused):
            accept(musicgen.TOOL, wrong)


def test_without_weights_it_says_what_to_type(nothing_fetched: None) -> None:
    assert "wavagent tools fetch musicgen" in str(musicgen.TOOL.lack())
    with pytest.raises(Unavailable, match="facebook/musicgen-small.*2,400 MB.*CC-BY-NC-4.0"):
        musicgen.TOOL([CALM])


def test_pickles_are_not_opened(tiny: Any, tmp_path: Any) -> None:
    import torch

    for file in tiny("musicgen").iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        musicgen.Musicgen({"": tmp_path})([CALM])
