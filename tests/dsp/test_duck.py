from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.dsp.duck import STEEPEST, Envelope, gain, merged

RATE = 1000
Interval = tuple[int, int]
INTERVALS = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 3000)).map(lambda at: (at[0], sum(at))), max_size=8)


def levels(envelope: Envelope, start: int = 0, frames: int = 12_000) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 20 * np.log10(gain(envelope, start, frames).astype(np.float64))


@given(INTERVALS, st.floats(0.0, 40.0))
def test_it_is_down_while_anyone_speaks(speech: list[Interval], depth: float) -> None:
    found = levels(Envelope.of(speech, RATE, depth))
    for start, end in speech:
        assert np.abs(found[start:end] + depth).max(initial=0.0) < 1e-4
    assert found.max() <= 1e-6 and found.min() >= -depth - 1e-4


@given(INTERVALS, st.floats(0.0, 40.0), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_no_ramp_is_steeper_than_60_db_a_second(
    speech: list[Interval], depth: float, attack: float, release: float
) -> None:
    found = levels(Envelope.of(speech, RATE, depth, attack, release))
    assert np.abs(np.diff(found)).max() * RATE <= STEEPEST + 0.01


@given(INTERVALS, st.integers(-3000, 12_000), st.integers(0, 5000), st.integers(0, 5000))
def test_two_windows_are_the_whole_bit_for_bit(speech: list[Interval], start: int, first: int, second: int) -> None:
    envelope = Envelope.of(speech, RATE)
    halves = [gain(envelope, start, first), gain(envelope, start + first, second)]
    assert np.array_equal(np.concatenate(halves), gain(envelope, start, first + second))


@given(INTERVALS)
def test_the_gain_is_the_line_between_the_breakpoints(speech: list[Interval]) -> None:
    """Against numpy's own interpolation."""
    envelope = Envelope.of(speech, RATE)
    if speech and any(end > start for start, end in speech):
        wanted = np.interp(np.arange(-500, 11_500), envelope.frames, envelope.levels)
        assert np.abs(levels(envelope, -500) - wanted).max() < 1e-4


@given(INTERVALS, st.floats(1.0, 2000.0))
def test_merged_intervals_are_apart_and_cover_the_same(speech: list[Interval], gap: float) -> None:
    found = merged(speech, gap)
    assert all(after[0] - before[1] >= gap for before, after in pairwise(found))
    for start, end in speech:
        assert start == end or any(low <= start and end <= high for low, high in found)


def test_short_pauses_are_held_over_and_long_ones_are_not() -> None:
    short = Envelope.of([(2000, 4000), (4600, 6000)], RATE, attack=0.25, release=0.25)
    long = Envelope.of([(2000, 4000), (5000, 6000)], RATE, attack=0.25, release=0.25)
    assert levels(short)[2000:6000].max() < -11.9
    assert levels(long)[4300:4700] == pytest.approx(0.0)


def test_it_is_down_before_the_first_word_and_up_after_the_last() -> None:
    found = levels(Envelope.of([(2000, 3000)], RATE, 12.0, attack=0.25, release=0.5))
    assert found[1750] == 0.0 > found[1760]
    assert found[3500] == pytest.approx(0.0) and found[3490] < 0.0


def test_without_speech_the_bed_is_left_alone() -> None:
    assert (gain(Envelope.of([], RATE), 5, 100) == 1.0).all()


def test_a_negative_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="without the sign"):
        Envelope.of([(0, 1)], RATE, -12.0)
