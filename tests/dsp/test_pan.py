from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Samples
from wavagent.dsp.loudness import Loudness
from wavagent.dsp.pan import balanced, gains, panned, to_mono, to_stereo


@given(st.floats(-3.0, 3.0))
def test_panning_keeps_the_power(position: float) -> None:
    left, right = gains(position)
    assert left**2 + right**2 == pytest.approx(1.0)
    assert left >= -1e-12 and right >= -1e-12


def test_the_ends_are_one_channel_alone() -> None:
    assert gains(-1.0) == pytest.approx((1.0, 0.0))
    assert gains(2.0) == pytest.approx((0.0, 1.0))


def test_a_mono_clip_is_as_loud_in_any_position(noise: Callable[..., Samples]) -> None:
    clip = noise(48_000, 1)
    mono = Loudness.of(clip, 48_000).integrated
    for position in (-1.0, -0.4, 0.0, 0.7):
        assert Loudness.of(panned(clip, position), 48_000).integrated == pytest.approx(mono, abs=1e-3)


def test_stereo_is_balanced_and_the_near_side_keeps_its_level() -> None:
    clip = np.ones((3, 2), np.float32)
    assert panned(clip, 0.0) is clip
    leaned = balanced(clip, 0.5)
    assert (leaned[:, 1] == 1.0).all() and (leaned[:, 0] < 0.5).all()


def test_more_than_two_channels_cannot_be_panned() -> None:
    with pytest.raises(ValueError, match="6 channels"):
        panned(np.zeros((1, 6), np.float32), 0.0)


def test_mono_to_stereo_to_mono_is_the_same_clip(noise: Callable[..., Samples]) -> None:
    clip = noise(100, 1)
    assert np.array_equal(to_mono(to_stereo(clip)), clip)
    assert to_stereo(np.zeros((5, 6), np.float32)).shape == (5, 2)
