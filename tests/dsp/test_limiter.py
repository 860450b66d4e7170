from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from wavagent.audio import Samples
from wavagent.dsp.gain import decibels, linear
from wavagent.dsp.limiter import Limiter, running_mean, sliding_max
from wavagent.dsp.truepeak import true_peak

RATE = 48_000
Noise = Callable[..., Samples]


def bursts(seed: int, frames: int, spread: float, length: int) -> Samples:
    """Noise whose size jumps every `length` frames, by up to many tens of dB."""
    random = np.random.default_rng(seed)
    sizes = np.exp(random.standard_normal((frames // length + 1, 1)) * spread).repeat(length, axis=0)[:frames]
    return np.asarray(sizes * random.standard_normal((frames, 2)), dtype=np.float32)


def limited(clip: Samples, rate: int = RATE, ceiling_db: float = -1.0) -> Samples:
    limiter = Limiter(rate, clip.shape[1], ceiling_db)
    return np.concatenate([limiter.feed(clip), limiter.rest()])


def streamed(clip: Samples, cuts: list[int], ceiling_db: float = -1.0) -> Samples:
    limiter = Limiter(RATE, clip.shape[1], ceiling_db)
    parts = np.split(clip, np.cumsum(cuts).clip(0, len(clip)).astype(int).tolist())
    return np.concatenate([*(limiter.feed(part) for part in parts), limiter.rest()])


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 10_000), st.integers(1, 12_000), st.floats(0.0, 4.0), st.sampled_from([3, 50, 700]),
    st.floats(-12.0, 0.0),
)  # fmt: skip
def test_nothing_gets_over_the_ceiling(seed: int, frames: int, spread: float, length: int, ceiling_db: float) -> None:
    out = limited(bursts(seed, frames, spread, length), RATE, ceiling_db)
    assert out.shape == (frames, 2) and np.isfinite(out).all()
    assert true_peak(out) <= linear(ceiling_db + 0.1)


@pytest.mark.parametrize("up_db", [6.0, 15.0, 24.0])
def test_real_audio_stays_under_the_ceiling_at_16_times_oversampling(recording: Samples, up_db: float) -> None:
    out = limited(recording * np.float32(linear(up_db)), RATE, -1.0)
    dense = np.abs(resample_poly(out.astype(np.float64), 16, 1, axis=0, window=("kaiser", 8.0))).max()
    assert decibels(float(dense)) <= -0.9


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 6000), max_size=10), st.integers(0, 1000))
def test_the_output_is_the_same_bits_however_the_input_is_cut(cuts: list[int], seed: int) -> None:
    clip = bursts(seed, 15_001, 1.5, 500)
    assert np.array_equal(streamed(clip, cuts), limited(clip, RATE))


def test_what_is_under_the_ceiling_passes_bit_for_bit(speech: Samples) -> None:
    clip = speech * np.float32(0.8 / true_peak(speech))
    assert np.array_equal(limited(clip, RATE, -1.0), clip)


def test_around_a_peak_the_rest_passes_bit_for_bit(noise: Noise) -> None:
    """Before the look-ahead, and 1.2 s after, when the release is over."""
    clip = noise(96_000, size=0.05)
    clip[20_000] = 4.0
    out = limited(clip, RATE, -1.0)
    assert np.array_equal(out[: 20_000 - 300], clip[: 20_000 - 300])
    assert np.array_equal(out[-15_000:], clip[-15_000:])
    assert not np.array_equal(out[20_100:24_000], clip[20_100:24_000])


def test_the_timing_is_that_of_the_input() -> None:
    clip = np.zeros((30_000, 2), np.float32)
    clip[[7, 9000, 29_999]] = 3.0
    loud = np.abs(limited(clip, RATE)).max(axis=1)
    assert np.flatnonzero(loud).tolist() == [7, 9000, 29_999]


def test_both_channels_get_the_same_gain(noise: Noise) -> None:
    clip = noise(20_000, size=0.2)
    clip[:, 0] *= 20.0
    out = limited(clip, RATE)
    kept = np.abs(clip).min(axis=1) > 1e-3
    gains = out[kept] / clip[kept]
    assert np.abs(gains[:, 0] - gains[:, 1]).max() < 1e-6


def test_the_gain_moves_without_a_step() -> None:
    """A jump of 40 dB is met over 5 ms: from frame to frame the gain moves by less than 1 %."""
    clip = np.full((20_000, 1), 0.1, np.float32)
    clip[10_000:] = 10.0
    gains = limited(clip, RATE)[:, 0] / clip[:, 0]
    assert np.abs(np.diff(gains)).max() < 0.01


def test_a_limiter_gives_all_but_a_tenth_of_a_second_and_then_the_rest(noise: Noise) -> None:
    limiter = Limiter(RATE, 2)
    clip = noise(50_000)
    given = limiter.feed(clip)
    assert len(clip) - len(given) <= RATE // 10
    assert len(given) + len(limiter.rest()) == len(clip)


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 96_000])
def test_any_rate_is_limited(rate: int) -> None:
    out = limited(bursts(5, rate, 2.0, 300), rate)
    assert true_peak(out) <= linear(-0.9)


@pytest.mark.parametrize("value", [0.0, 1e-42, 1.0, 1e6])
@pytest.mark.parametrize("frames", [0, 1, 2, 5000])
def test_odd_clips_come_out_finite_and_as_long(frames: int, value: float) -> None:
    out = limited(np.full((frames, 2), value, np.float32), RATE)
    assert out.shape == (frames, 2) and np.isfinite(out).all()


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60), st.data())
def test_sliding_max_is_the_maximum_of_each_window(values: list[float], data: st.DataObject) -> None:
    width = data.draw(st.integers(1, len(values)))
    wanted = [max(values[at : at + width]) for at in range(len(values) - width + 1)]
    assert sliding_max(np.array(values), width).tolist() == wanted
    means = [sum(values[at : at + width]) / width for at in range(len(values) - width + 1)]
    assert running_mean(np.array(values), width) == pytest.approx(means, abs=1e-9)
