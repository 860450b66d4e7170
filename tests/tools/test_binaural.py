"""A spherical head: the delay between the ears as Woodworth has it, and a shadow where the head is in the way."""

import importlib

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

binaural = importlib.import_module("wavagent.tools.binaural")
TOOL = binaural.TOOL
RATE = 48_000


def ears(azimuth: float, elevation: float = 0.0) -> np.ndarray:
    made: np.ndarray = binaural.response(azimuth, elevation, RATE).astype(np.float64)
    return made


def lead(azimuth: float) -> float:
    """Seconds by which the right ear hears it before the left, from the phase below 500 Hz."""
    hertz = np.fft.rfftfreq(binaural.TAPS, 1 / RATE)
    left, right = np.fft.rfft(ears(azimuth), axis=0).T
    low = slice(1, int(500 / hertz[1]))
    return float(np.median(np.angle(right[low] / left[low]) / (2 * np.pi * hertz[low])))


def delay(azimuth: float) -> float:
    """Woodworth's, to ears that sit 100 degrees from the front; the shadow adds to it at low pitch."""

    def path(angle: float) -> float:
        return -np.cos(angle) if angle < np.pi / 2 else angle - np.pi / 2

    to = [np.abs((np.radians(azimuth - ear) + np.pi) % (2 * np.pi) - np.pi) for ear in binaural.EARS]
    return float((path(to[0]) - path(to[1])) * binaural.RADIUS / binaural.SOUND)


@pytest.mark.parametrize("azimuth", [10.0, 30.0, 60.0, 90.0, 120.0])
def test_the_near_ear_hears_it_first(azimuth: float) -> None:
    """Kuhn (1977): below 500 Hz the delay is up to half as long again as the path alone has it."""
    assert delay(azimuth) > 0
    assert 1.0 <= lead(azimuth) / delay(azimuth) <= 1.6


def test_the_longest_delay_is_that_of_a_human_head() -> None:
    assert 0.6e-3 < delay(90.0) < 0.75e-3


def test_left_is_the_mirror_of_right() -> None:
    for azimuth in (0.0, 37.0, 90.0, 150.0, 180.0):
        np.testing.assert_allclose(ears(azimuth), ears(-azimuth)[:, ::-1], atol=1e-6)


def test_the_head_keeps_treble_and_not_bass_from_the_far_ear() -> None:
    hertz = np.fft.rfftfreq(binaural.TAPS, 1 / RATE)
    left, right = np.abs(np.fft.rfft(ears(90.0), axis=0)).T
    apart = 20 * np.log10(right / left)
    assert abs(apart[np.argmin(abs(hertz - 94))]) < 2.0
    assert 10 < apart[np.argmin(abs(hertz - 5_000))] < 30


def test_straight_above_both_ears_hear_the_same() -> None:
    above = ears(77.0, 90.0)
    np.testing.assert_allclose(above[:, 0], above[:, 1], atol=1e-6)


def test_a_response_is_over_within_its_taps() -> None:
    for azimuth in range(0, 360, 15):
        energy = np.square(ears(float(azimuth)))
        assert energy[binaural.TAPS // 2 :].sum() < 1e-3 * energy.sum()


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_any_clip_becomes_stereo_at_its_rate(channels: int, rate: int) -> None:
    clip = Audio.of(np.random.default_rng(0).standard_normal((rate, channels)) * 0.1, rate)
    (result,) = TOOL([Request(accept(TOOL, {"azimuth": 60.0}), {"audio": clip})])
    assert (result.audio.rate, result.audio.channels) == (rate, 2)
    assert 0 <= result.audio.seconds - 1.0 < 0.001
    left, right = np.square(result.audio.samples, dtype=np.float64).sum(axis=0)
    assert right > left


def test_what_is_no_direction_is_refused() -> None:
    for wrong in ({"azimuth": 181.0}, {"elevation": -91.0}, {"azimuth": float("nan")}):
        with pytest.raises(Refused):
            accept(TOOL, wrong)
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        TOOL([Request(accept(TOOL, {}))])


def test_nothing_stays_nothing() -> None:
    (result,) = TOOL([Request(accept(TOOL, {}), {"audio": Audio.silence(0.0)})])
    assert result.audio.frames == 0
