from collections.abc import Callable

import numpy as np
import pytest

from wavagent.export.tone import room_tone, toned
from wavagent.programme import Programme

Make = Callable[..., Programme]


def test_silence_becomes_a_room_of_the_level_asked_for(programme_of: Make) -> None:
    quiet = toned(programme_of(np.zeros((48_000 * 3, 1), np.float32)), -72.0)
    sound = np.concatenate(list(quiet.blocks()))
    halves = sound.reshape(-1, 24_000)
    levels = 10 * np.log10((halves**2).mean(axis=1))
    assert levels.min() > -74.0 and levels.max() < -70.0
    assert abs(sound.mean()) < 1e-6


def test_it_is_the_same_whatever_the_blocks(programme_of: Make) -> None:
    samples = np.zeros((100_000, 2), np.float32)
    one, other = (toned(programme_of(samples, block=block), -60.0) for block in (777, 100_000))
    assert np.array_equal(np.concatenate(list(one.blocks())), np.concatenate(list(other.blocks())))


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_it_has_no_seam_and_no_pitch(rate: int) -> None:
    noise = room_tone(rate, 1)[:, 0]
    steps = np.abs(np.diff(noise))
    assert abs(noise[0] - noise[-1]) <= steps.max()
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    bands = spectrum[: len(spectrum) // 1000 * 1000].reshape(-1, 1000).sum(axis=1)  # of 50 Hz
    assert bands.max() < 0.5 * bands.sum()
