import importlib

import numpy as np
import pytest

found = importlib.import_module("wavagent.tools._spectra")


@pytest.mark.parametrize("frames", [0, 1, 15, 16, 17, 64, 1_000, 4_097])
def test_a_wave_comes_back_from_its_spectra(frames: int) -> None:
    wave = np.random.default_rng(frames).standard_normal(frames)
    np.testing.assert_allclose(found.wave_of(found.spectra(wave, 64), 64, frames), wave, atol=1e-12)


def test_a_tone_lies_in_its_bin() -> None:
    wave = np.sin(2 * np.pi * 5 * np.arange(640) / 64)
    power = np.abs(found.spectra(wave, 64))[8:-8].mean(axis=0)
    assert power.argmax() == 5


@pytest.mark.parametrize(("seconds", "rate", "size"), [(0.032, 16_000, 512), (0.043, 48_000, 2_048), (1e-6, 8_000, 16)])
def test_a_size_is_a_power_of_two(seconds: float, rate: int, size: int) -> None:
    assert found.size_of(seconds, rate) == size
