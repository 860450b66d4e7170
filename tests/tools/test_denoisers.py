"""The experts that denoise: each on a tiny model of its family, loaded as a fetched one is."""

import importlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, Toolbox, accept

pytestmark = pytest.mark.usefixtures("models")

WEIGHTS = {
    "ace_step": "ace_step",
    "audioldm": "audioldm",
    "audioldm2": "audioldm2",
    "audioldm2_music": "audioldm2",
    "musicldm": "musicldm",
    "stable_audio": "stable_audio",
    "stable_audio_music": "stable_audio",
}
"""Every one of them, and whose tiny weights it loads."""

SPEAKING = ["ace_step", "audioldm", "audioldm2", "musicldm", "stable_audio"]
"""One for each family."""


def shipped(name: str) -> Any:
    return importlib.import_module(f"wavagent.tools.{name}").TOOL


@pytest.fixture(scope="session")
def tool_of(tiny: Any) -> Callable[[str], Any]:
    made: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in made:
            made[name] = type(shipped(name))({"": tiny(WEIGHTS[name])})
        return made[name]

    return of


@pytest.fixture(params=SPEAKING)
def tool(request: pytest.FixtureRequest, tool_of: Callable[[str], Any]) -> Any:
    return tool_of(request.param)


@pytest.fixture(params=WEIGHTS)
def each(request: pytest.FixtureRequest, tool_of: Callable[[str], Any]) -> Any:
    return tool_of(request.param)


def wanted(tool: Any, what: str, seconds: float, seed: int, **settings: Any) -> Request:
    return Request(accept(tool, {"what": what, "seconds": seconds, "steps": 2, **settings}), seed=seed)


def rain(tool: Any, seed: int = 1, **settings: Any) -> Request:
    return wanted(tool, "rain on a tin roof", 1.2, seed, **settings)


def storm(tool: Any) -> Request:
    return wanted(tool, "a far storm of drums, very loud, and a bell", 1.5, 2)


def far(one: Any, other: Any) -> float:
    """The largest difference of two results, as a part of the peak."""
    return float(np.abs(one.audio.samples - other.audio.samples).max() / np.abs(one.audio.samples).max())


def test_clips_are_what_the_card_says(each: Any) -> None:
    (made,) = each([rain(each)])
    assert (made.audio.rate, made.audio.channels) == (each.card.rate, each.card.channels)
    assert made.audio.seconds == 1.2
    assert np.isfinite(made.audio.samples).all() and np.abs(made.audio.samples).max() > 1e-6


def test_a_batch_of_mixed_lengths_gives_each_its_own_in_order(each: Any) -> None:
    other = wanted(each, "wind", 2.7, 3)
    assert [made.audio.seconds for made in each([rain(each), other, storm(each)])] == [1.2, 2.7, 1.5]


def test_a_clip_that_needs_no_cut_is_whole(tool: Any) -> None:
    (made,) = tool([wanted(tool, "wind", 2 * tool.grain, 1)])
    assert len(made.audio.samples) == round(2 * tool.grain * tool.card.rate)


def test_a_clip_is_the_same_alone_and_in_company(each: Any) -> None:
    requests = [rain(each), storm(each)]
    alone = [made for request in requests for made in each([request])]
    for one, other in zip(each(requests), alone, strict=True):
        assert far(one, other) < 1e-5


def test_the_seed_is_the_clip(each: Any) -> None:
    (one,), (same,), (other,) = (each([rain(each, seed)]) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.audio.samples, same.audio.samples)
    assert far(one, other) > 1e-4


def test_the_words_are_heard(tool: Any) -> None:
    (one,), (other,) = tool([rain(tool)]), tool([wanted(tool, "a brass band", 1.2, 1)])
    assert far(one, other) > 1e-4


def test_settings_are_heard_and_part_a_batch(tool: Any) -> None:
    more = {"steps": 3} if tool.card.name == "ace_step" else {"guidance": 9.0}
    one, other = tool([rain(tool), rain(tool, **more)])
    assert far(one, other) > 1e-4


@pytest.mark.parametrize("name", SPEAKING[1:])
def test_what_is_to_be_avoided_is_heard_in_a_batch_too(tool_of: Callable[[str], Any], name: str) -> None:
    tool = tool_of(name)
    one, other = tool([rain(tool), rain(tool, avoid="low quality")])
    assert far(one, other) > 1e-4


def test_lyrics_are_heard(tool_of: Callable[[str], Any]) -> None:
    tool = tool_of("ace_step")
    one, other = tool([rain(tool), rain(tool, lyrics="[verse]\nRain on the roof", tempo=90, key="A minor")])
    assert far(one, other) > 1e-4


def test_it_is_stopped_between_two_steps(each: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = each.alive, [0]

    def after_some(*given: Any) -> None:
        steps[0] += 1
        if steps[0] == 3:
            thread = threading.Thread(target=each.stop)
            thread.start()
            thread.join()
        alive(*given)

    monkeypatch.setattr(each, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        each([rain(each, steps=8)])
    assert steps == [3]


def test_running_out_of_memory_is_said_so(each: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(each, "denoise", full)
    with pytest.raises(OutOfMemory, match=each.card.name):
        each([rain(each)])


def test_after_it_was_unloaded_it_loads_anew(tool: Any) -> None:
    (before,) = tool([rain(tool)])
    tool.unload()
    np.testing.assert_array_equal(before.audio.samples, tool([rain(tool)])[0].audio.samples)


@pytest.mark.parametrize("name", WEIGHTS)
def test_what_it_does_not_take_is_refused(name: str) -> None:
    tool = shipped(name)
    for wrong in ({"what": ""}, {"what": "x", "seconds": tool.card.longest + 0.1}, {"what": "x", "steps": 0}):
        with pytest.raises(Refused):
            accept(tool, wrong)
    assert accept(tool, {"what": "x", "seconds": tool.card.longest})


@pytest.mark.parametrize("name", WEIGHTS)
def test_without_weights_it_says_what_to_type(nothing_fetched: None, name: str) -> None:
    tool = shipped(name)
    assert f"wavagent tools fetch {name}" in str(tool.lack())
    with pytest.raises(Unavailable, match=tool.card.weights[0].repo):
        tool([rain(tool)])


@pytest.mark.parametrize("name", WEIGHTS)
def test_whoever_may_sell_what_it_makes_is_told(name: str) -> None:
    assert ("forbids" in str(shipped(name).card.bar)) == ("NC" in shipped(name).card.weights_licence.name)
    assert Toolbox.of(shipped(name)).commercial.tools.keys() == ({name} if name == "ace_step" else set())


@pytest.mark.parametrize("name", ["audioldm", "ace_step"])
def test_pickles_are_not_opened(tiny: Any, tmp_path: Path, name: str) -> None:
    import shutil

    import torch

    folder = shutil.copytree(tiny(name), tmp_path / name)
    for file in (folder / "vae").glob("*.safetensors"):
        file.unlink()
    torch.save({}, folder / "vae" / "diffusion_pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        type(shipped(name))({"": folder})([rain(shipped(name))])
