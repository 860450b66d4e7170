"""Noise goes, and speech stays: measured on real speech with noise of a known level."""

import importlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

enhance = importlib.import_module("wavagent.tools.enhance")
TOOL = enhance.TOOL
SPEECH = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "audio" / "speech" / "jfk.flac"
RATE = 16_000


def enhanced(samples: NDArray[np.float32], rate: int = RATE, **params: float) -> NDArray[np.float32]:
    (result,) = TOOL([Request(accept(TOOL, params), {"audio": Audio.of(samples, rate)})])
    made: NDArray[np.float32] = result.audio.samples
    return made


def ratio(clean: NDArray[np.float32], heard: NDArray[np.float32]) -> float:
    """Signal to noise and distortion, in dB, whatever the gain."""
    gain = float((clean * heard).sum() / (clean * clean).sum())
    rest = heard - gain * clean
    return float(10 * np.log10(gain**2 * (clean**2).sum() / (rest**2).sum()))


def noise(frames: int, level: float) -> NDArray[np.float32]:
    return (level * np.random.default_rng(0).standard_normal(frames)).astype(np.float32)


@pytest.mark.parametrize(("before", "gained"), [(20.0, 1.0), (10.0, 6.0), (5.0, 7.0), (0.0, 8.0)])
def test_real_speech_stands_out_of_its_noise(before: float, gained: float) -> None:
    if not SPEECH.is_file():
        pytest.skip("the speech of the evaluation data (../shared/data/audio/speech) is not here")
    clean, rate = soundfile.read(SPEECH, dtype="float32", always_2d=True)
    clean = clean[: 8 * rate, 0]
    noisy = clean + noise(len(clean), float(np.sqrt((clean**2).mean())) * 10 ** (-before / 20))
    assert ratio(clean, enhanced(noisy, rate)[:, 0]) - before >= gained


def test_noise_alone_goes_down_by_what_was_asked() -> None:
    hiss = noise(5 * RATE, 0.05)
    for amount in (6.0, 18.0):
        down = 10 * np.log10((hiss**2).mean() / (enhanced(hiss, amount=amount) ** 2).mean())
        assert amount - 2.5 < down <= amount + 0.5


def test_nothing_to_take_out_is_nothing_taken_out() -> None:
    hiss = noise(2 * RATE, 0.05)
    np.testing.assert_array_equal(enhanced(hiss, amount=0.0)[:, 0], hiss)
    assert not enhanced(np.zeros(2 * RATE, np.float32)).any()


def test_length_and_channels_stay_and_each_channel_is_by_itself() -> None:
    both = np.stack([noise(3 * RATE + 7, 0.05), noise(3 * RATE + 7, 0.0)], axis=1)
    made = enhanced(both)
    assert made.shape == both.shape
    assert not made[:, 1].any()
    np.testing.assert_array_equal(made[:, 0], enhanced(both[:, 0])[:, 0])


def test_a_clip_too_short_to_judge_is_left_as_it_is() -> None:
    for frames in (0, 1, 700):
        np.testing.assert_array_equal(enhanced(noise(frames, 0.1))[:, 0], noise(frames, 0.1))


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
def test_any_rate_is_taken(rate: int) -> None:
    assert (enhanced(noise(2 * rate, 0.05), rate) ** 2).mean() < 0.05 * 0.05**2


def test_a_long_clip_has_no_seam_where_its_blocks_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(6 * RATE) / RATE) * (np.arange(6 * RATE) // RATE % 2)).astype("f4")
    noisy = tone + noise(len(tone), 0.01)
    whole = enhanced(noisy)[:, 0]
    for block in (2.0, 2.4):  # the last has a short rest
        monkeypatch.setattr(enhance, "BLOCK", block)
        made = enhanced(noisy)[:, 0]
        assert np.abs(made - whole).max() < 0.05
        assert np.abs(np.diff(made)).max() < 1.5 * np.abs(np.diff(whole)).max()


def test_without_a_clip_it_says_so() -> None:
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        TOOL([Request(accept(TOOL, {}))])
    with pytest.raises(Refused, match="does not take amount"):
        accept(TOOL, {"amount": -1.0})
