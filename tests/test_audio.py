"""Sound in memory: an Audio is float32, (frames, channels), finite, or it is not there."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wavagent.audio import RATE, Audio, Word


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        (np.zeros((4, 1)), "not float64 of shape \\(4, 1\\)"),
        (np.zeros((4, 1), np.int16), "not int16"),
        (np.zeros(4, np.float32), "not float32 of shape \\(4,\\)"),
        (np.zeros((4, 0), np.float32), "not float32 of shape \\(4, 0\\)"),
        (np.zeros((4, 1, 1), np.float32), "not float32 of shape \\(4, 1, 1\\)"),
    ],
)
def test_samples_of_another_kind_or_shape_are_refused(samples: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Audio(samples, RATE)


@pytest.mark.parametrize("sample", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_refused(sample: float) -> None:
    samples = np.zeros((4, 2), np.float32)
    samples[2, 1] = sample
    with pytest.raises(ValueError, match="finite"):
        Audio(samples, RATE)


@pytest.mark.parametrize("rate", [0, -48_000])
def test_a_rate_that_is_not_positive_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match=f"hertz, not {rate}"):
        Audio(np.zeros((4, 1), np.float32), rate)


def test_an_audio_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Audio.silence(1.0).rate = 8_000  # type: ignore[misc]


def test_a_clip_knows_its_measures() -> None:
    clip = Audio(np.zeros((24_000, 2), np.float32), 48_000)
    assert (clip.frames, clip.channels, clip.seconds) == (24_000, 2, 0.5)


@given(st.lists(st.floats(-1, 1, width=32), max_size=20))
def test_one_dimension_is_mono(values: list[float]) -> None:
    clip = Audio.of(values, RATE)
    assert clip.samples.shape == (len(values), 1)
    assert clip.samples.dtype == np.float32
    assert clip.samples[:, 0].tolist() == values


@given(arrays.arrays(np.float64, st.tuples(st.integers(0, 9), st.integers(1, 4)), elements=st.floats(-1, 1, width=32)))
def test_two_dimensions_are_kept(values: Any) -> None:
    np.testing.assert_array_equal(Audio.of(values, RATE).samples, values)


def test_silence_lasts_as_long_as_it_says() -> None:
    silence = Audio.silence(0.1, rate=8_000, channels=2)
    assert silence.samples.shape == (800, 2)
    assert not silence.samples.any()


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_word_comes_back_from_json(start: float, end: float, first: int, last: int) -> None:
    word = Word(start, end, first, last)
    assert Word.from_json(word.to_json()) == word


def test_a_word_in_numpy_numbers_is_plain_in_json() -> None:
    """Tools count in numpy; a float32 is nothing that JSON knows."""
    word = Word(np.float32(0.5), np.float64(1.0), np.int64(2), np.int32(3))  # type: ignore[arg-type]
    assert [type(value) for value in word.to_json()] == [float, float, int, int]
    assert Word.from_json(word.to_json()) == Word(0.5, 1.0, 2, 3)


@pytest.mark.parametrize("values", [[], [0.0, 1.0, 0], [0.0, 1.0, 0, 1, 2]])
def test_a_word_has_four_values(values: list[Any]) -> None:
    with pytest.raises(ValueError):
        Word.from_json(values)
