from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Samples
from wavagent.dsp.loop import seamless, tile


@given(st.integers(1, 40), st.integers(0, 200), st.integers(-100, 100))
def test_a_tile_reads_the_endless_repetition_from_any_phase(length: int, frames: int, offset: int) -> None:
    loop = np.arange(length, dtype=np.float32)[:, np.newaxis]
    wanted = (np.arange(frames) + offset) % length
    assert np.array_equal(tile(loop, frames, offset)[:, 0], wanted)


def test_nothing_cannot_loop() -> None:
    with pytest.raises(ValueError, match="empty"):
        tile(np.zeros((0, 2), np.float32), 10)


def test_a_seamless_loop_has_no_step_where_it_closes(tone: Callable[..., Samples]) -> None:
    """A tone that does not fit its clip clicks when it is repeated, and not when it was made a loop."""
    clip = tone((1.0, -6.0), hertz=220.37)
    plain, loop = (np.abs(np.diff(tile(x, 2 * len(x))[:, 0])) for x in (clip[:40_003], seamless(clip, 8000)))
    steepest = np.abs(np.diff(clip[:, 0])).max()
    assert plain.max() > 5 * steepest
    assert loop.max() < 1.5 * steepest


def test_a_loop_is_as_loud_at_its_seam_as_elsewhere(noise: Callable[..., Samples]) -> None:
    loop = seamless(noise(96_000, 1, 1.0), 24_000)
    assert len(loop) == 72_000
    powers = [float((part**2).mean()) for part in np.array_split(loop, 12)]
    assert powers == pytest.approx([1.0] * 12, abs=0.1)


@pytest.mark.parametrize("overlap", [-1, 51, 200])
def test_an_overlap_beyond_half_of_the_clip_is_refused(overlap: int) -> None:
    with pytest.raises(ValueError, match="half at most"):
        seamless(np.zeros((100, 1), np.float32), overlap)
