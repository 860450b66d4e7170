"""PANNs and VGGish: what they tell, how it is reckoned, and which files they open."""

import importlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Unavailable
from wavagent.tool import Params, Request

panns = importlib.import_module("wavagent.tools.panns")
vggish = importlib.import_module("wavagent.tools.vggish")
expert = importlib.import_module("wavagent.tools._expert")

pytestmark = pytest.mark.usefixtures("models")


def clip(seconds: float, seed: int = 1) -> Request:
    noise = np.random.default_rng(seed).normal(0, 0.1, round(seconds * 16_000))
    return Request(Params(), {"audio": Audio.of(noise, 16_000)})


def allowed(tool: Any, folder: Path) -> Any:
    """`tool` as after `fetch --folder --allow-pickle`."""
    import torch

    tool._place = lambda: expert.Place({"": folder}, "cpu", torch.float32, pickles=frozenset([""]))
    return tool


def test_a_clip_has_a_distribution_over_the_classes_of_panns(tiny: Any) -> None:
    (told,) = panns.Panns({"": tiny("panns")})([clip(2.0)])
    assert len(told.data["classes"]) == 6 and sum(told.data["classes"]) == pytest.approx(1.0)
    assert len(told.data["embedding"]) == 14 and min(told.data["embedding"]) >= 0.0


def test_panns_hears_decibels_of_the_bands_that_come_with_it(tiny: Any) -> None:
    import torch

    state = panns.Panns({"": tiny("panns")}).load(expert.Place({"": tiny("panns")}, "cpu", torch.float32))
    wave = clip(0.5).inputs["audio"].samples[:, 0]
    found = panns._log_mel(state, torch.from_numpy(wave))[0, 0].numpy()
    padded = np.pad(wave.astype(np.float64), 256, "reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)
    frames = np.stack([padded[start : start + 512] * window for start in range(0, len(padded) - 511, 160)])
    power = np.abs(np.fft.rfft(frames)) ** 2 @ state["logmel_extractor.melW"].numpy().astype(np.float64)
    np.testing.assert_allclose(found, 10 * np.log10(np.maximum(power, 1e-10)), atol=1e-3)


@pytest.mark.parametrize(("seconds", "points"), [(0.2, 1), (0.975, 1), (1.9, 1), (1.935, 2), (10.0, 10)])
def test_a_clip_has_a_point_of_vggish_for_each_096_seconds(tiny: Any, seconds: float, points: int) -> None:
    (told,) = vggish.Vggish({"": tiny("vggish")})([clip(seconds)])
    assert np.shape(told.data["embeddings"]) == (points, 16)


def test_vggish_hears_bands_between_125_and_7500_hertz(tiny: Any) -> None:
    import torch

    loaded = vggish.Vggish({"": tiny("vggish")}).load(expert.Place({"": tiny("vggish")}, "cpu", torch.float32))
    time = np.arange(32_000) / 16_000
    for hertz in (300.0, 1_000.0, 5_000.0):
        tone = Request(Params(), {"audio": Audio.of(0.5 * np.sin(2 * np.pi * hertz * time), 16_000)})
        mel = 1127.0 * np.log1p(np.array([125.0, 7500.0, hertz]) / 700.0)
        nearest = (mel[2] - mel[0]) / (mel[1] - mel[0]) * 65 - 1
        assert abs(np.argmax(vggish._examples(tone, loaded.bands)[0].mean(axis=0)) - nearest) <= 1.0


@pytest.mark.parametrize("name", ["panns", "vggish"])
def test_a_published_pickle_is_opened_for_its_tensors_when_it_is_allowed(name: str, tiny: Any, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    home = importlib.import_module(f"wavagent.tools.{name}")
    kind = type(home.TOOL)
    state = load_file(tiny(name) / "model.safetensors")
    torch.save({"iteration": 7, "model": state} if name == "panns" else state, tmp_path / "published.pth")
    with pytest.raises(
        Unavailable, match=rf"'published.pth', which can run code.*fetch {name} --folder .*--allow-pickle"
    ):
        kind({"": tmp_path})([clip(1.0)])
    (plain,), (pickled,) = kind({"": tiny(name)})([clip(1.0)]), allowed(kind({"": tmp_path}), tmp_path)([clip(1.0)])
    (found,) = plain.data.keys() & {"embedding", "embeddings"}
    np.testing.assert_allclose(pickled.data[found], plain.data[found], rtol=1e-4, atol=1e-4)


class Mischief:
    """What a pickle runs when it is loaded by one who runs everything."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.file),)


def test_even_an_allowed_pickle_runs_nothing(tmp_path: Path) -> None:
    import torch

    torch.save({"model": Mischief(tmp_path / "ran")}, tmp_path / "bad.pth")
    with pytest.raises(Broken, match="holds no model's parameters"):
        allowed(panns.Panns({"": tmp_path}), tmp_path)([clip(1.0)])
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["panns", "vggish"])
def test_weights_of_something_else_are_named(name: str, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    kind = type(importlib.import_module(f"wavagent.tools.{name}").TOOL)
    with pytest.raises(Unavailable, match=r"finds no \.safetensors and no \.pth"):
        kind({"": tmp_path})([clip(1.0)])
    save_file({"fc1.weight": torch.zeros(2)}, tmp_path / "model.safetensors")
    with pytest.raises(Broken, match="they lack "):
        kind({"": tmp_path})([clip(1.0)])
    (tmp_path / "model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(Broken, match="download it again"):
        kind({"": tmp_path})([clip(1.0)])


def test_panns_hears_an_hour_a_minute_at_a_time(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    theirs = panns._log_mel

    def spied(state: Any, wave: Any) -> Any:
        heard.append(len(wave))
        return theirs(state, wave)

    monkeypatch.setattr(panns, "_log_mel", spied)
    monkeypatch.setattr(panns, "MOST", 2.0)
    tool = panns.Panns({"": tiny("panns")})
    (long,) = tool([clip(7.5)])
    assert heard == [32_000, 32_000, 32_000, 24_000]
    monkeypatch.setattr(panns, "MOST", 60.0)
    (whole,) = tool([clip(7.5)])
    assert heard[4:] == [120_000]
    np.testing.assert_allclose(long.data["classes"], whole.data["classes"], atol=0.05)


@pytest.mark.parametrize("name", ["panns", "vggish"])
@pytest.mark.parametrize("error", [MemoryError, lambda: RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")])
def test_weights_that_find_no_room_are_not_called_damaged(
    name: str, error: Any, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise error()

    monkeypatch.setattr(importlib.import_module("wavagent.tools._checkpoint"), "_opened", full)
    with pytest.raises(OutOfMemory, match=f"tool '{name}' ran out of memory"):
        type(importlib.import_module(f"wavagent.tools.{name}").TOOL)({"": tiny(name)})([clip(1.0)])


def test_another_of_the_nets_on_panns_page_is_told_apart(tiny: Any, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(tiny("panns") / "model.safetensors")
    save_file({name: held for name, held in state.items() if "conv_block6" not in name}, tmp_path / "cnn10.safetensors")
    with pytest.raises(Broken, match=r"are not CNN14's: they lack conv_block6\.conv2\.weight"):
        panns.Panns({"": tmp_path})([clip(1.0)])
    (tmp_path / "cnn10.safetensors").unlink()
    bands = state["logmel_extractor.melW"].repeat(2, 1)[:513].contiguous()
    save_file({**state, "logmel_extractor.melW": bands}, tmp_path / "at_32k.safetensors")
    with pytest.raises(Broken, match="hear 513 frequencies, and those of CNN14 at 16 kHz 257"):
        panns.Panns({"": tmp_path})([clip(1.0)])
