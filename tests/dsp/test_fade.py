import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.dsp.fade import Curve, declicked, edges, faded, ramp


@pytest.mark.parametrize("curve", ["linear", "power"])
def test_a_ramp_rises_from_zero_to_one_and_stays(curve: Curve) -> None:
    values = ramp(-3, 120, 100, curve)
    assert (values[:4] == 0.0).all() and (values[103:] == 1.0).all()
    assert (np.diff(values) >= 0.0).all()


def test_a_ramp_of_no_length_is_a_step() -> None:
    assert ramp(-1, 3, 0).tolist() == [0.0, 1.0, 1.0]


@given(st.integers(0, 300), st.integers(0, 120), st.integers(0, 120), st.sampled_from(["linear", "power"]))
def test_edges_of_two_windows_are_the_edges_of_the_whole(cut: int, rise: int, fall: int, curve: Curve) -> None:
    def window(start: int, frames: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        shape = edges(start, frames, 300, rise, fall, curve)
        return np.ones(frames, np.float32) if shape is None else shape

    assert np.array_equal(np.concatenate([window(0, cut), window(cut, 300 - cut)]), window(0, 300))


def test_the_middle_of_a_clip_has_no_edges() -> None:
    assert edges(100, 800, 1000, 100, 100) is None
    assert edges(99, 800, 1000, 100, 100) is not None


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 47, 480, 4800])
def test_a_declicked_clip_starts_and_ends_at_zero_without_a_step(frames: int) -> None:
    """MIX-2: a step at a clip's edge is below -40 dBFS, at full scale too."""
    clip = declicked(np.ones((frames, 2), np.float32), 48_000)
    assert clip.shape == (frames, 2)
    if frames > 1:
        assert not clip[0].any() and not clip[-1].any()
    if frames >= 480:
        assert np.abs(np.diff(clip, axis=0)).max() < 0.01


def test_fading_leaves_its_argument_alone() -> None:
    clip = np.ones((100, 1), np.float32)
    assert faded(clip, 0, 0) is not clip
    faded(clip, 50, 50)
    assert (clip == 1.0).all()
