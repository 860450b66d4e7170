"""Extraction by words: the machinery with a judge that knows the answer, and the model's own path on tiny weights."""

import importlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.dsp.resample import resampled
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, accept, installed

clap_extract = importlib.import_module("wavagent.tools.clap_extract")
extract = importlib.import_module("wavagent.tools._extract")
taking = importlib.import_module("wavagent.tools._extract.pieces")

RATE = 16_000


def foley(what: str, seconds: float) -> Audio:
    tool = installed()["foley"]
    (made,) = tool([Request(accept(tool, {"what": what, "seconds": seconds}), seed=1)])
    mono = made.audio.samples.mean(axis=1, keepdims=True, dtype=np.float32)
    level = np.sqrt(np.mean(np.square(mono, dtype=np.float64)))
    return Audio(resampled((0.1 * mono / level).astype(np.float32), made.audio.rate, RATE), RATE)


def wanted(audio: Audio, what: str = "a bird", keep: str = "it") -> Request:
    return Request(accept(clap_extract.TOOL, {"what": what, "keep": keep}), {"audio": audio})


def noise(seconds: float, rate: int = RATE, channels: int = 1, seed: int = 1) -> Audio:
    random = np.random.default_rng(seed)
    tone = np.sin(np.arange(round(seconds * rate)) * 4000.0 / rate)[:, np.newaxis]
    return Audio.of(0.1 * tone + 0.05 * random.standard_normal((len(tone), channels)), rate)


def ratio(made: Audio, truth: Audio) -> float:
    """The scale-invariant signal-to-distortion ratio, in dB."""
    heard, true = (one.samples[:, 0].astype(np.float64) for one in (made, truth))
    part = heard @ true / (true @ true) * true
    return float(10.0 * np.log10(np.sum(part**2) / np.sum((heard - part) ** 2)))


class Knowing(clap_extract.ClapExtract):  # type: ignore[misc, name-defined]  # mypy cannot see that tools/ is wavagent.tools
    """A judge that hears how much of the target is in a clip, not quite exactly."""

    def __init__(self, target: Audio, other: Audio) -> None:
        super().__init__({"": Path()})
        self._target, self._other = target, other
        self._random = np.random.default_rng(0)

    def load(self, place: Any) -> None:
        return None

    def fits(self, model: Any, what: str, clips: Sequence[Audio]) -> Any:
        return np.array([0.3 * self._share(clip) + self._random.normal(0.0, 0.03) for clip in clips])

    def _share(self, clip: Audio) -> float:
        heard = clip.samples[:, 0].astype(np.float64)
        target, other = (
            float((heard @ one.samples[: len(heard), 0]) ** 2 / np.sum(one.samples**2, dtype=np.float64))
            for one in (self._target, self._other)
        )
        return target / (target + other + 1e-12)


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(("target", "other", "better"), [("birdsong", "rain", 3.0), ("church bell", "rain", 10.0)])
def test_with_a_judge_that_knows_what_is_what_sounds_come_apart(target: str, other: str, better: float) -> None:
    one, two = foley(target, 2.0), foley(other, 2.0)
    mixture = Audio(one.samples + two.samples, RATE)
    tool = Knowing(one, two)
    it, rest = (made.audio for made in tool([wanted(mixture, target), wanted(mixture, target, "rest")]))
    assert ratio(it, one) > ratio(mixture, one) + better
    assert ratio(rest, two) > ratio(mixture, two) + better


@pytest.fixture
def tool(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """With fewer components than it has, each of which is heard."""
    monkeypatch.setattr(importlib.import_module("wavagent.tools._extract.components"), "COUNT", 3)
    return clap_extract.ClapExtract({"": tiny("clap")})


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 3)])
def test_what_is_kept_and_what_is_left_sum_to_the_clip(tool: Any, rate: int, channels: int) -> None:
    clip = noise(0.7, rate, channels)
    it, rest = tool([wanted(clip), wanted(clip, keep="rest")])
    assert (it.audio.rate, it.audio.samples.shape) == (rate, clip.samples.shape)
    np.testing.assert_allclose(it.audio.samples + rest.audio.samples, clip.samples, atol=1e-6)
    assert 0.01 < np.std(it.audio.samples) / np.std(clip.samples) < 0.99


@pytest.mark.usefixtures("models")
def test_a_clip_of_several_pieces_sums_up_too_and_is_the_same_again(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SECONDS", 0.5)
    monkeypatch.setattr(taking, "FADE", 0.1)
    monkeypatch.setattr(taking, "LEAST", 0.1)
    clip, other = noise(0.8, 8_000), noise(0.4, 8_000, seed=2)
    it, rest, _ = tool([wanted(clip), wanted(clip, keep="rest"), wanted(other)])
    np.testing.assert_allclose(it.audio.samples + rest.audio.samples, clip.samples, atol=1e-6)
    np.testing.assert_array_equal(it.audio.samples, tool([wanted(clip)])[0].audio.samples)


@pytest.mark.usefixtures("models")
def test_the_words_are_put_into_a_sentence_and_it_says_how_well_they_fit(
    tool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    described, asked = tool.descriptions, []

    def noted(model: Any, texts: Any) -> Any:
        asked.extend(texts)
        return described(model, texts)

    monkeypatch.setattr(tool, "descriptions", noted)
    clip = noise(0.7)
    made = tool([wanted(clip, what) for what in ("a barking dog", "heavy rain on a tin roof")])
    assert set(asked) == {"This is a sound of a barking dog.", "This is a sound of heavy rain on a tin roof."}
    assert made[0].data["fit"] != made[1].data["fit"]
    for one in made:
        assert set(one.data["fit"]) == {"it", "rest"}
        assert all(-1.0 <= fit <= 1.0 for fit in one.data["fit"].values())


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("frames", [0, 1])
def test_nothing_and_next_to_nothing_are_taken(tool: Any, frames: int) -> None:
    clip = Audio.of(np.full(frames, 0.1), RATE)
    it, rest = tool([wanted(clip), wanted(clip, keep="rest")])
    np.testing.assert_allclose(it.audio.samples + rest.audio.samples, clip.samples, atol=1e-6)


@pytest.mark.usefixtures("models")
def test_silence_stays_silence(tool: Any) -> None:
    (made,) = tool([wanted(Audio.silence(0.5))])
    assert not made.audio.samples.any()


@pytest.mark.parametrize("frames", [0, 1, 999, 8_000, 8_001, 9_999, 15_500, 16_000, 40_123])
def test_the_shares_of_the_pieces_come_to_one(frames: int) -> None:
    whole = np.zeros(frames)
    for piece in extract.pieces(frames, 1_000):
        whole[piece.first : piece.last] += taking.faded(piece)
    np.testing.assert_allclose(whole, 1.0)


def test_components_that_fit_better_are_kept_more() -> None:
    fits, powers = np.array([0.1, 0.5, 0.12, 0.45, 0.3]), np.array([1.0, 0.01, 2.0, 0.02, 0.001])
    kept = extract.shares(fits, powers)
    assert (np.diff(kept[np.argsort(fits)]) > 0).all()
    assert (kept[[0, 2]] < 0.1).all() and (kept[[1, 3]] > 0.9).all()


@pytest.mark.parametrize("fits", [[0.2], [0.2, 0.2, 0.2]])
def test_where_nothing_differs_all_is_kept(fits: list[float]) -> None:
    np.testing.assert_array_equal(extract.shares(np.array(fits), np.ones(len(fits))), 1.0)


@pytest.mark.usefixtures("models")
def test_it_is_stopped_between_two_pieces(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, []

    def after_some() -> None:
        steps.append(0)
        if len(steps) == 3:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([wanted(noise(0.5))])
    assert len(steps) == 3


@pytest.mark.usefixtures("models")
def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "sounds", full)
    with pytest.raises(OutOfMemory, match="clap_extract"):
        tool([wanted(noise(0.3))])


@pytest.mark.usefixtures("models")
def test_what_it_does_not_take_is_refused(tool: Any) -> None:
    with pytest.raises(Refused):
        accept(tool, {"what": ""})
    with pytest.raises(Refused):
        accept(tool, {"what": "a bird", "keep": "both"})
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        tool([Request(accept(tool, {"what": "a bird"}))])


@pytest.mark.usefixtures("models")
def test_without_weights_it_says_what_to_type(nothing_fetched: None) -> None:
    assert "wavagent tools fetch clap_extract" in str(clap_extract.TOOL.lack())
    with pytest.raises(Unavailable, match="laion/clap-htsat-unfused"):
        clap_extract.TOOL([wanted(noise(0.3))])
