from collections.abc import Callable

import numpy as np
import pytest
from scipy.signal import sosfilt, sosfreqz

from wavagent.audio import Samples
from wavagent.dsp.kweight import KWeighting, coefficients, k_weighted

PUBLISHED = [  # ITU-R BS.1770-4, tables 1 and 2
    [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
    [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
]


def test_at_48_khz_the_coefficients_are_the_published_ones() -> None:
    assert coefficients(48_000).tolist() == PUBLISHED


@pytest.mark.parametrize("rate", [16_000, 22_050, 32_000, 44_100, 96_000, 192_000])
def test_at_other_rates_the_response_is_that_at_48_khz(rate: int) -> None:
    """Within 0.1 dB up to a third of Nyquist; beyond, the bilinear transform bends any such filter."""
    hertz = np.geomspace(10.0, min(rate, 48_000) / 6, 200)
    _, ours = sosfreqz(coefficients(rate), hertz, fs=rate)
    _, published = sosfreqz(coefficients(48_000), hertz, fs=48_000)
    assert np.abs(20 * np.log10(np.abs(ours) / np.abs(published))).max() < 0.1


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_the_block_filter_is_the_recursive_filter(rate: int, noise: Callable[..., Samples]) -> None:
    """Against scipy's, sample by sample, with a constant that the high-pass must hold out for long."""
    clip = noise(rate // 2 + 7, 3) + np.float32(0.5)
    wanted = sosfilt(coefficients(rate), clip.astype(np.float64), axis=0)
    assert np.abs(k_weighted(clip, rate) - wanted).max() < 1e-9


@pytest.mark.parametrize("grid", [1, 30, 441, 4800, 401])
def test_any_grid_gives_the_same_and_states_are_kept(grid: int, noise: Callable[..., Samples]) -> None:
    clip = noise(grid * 6, 2)
    weighting = KWeighting(48_000, 2, grid)
    parts = [weighting.feed(clip[: grid * 2]), weighting.feed(clip[grid * 2 :])]
    assert np.abs(np.concatenate(parts, axis=1).T - k_weighted(clip, 48_000)).max() < 1e-9


def test_a_rate_too_low_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4000 Hz, not 3000"):
        coefficients(3000)


@pytest.mark.parametrize("value", [0.0, 1e-42, 1.0, -1.0])
def test_nothing_makes_it_other_than_finite(value: float) -> None:
    assert np.isfinite(k_weighted(np.full((5000, 1), value, np.float32), 48_000)).all()
