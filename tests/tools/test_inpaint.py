"""Gaps: short ones carried on from both sides, long ones filled with the background; all else as it was."""

import importlib

import numpy as np
import pytest
from numpy.typing import NDArray

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

TOOL = importlib.import_module("wavagent.tools.inpaint").TOOL
burg = importlib.import_module("wavagent.tools._inpaint.bridge").burg
RATE = 16_000


def filled(samples: NDArray[np.float32], start: float, end: float, seed: int = 0) -> NDArray[np.float32]:
    request = Request(accept(TOOL, {"start": start, "end": end}), {"audio": Audio.of(samples, RATE)}, seed=seed)
    (result,) = TOOL([request])
    assert result.audio.rate == RATE
    made: NDArray[np.float32] = result.audio.samples
    return made


def vowel(seconds: float = 2.0) -> NDArray[np.float32]:
    time = np.arange(round(seconds * RATE)) / RATE
    partials = [np.sin(2 * np.pi * 120 * n * time + n) / n for n in range(1, 12)]
    return np.asarray(0.2 * np.sum(partials, axis=0), np.float32)


@pytest.mark.parametrize("length", [0.002, 0.01, 0.05, 0.1])
def test_a_short_gap_in_a_steady_sound_cannot_be_heard(length: float) -> None:
    whole = vowel()
    broken = whole.copy()
    gap = slice(RATE, RATE + round(length * RATE))
    broken[gap] = 0.9  # a click
    made = filled(broken, 1.0, 1.0 + length)[:, 0]
    error = np.square(made[gap] - whole[gap]).mean() / np.square(whole[gap]).mean()
    assert 10 * np.log10(error) < -25


@pytest.mark.parametrize("length", [0.02, 0.6])
def test_nothing_outside_the_gap_and_its_seams_changes(length: float) -> None:
    sound = np.random.default_rng(0).standard_normal((3 * RATE, 2)).astype(np.float32) * 0.1
    made = filled(sound, 1.0, 1.0 + length)
    assert made.shape == sound.shape
    first, last = RATE - 400, round((1.0 + length) * RATE) + 400
    np.testing.assert_array_equal(made[:first], sound[:first])
    np.testing.assert_array_equal(made[last:], sound[last:])
    assert not np.array_equal(made, sound)


def test_a_long_gap_sounds_like_the_place() -> None:
    room = np.random.default_rng(0).standard_normal(6 * RATE).astype(np.float32) * 0.02
    cough = room.copy()
    cough[2 * RATE : 3 * RATE] += vowel(1.0)
    gap = filled(cough, 1.9, 3.1)[round(1.95 * RATE) : round(3.05 * RATE), 0]
    assert 10 * np.log10(np.square(gap).mean() / np.square(room).mean()) == pytest.approx(0.0, abs=1.0)
    pieces = np.square(gap[: len(gap) // 10 * 10].reshape(10, -1)).mean(axis=1)
    assert pieces.max() < 1.5 * pieces.min()


def test_the_same_seed_weaves_the_same_and_another_another() -> None:
    room = np.random.default_rng(0).standard_normal(6 * RATE).astype(np.float32) * 0.02
    one = filled(room, 2.0, 3.0, seed=1)
    np.testing.assert_array_equal(one, filled(room, 2.0, 3.0, seed=1))
    assert not np.array_equal(one, filled(room, 2.0, 3.0, seed=2))


@pytest.mark.parametrize(
    ("start", "end"), [(0.0, 0.05), (0.0, 0.5), (1.95, 2.0), (1.5, 2.0), (1.5, 9.0), (0.001, 1.999)]
)
def test_gaps_at_an_edge_are_filled_from_the_other_side(start: float, end: float) -> None:
    made = filled(vowel(), start, end)
    assert made.shape == (2 * RATE, 1)
    assert np.isfinite(made).all() and np.abs(made).max() < 2.0


def test_silence_is_filled_with_silence() -> None:
    for end in (1.05, 1.5):
        assert not filled(np.zeros(2 * RATE, np.float32), 1.0, end).any()


def test_a_predictor_finds_the_recursion_that_made_the_sound() -> None:
    random = np.random.default_rng(0)
    wave = np.zeros(20_000)
    for at in range(2, len(wave)):
        wave[at] = 1.6 * wave[at - 1] - 0.8 * wave[at - 2] + random.standard_normal()
    np.testing.assert_allclose(burg(wave, 2), [1.6, -0.8], atol=0.02)
    roots = np.roots([1.0, *-burg(random.standard_normal(300), 80)])
    assert np.abs(roots).max() < 1.0


def test_what_cannot_be_filled_is_refused() -> None:
    assert "at most 30 s" in str(TOOL.refusal(accept(TOOL, {"start": 0.0, "end": 31.0})))
    assert "ends after its start" in str(TOOL.refusal(accept(TOOL, {"start": 2.0, "end": 1.0})))
    with pytest.raises(Refused, match="ends at 2 s, and has nothing at 3 s"):
        filled(vowel(), 3.0, 4.0)
    with pytest.raises(Refused, match="all of the clip"):
        filled(vowel(), 0.0, 2.0)
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        TOOL([Request(accept(TOOL, {"start": 0.0, "end": 1.0}))])
