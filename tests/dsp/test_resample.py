from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from wavagent.audio import Samples
from wavagent.dsp.resample import resampled, resampled_frames

RATES = st.sampled_from([8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000])


@settings(deadline=None)
@given(st.integers(0, 3000), RATES, RATES, st.integers(0, 3))
def test_the_length_is_exact(frames: int, old: int, new: int, channels: int) -> None:
    shape = (frames, channels) if channels else (frames,)
    made = resampled(np.full(shape, 0.5, np.float32), old, new)
    wanted = int(Fraction(frames * new, old) + Fraction(1, 2))
    assert made.shape == (wanted, *shape[1:]) and made.dtype == np.float32
    assert wanted == resampled_frames(frames, old, new)
    assert np.isfinite(made).all()


def test_the_same_rate_is_no_copy() -> None:
    clip = np.ones((10, 2), np.float32)
    assert resampled(clip, 44100, 44100) is clip


@pytest.mark.parametrize(("old", "new"), [(22050, 48000), (44100, 48000), (48000, 16000)])
def test_a_tone_stays_in_time_and_in_tune(old: int, new: int, tone: Callable[..., Samples]) -> None:
    """Against the sine itself, computed at the new rate: no delay is left of the filter."""
    made = resampled(tone((1.0, -6.0), hertz=440.0, rate=old), old, new)
    wanted = tone((1.0, -6.0), hertz=440.0, rate=new)
    assert np.abs(made - wanted)[1000:-1000].max() < 1e-4


def test_noise_agrees_with_scipy_in_the_common_band(noise: Callable[..., Samples]) -> None:
    clip = noise(22050, 1)
    made, other = resampled(clip, 22050, 48000)[:, 0], resample_poly(clip[:, 0], 320, 147)
    ours, theirs = (np.abs(np.fft.rfft(values[1000:47_000]))[: 8000 * 46 // 48] for values in (made, other))
    assert np.sqrt((ours**2).sum() / (theirs**2).sum()) == pytest.approx(1.0, abs=0.01)


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        resampled(np.zeros((1, 1), np.float32), 0, 48000)
