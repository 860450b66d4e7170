import importlib
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, accept

pytest.importorskip("demucs", reason="the experts' libraries are not installed")
demucs = importlib.import_module("wavagent.tools.demucs")

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def tool(tiny: Any) -> Any:
    return demucs.Demucs({"": tiny("demucs")})


def clip(seconds: float, rate: int = 44_100, channels: int = 2, seed: int = 0) -> Audio:
    return Audio.of(np.random.default_rng(seed).standard_normal((round(seconds * rate), channels)) * 0.1, rate)


def wanted(audio: Audio, keep: str = "speech") -> Request:
    return Request(accept(demucs.TOOL, {"keep": keep}), {"audio": audio})


SHORT, LONG = clip(0.3), clip(1.3, seed=1)


def test_a_batch_of_mixed_lengths_gives_each_its_own(tool: Any) -> None:
    for audio, made in zip((SHORT, LONG), tool([wanted(SHORT), wanted(LONG)]), strict=True):
        assert (made.audio.rate, made.audio.channels) == (tool.card.rate, tool.card.channels)
        assert made.audio.frames == audio.frames


def test_a_clip_is_the_same_alone_and_in_company_and_again(tool: Any) -> None:
    together = tool([wanted(SHORT), wanted(LONG)])
    np.testing.assert_array_equal(together[1].audio.samples, tool([wanted(LONG)])[0].audio.samples)


def test_what_is_kept_and_what_is_left_sum_to_the_clip(tool: Any) -> None:
    speech, music = tool([wanted(LONG), wanted(LONG, "music")])
    assert np.abs(speech.audio.samples).max() > 1e-3
    np.testing.assert_allclose(speech.audio.samples + music.audio.samples, LONG.samples, atol=1e-5)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2), (44_100, 6)])
def test_any_clip_is_taken(tool: Any, rate: int, channels: int) -> None:
    (made,) = tool([wanted(clip(0.3, rate, channels))])
    assert made.audio.seconds == pytest.approx(0.3, abs=1e-3)


def test_silence_and_nothing_stay_so(tool: Any) -> None:
    empty, quiet = tool([wanted(Audio.silence(0.0)), wanted(Audio.silence(0.3, 44_100, 2), "music")])
    assert empty.audio.frames == 0
    assert np.abs(quiet.audio.samples).max() < 1e-5


def test_it_is_stopped_between_two_windows(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, []

    def after_some(*_: Any) -> None:
        steps.append(0)
        if len(steps) == 2:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([wanted(LONG)])
    assert len(steps) == 2


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match="demucs"):
        tool([wanted(SHORT)])


def test_after_it_was_unloaded_it_loads_anew(tool: Any) -> None:
    before = tool([wanted(SHORT)])
    tool.unload()
    np.testing.assert_array_equal(before[0].audio.samples, tool([wanted(SHORT)])[0].audio.samples)


def test_what_it_does_not_take_is_refused(tool: Any) -> None:
    with pytest.raises(Refused):
        accept(tool, {"keep": "drums"})
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        tool([Request(accept(tool, {"keep": "music"}))])


def test_without_weights_it_says_what_to_type(nothing_fetched: None) -> None:
    assert "wavagent tools fetch demucs" in str(demucs.TOOL.lack())
    with pytest.raises(Unavailable, match="adefossez/HTDemucs"):
        demucs.TOOL([wanted(SHORT)])


@pytest.mark.parametrize(
    ("klass", "about"), [("os.system", {}), ("demucs.htdemucs.HTDemucs", {"structure": '{"_class": "os.system"}'})]
)
def test_a_file_does_not_say_what_is_built(tmp_path: Path, klass: str, about: dict[str, str]) -> None:
    """The library's own loader would call whatever the file names."""
    from tests.tiny.demucs import build

    build(tmp_path, klass, **about)
    with pytest.raises(Unavailable, match=r"is no demucs\.htdemucs\.HTDemucs"):
        demucs.Demucs({"": tmp_path})([wanted(SHORT)])


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "955717e8.th").write_bytes(b"")
    with pytest.raises(Unavailable, match="one .safetensors file"):
        demucs.Demucs({"": tmp_path})([wanted(SHORT)])
