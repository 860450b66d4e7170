import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from wavagent.audio import Samples
from wavagent.dsp.gain import decibels
from wavagent.dsp.truepeak import BOUND, PHASES, SPAN, STEEPNESS, TAPS, TruePeak, below, span_peaks, true_peak

Noise = Callable[..., Samples]


def fed(clip: Samples, cuts: list[int]) -> TruePeak:
    meter = TruePeak(clip.shape[1])
    for part in np.split(clip, np.cumsum(cuts).clip(0, len(clip)).astype(int).tolist()):
        meter.feed(part)
    return meter


def everything(clip: Samples) -> float:
    """The true peak with nothing skipped: every point of the signal and of the silence around it."""
    padded = np.zeros((len(clip) + 3 * SPAN + 2 * TAPS - len(clip) % SPAN, clip.shape[1]), np.float32)
    padded[TAPS - 1 : TAPS - 1 + len(clip)] = clip
    whole = (len(padded) - TAPS + 1) // SPAN * SPAN + TAPS - 1
    spans, points = span_peaks(padded[:whole], -1.0)
    assert len(spans) == (whole - TAPS + 1) // SPAN
    return max(float(np.abs(clip).max(initial=0.0)), float(np.float32(points.max(initial=0.0))))


# EBU Tech 3341 (2016), table 1, cases 15-19: a stereo sine at rate / divisor, phase in degrees, amplitude;
# the true peak in dBTP, tolerance +0.2 -0.4
SINES = [
    (4, 0.0, 0.5, -6.0),
    (4, 45.0, 0.5, -6.0),
    (6, 60.0, 0.5, -6.0),
    (8, 67.5, 0.5, -6.0),
    (4, 45.0, 1.41, 3.0),
]


@pytest.mark.parametrize(("divisor", "phase", "size", "wanted"), SINES)
def test_true_peaks_of_ebu_tech_3341(divisor: int, phase: float, size: float, wanted: float) -> None:
    wave = size * np.sin(2 * np.pi * np.arange(153_600) / divisor + np.radians(phase))
    fade = np.minimum(1.0, np.minimum(np.arange(153_600), np.arange(153_600)[::-1]) / 4800)
    clip = np.repeat((wave * fade)[:, np.newaxis], 2, axis=1).astype(np.float32)
    assert wanted - 0.4 <= decibels(true_peak(clip)) <= wanted + 0.2


@pytest.mark.parametrize("case", ["3341-20", "3341-21", "3341-22", "3341-23"])
def test_true_peaks_of_the_bursts_of_ebu_tech_3341(case: str, shared: Path) -> None:
    """Cases 20-23, on the excerpts around the burst: 0.0 dBTP, +0.2 -0.4."""
    data = json.loads((shared / "ebu" / "ebu_3341_3342_cases.json").read_text("utf-8"))
    found = next(entry for entry in data["cases"] if entry["case"] == case)
    clip = np.array(found["burst_excerpt"]["samples"], np.float32)[:, np.newaxis]
    assert -0.4 <= decibels(true_peak(clip)) <= 0.2


def test_real_audio_agrees_with_16_times_oversampling(recording: Samples) -> None:
    dense = np.abs(resample_poly(recording.astype(np.float64), 16, 1, axis=0, window=("kaiser", 8.0))).max()
    assert decibels(true_peak(recording)) == pytest.approx(decibels(float(dense)), abs=0.1)


def test_real_audio_agrees_with_ffmpeg(recording: Samples, ebur128: Callable[[Samples], dict[str, float]]) -> None:
    whole = recording[: len(recording) // 4800 * 4800]
    assert decibels(true_peak(whole)) == pytest.approx(decibels(ebur128(whole)["true_peak"]), abs=0.2)


def test_the_filter_is_flat_to_20_khz() -> None:
    hertz = np.linspace(0.0, 20_000.0, 500) / 48_000
    turns = np.exp(2j * np.pi * hertz[:, np.newaxis] * (np.arange(TAPS) - (TAPS // 2 - 1)))
    assert np.abs(20 * np.log10(np.abs(turns @ PHASES.T))).max() < 0.05


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2000), st.integers(0, 10_000), st.floats(0.0, 6.0))
def test_skipping_what_cannot_matter_changes_nothing(frames: int, seed: int, spread: float) -> None:
    """Bursts of all sizes, so that some spans are skipped and some are not."""
    random = np.random.default_rng(seed)
    sizes = np.exp(random.standard_normal((frames // 40 + 1, 1)) * spread).repeat(40, axis=0)[:frames]
    clip = (sizes * random.standard_normal((frames, 2))).astype(np.float32)
    assert true_peak(clip) == everything(clip)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 700), max_size=20), st.integers(0, 1000))
def test_the_result_does_not_depend_on_the_blocks(cuts: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    clip = (random.standard_normal((3001, 2)) * random.random((3001, 1)) ** 4).astype(np.float32)
    assert fed(clip, cuts).peak == true_peak(clip)


def test_no_point_is_higher_than_the_bound() -> None:
    worst = np.sign(PHASES[np.abs(PHASES).sum(axis=1).argmax()])[:, np.newaxis].astype(np.float32)
    assert true_peak(worst) == pytest.approx(BOUND, rel=1e-6)


def test_a_peak_at_the_very_edge_is_found() -> None:
    """Two full-scale samples, then nothing: between them the signal is higher, first or last or alone."""
    pair = np.ones((2, 1), np.float32)
    lone = true_peak(pair)
    assert lone > 1.1
    assert true_peak(np.concatenate([np.zeros((500, 1), np.float32), pair])) == lone
    assert true_peak(np.concatenate([pair, np.zeros((500, 1), np.float32)])) == lone


def test_a_meter_can_be_read_and_fed_on(noise: Noise) -> None:
    clip = noise(2000)
    meter = TruePeak(2)
    meter.feed(clip[:1003])
    assert meter.peak == true_peak(clip[:1003])
    meter.feed(clip[1003:])
    assert meter.peak == true_peak(clip)


def test_above_its_floor_a_meter_is_exact(noise: Noise) -> None:
    clip = noise(48_000)
    meter = TruePeak(2, floor=0.3)
    meter.feed(clip)
    assert meter.peak == true_peak(clip) > 0.3


@pytest.mark.parametrize("value", [0.0, 1e-42, 1.0])
@pytest.mark.parametrize("frames", [0, 1, 15, 16, 17, 5000])
def test_odd_clips_have_a_finite_peak(frames: int, value: float) -> None:
    found = true_peak(np.full((frames, 2), value, np.float32))
    assert np.isfinite(found)
    assert (found > 0.0) == (frames > 0 and value > 0.0)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2000), st.integers(TAPS, 400), st.floats(0.02, 1.0), st.floats(0.5, 2.5))
def test_what_is_said_to_stay_below_a_level_does(seed: int, frames: int, smooth: float, over: float) -> None:
    """Noise from rough to smooth, against levels from under its samples to over all that could be between them."""
    random = np.random.default_rng(seed)
    clip = np.cumsum(random.standard_normal((frames, 2)), axis=0) * smooth + random.standard_normal((frames, 2))
    clip = (clip / np.abs(clip).max()).astype(np.float32)
    whole = (frames - TAPS + 1) // SPAN * SPAN
    points = span_peaks(clip[: whole + TAPS - 1], -1.0)[1]
    if below(clip, over):
        assert max(1.0, float(points.max(initial=0.0))) <= over * (1.0 + 1e-6)
    assert below(clip, BOUND)


def test_a_slow_wave_is_known_to_stay_below_a_level_just_above_its_samples() -> None:
    clip = np.sin(2 * np.pi * 200.0 / 48_000 * np.arange(4800, dtype=np.float32))[:, np.newaxis]
    assert below(clip, 1.02) and not below(clip, 0.99)


def test_the_steepest_point_is_as_far_above_its_samples_as_is_said() -> None:
    """The steps that the filter turns into the highest point: no smaller factor would do."""
    bends = PHASES.copy()
    middle, fractions = TAPS // 2 - 1, np.arange(1, 4) / 4
    bends[:, middle] -= 1 - fractions
    bends[:, middle + 1] -= fractions
    sums = np.cumsum(bends, axis=1)
    phase = int(np.abs(sums).sum(axis=1).argmax())
    steps = -np.sign(sums[phase, :-1])
    wave = np.concatenate([[0.0], np.cumsum(steps)])
    straight = (1 - fractions[phase]) * wave[middle] + fractions[phase] * wave[middle + 1]
    assert PHASES[phase] @ wave - straight == pytest.approx(STEEPNESS)
