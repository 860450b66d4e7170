from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import fftconvolve, welch

from wavagent.audio import Samples
from wavagent.dsp.loudness import Loudness
from wavagent.dsp.reverb import convolved, place, responses, tail_frames
from wavagent.dsp.space import DISTANCES, SPACES

RATE = 48_000
Noise = Callable[..., Samples]
LEVEL = [name for name, space in SPACES.items() if not space.level_db]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 70_000), st.integers(1, 4000), st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2)]))
def test_overlap_add_is_convolution(frames: int, taps: int, channels: tuple[int, int]) -> None:
    """Against scipy's."""
    random = np.random.default_rng(frames)
    clip = random.standard_normal((frames, channels[0])).astype(np.float32)
    response = (random.standard_normal((taps, channels[1])) / taps).astype(np.float32)
    wide = max(channels)
    wanted = fftconvolve(np.broadcast_to(clip, (frames, wide)), np.broadcast_to(response, (taps, wide)), axes=0)
    found = convolved(clip, response)
    assert found.shape == wanted.shape and found.dtype == np.float32
    assert np.abs(found - wanted).max() < 1e-5


@pytest.mark.parametrize("where", LEVEL)
def test_speech_keeps_its_loudness_in_a_space(where: str, speech: Samples) -> None:
    """Within 1 LU; in a narrow band, which depends on the voice, within 2.5."""
    clip = speech[: 6 * RATE, :1]
    change = Loudness.of(place(clip, RATE, where), RATE).integrated - Loudness.of(clip, RATE).integrated
    assert abs(change) < (2.5 if SPACES[where].low else 1.0)


@pytest.mark.parametrize("where", SPACES)
@pytest.mark.parametrize("channels", [1, 2])
def test_the_tail_is_as_long_as_told_and_ends_in_silence(where: str, channels: int, noise: Noise) -> None:
    clip = noise(4000, channels)
    placed = place(clip, RATE, where)
    assert placed.shape == (4000 + tail_frames(where, "normal", RATE), 2)
    assert np.isfinite(placed).all()
    if len(placed) > 4000 + 480:
        assert np.abs(placed[-200:]).max() < 0.01 * np.abs(placed).max()


@pytest.mark.parametrize("where", SPACES)
def test_no_sound_comes_before_its_time(where: str) -> None:
    clip = np.zeros((2000, 1), np.float32)
    clip[1000] = 1.0
    placed = np.abs(place(clip, RATE, where))
    assert placed[:1000].max() < 1e-3 * placed.max()
    assert placed[1000:1100].max() > 0.01 * placed.max()


@pytest.mark.parametrize(("where", "low", "high"), [("phone", 300.0, 3400.0), ("radio", 200.0, 5000.0)])
def test_a_band_is_the_band(where: str, low: float, high: float, noise: Noise) -> None:
    """3 dB down at its edges, 20 dB an octave further out, measured on noise."""
    placed = place(noise(RATE * 5, 1), RATE, where)[:, 0]
    hertz, power = welch(placed, RATE, nperseg=8192)
    level = 10 * np.log10(power / np.median(power[(hertz > 2 * low) & (hertz < high / 2)]))
    assert np.interp([low, high], hertz, level) == pytest.approx([-3.0, -3.0], abs=1.5)
    assert np.interp([low / 2, high * 2], hertz, level).max() < -19.0


def test_a_dry_clip_is_only_put_in_the_middle(noise: Noise) -> None:
    clip = noise(1000, 2)
    assert np.array_equal(place(clip, RATE, "dry"), clip)
    mono = place(clip[:, :1], RATE, "dry")
    assert mono == pytest.approx(np.repeat(clip[:, :1], 2, axis=1) * 0.5**0.5, abs=1e-7)


def test_the_direct_sound_stays_where_it_was_panned(noise: Noise) -> None:
    clip = noise(20_000, 2)
    clip[:, 1] = 0.0
    left, right = (float((channel**2).sum()) for channel in place(clip, RATE, "room").T)
    assert right > 0.0
    assert 10 * np.log10(left / right) > 8.0


@pytest.mark.parametrize("where", ["room", "hall", "church"])
def test_the_reverberation_falls_by_60_db_in_its_time(where: str) -> None:
    """Schroeder's backward integration, from 5 to 25 dB below the start, as ISO 3382 does it."""
    _, wet = responses(where, "normal", RATE)
    left = np.cumsum((wet[::-1].astype(np.float64) ** 2).sum(axis=1))[::-1]
    level = 10 * np.log10(left / left[0])
    first, last = np.searchsorted(-level, [5.0, 25.0])
    assert (last - first) / RATE * 3 == pytest.approx(SPACES[where].seconds, rel=0.35)


def test_far_is_quieter_duller_and_wetter_than_near(speech: Samples) -> None:
    clip = speech[: 3 * RATE, :1]
    near, far = (place(clip, RATE, "hall", name) for name in ("near", "far"))
    assert Loudness.of(near, RATE).integrated - Loudness.of(far, RATE).integrated > 6.0
    shares = [
        float((wet**2).sum() / (direct**2).sum())
        for direct, wet in (responses("hall", d, RATE) for d in ("near", "far"))
    ]
    assert 10 * np.log10(shares[1] / shares[0]) > 10.0


@pytest.mark.parametrize("rate", [8000, 44_100])
@pytest.mark.parametrize("where", ["dry", "room", "tunnel", "phone", "underwater"])
def test_spaces_work_at_every_rate_and_distance(where: str, rate: int) -> None:
    for far in DISTANCES:
        placed = place(np.ones((10, 1), np.float32), rate, where, far)
        assert np.isfinite(placed).all() and placed.any()


def test_a_response_is_the_same_whenever_it_is_made() -> None:
    assert np.array_equal(responses("hall", "far", RATE)[1], responses.__wrapped__("hall", "far", RATE)[1])


@pytest.mark.parametrize("frames", [0, 1])
def test_very_short_clips_ring_too(frames: int) -> None:
    assert place(np.ones((frames, 2), np.float32), RATE, "room").shape[1] == 2
