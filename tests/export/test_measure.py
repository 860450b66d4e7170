from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from wavagent.audio import Samples
from wavagent.dsp.gain import decibels
from wavagent.errors import InputError
from wavagent.export.measure import Measurement, measure

Voice = Callable[..., Samples]


def measured(samples: Samples, path: Path, rate: int = 48_000) -> Measurement:
    soundfile.write(path / "a.wav", samples, rate, "FLOAT")
    return measure(path / "a.wav")


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_loudness_is_that_of_pyloudnorm(voice: Voice, tmp_path: Path, rate: int, channels: int) -> None:
    sound = voice(20.0, rate, channels)
    theirs = pyloudnorm.Meter(rate).integrated_loudness(sound.astype(np.float64))
    assert measured(sound, tmp_path, rate).loudness.integrated == pytest.approx(theirs, abs=0.1)


def test_levels_of_a_sine(tmp_path: Path) -> None:
    time = np.arange(96_000) / 48_000
    found = measured(0.5 * np.sin(2 * np.pi * 1000 * time)[:, np.newaxis].astype(np.float32) + 0.01, tmp_path)
    assert found.rms == pytest.approx(-9.03, abs=0.01)
    assert found.noise_floor == pytest.approx(found.rms, abs=0.01)
    assert decibels(found.sample_peak) == pytest.approx(-5.85, abs=0.01)
    assert found.dc == pytest.approx(0.01, abs=1e-6)
    assert found.seconds == 2.0


def test_a_peak_between_samples_is_found(tmp_path: Path) -> None:
    time = np.arange(48_000)
    found = measured(np.sin(np.pi / 2 * time + np.pi / 4)[:, np.newaxis].astype(np.float32), tmp_path)
    assert decibels(found.sample_peak) == pytest.approx(-3.01, abs=0.01)
    assert decibels(found.true_peak) == pytest.approx(0.0, abs=0.2)  # and a little more where it starts


def test_silence_before_and_after_and_the_noise_between(voice: Voice, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).standard_normal((48_000 * 6, 2)).astype(np.float32) * 10 ** (-65 / 20)
    noise[48_000 * 7 // 10 : 48_000 * 7 // 2] = 0.3
    found = measured(noise, tmp_path)
    assert (found.head, found.tail) == pytest.approx((0.7, 2.5))
    assert found.noise_floor == pytest.approx(-65.0, abs=0.3)


@pytest.mark.parametrize("frames", [1, 100, 4800])
def test_short_and_silent_files_have_numbers_too(tmp_path: Path, frames: int) -> None:
    found = measured(np.zeros((frames, 2), np.float32), tmp_path)
    assert found.rms == found.noise_floor == -np.inf
    assert found.head == found.tail == found.seconds == frames / 48_000
    written = found.to_json()
    assert written["loudness_lufs"] is None and written["true_peak_dbtp"] is None


def test_a_file_without_a_single_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sound|no audio"):
        measured(np.zeros((0, 2), np.float32), tmp_path)


def test_a_rate_for_which_loudness_is_not_defined_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2000 Hz"):
        measured(np.zeros((2000, 1), np.float32), tmp_path, 2000)
