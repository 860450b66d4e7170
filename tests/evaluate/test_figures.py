"""The three distances, against closed forms and another implementation."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.evaluate import divergence, frechet, inception

Seed = st.integers(0, 2**32)


def cloud(seed: int, points: int, dimensions: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    rng = np.random.default_rng(seed)
    made: np.ndarray[tuple[int, int], np.dtype[np.float64]] = rng.normal(size=(points, dimensions)) @ rng.normal(
        size=(dimensions, dimensions)
    ) + rng.normal(size=dimensions)
    return made


def shares(seed: int, clips: int, classes: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.random.default_rng(seed).dirichlet(np.ones(classes) * 0.3, size=clips)


@settings(max_examples=25, deadline=None)
@given(Seed, st.integers(2, 40), st.integers(2, 40), st.integers(1, 12))
def test_the_frechet_distance_is_that_of_scipys_square_root(seed: int, one: int, other: int, dimensions: int) -> None:
    linalg = pytest.importorskip("scipy.linalg")
    first, second = cloud(seed, one, dimensions), cloud(seed + 1, other, dimensions)
    spreads = [np.atleast_2d(np.cov(points, rowvar=False)) for points in (first, second)]
    # a little on the diagonal: scipy's root of a singular matrix is only that of a near one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = linalg.sqrtm((spreads[0] + 1e-10 * np.eye(dimensions)) @ (spreads[1] + 1e-10 * np.eye(dimensions)))
    apart = first.mean(axis=0) - second.mean(axis=0)
    expected = apart @ apart + np.trace(spreads[0] + spreads[1] - 2 * root.real)
    assert frechet(first, second) == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_for_spreads_along_the_axes_it_is_the_closed_form() -> None:
    corners = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    factor = np.sqrt(3 / 4)  # four points: the variance divides by three
    one, other = corners * [2.0, 1.0] * factor, corners * [5.0, 3.0] * factor + [1.0, 2.0]
    assert frechet(one, other) == pytest.approx(1 + 4 + (5 - 2) ** 2 + (3 - 1) ** 2)


@settings(max_examples=25, deadline=None)
@given(Seed, st.integers(2, 30), st.integers(1, 50))
def test_a_set_is_at_no_distance_from_itself_and_alike_from_both_sides(seed: int, points: int, size: int) -> None:
    one, other = cloud(seed, points, size), cloud(seed + 1, points, size)
    scale = 1 + float(np.abs(np.cov(one, rowvar=False)).sum())
    assert frechet(one, one) <= 1e-5 * scale
    assert frechet(one, other) == pytest.approx(frechet(other, one), rel=1e-4, abs=1e-5 * scale)


def test_what_is_moved_is_at_the_square_of_the_way() -> None:
    points = cloud(3, 50, 8)
    assert frechet(points, points + 2.0) == pytest.approx(8 * 4.0, rel=1e-6)


@pytest.mark.parametrize("wrong", [np.zeros((1, 4)), np.zeros((5, 3)), np.zeros(4)])
def test_sets_that_cannot_be_compared_are_named(wrong: object) -> None:
    with pytest.raises(ValueError, match="two sets"):
        frechet(cloud(1, 5, 4), np.asarray(wrong))


@settings(max_examples=25, deadline=None)
@given(Seed, st.integers(1, 20), st.integers(2, 30))
def test_the_divergence_is_scipys_relative_entropy(seed: int, clips: int, classes: int) -> None:
    relative = pytest.importorskip("scipy.special").rel_entr
    real, made = shares(seed, clips, classes), shares(seed + 1, clips, classes)
    expected = relative(real, made + 1e-6).sum(axis=1).mean()
    assert divergence(real, made) == pytest.approx(max(0.0, expected), rel=1e-9, abs=1e-9)
    assert divergence(real, real) == 0.0


def test_the_divergence_of_two_coins_is_the_closed_form() -> None:
    expected = 0.5 * np.log(2) + 0.5 * np.log(2 / 3)
    assert divergence([[0.5, 0.5]], [[0.25, 0.75]]) == pytest.approx(expected, abs=1e-5)
    assert divergence([[1.0, 0.0]], [[0.0, 1.0]]) == pytest.approx(-np.log(1e-6))
    with pytest.raises(ValueError, match="as many"):
        divergence([[0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]])


def test_the_inception_score_is_1_for_clips_alike_and_the_number_of_kinds_for_clear_ones() -> None:
    assert inception([[0.2, 0.8]] * 7) == pytest.approx(1.0)
    assert inception(np.eye(6)) == pytest.approx(6.0)
    assert inception(np.full((4, 5), 0.2)) == pytest.approx(1.0)
    assert inception(np.repeat(np.eye(3), 4, axis=0)) == pytest.approx(3.0)
    with pytest.raises(ValueError, match="at least 1 "):
        inception(np.zeros((0, 5)))


def test_the_inception_score_of_parts_is_the_mean_of_theirs() -> None:
    found = shares(3, 20, 5)
    assert inception(found, 4) == pytest.approx(np.mean([inception(found[first::4]) for first in range(4)]))
    assert inception(np.eye(6), 6) == pytest.approx(1.0), "a part of one clip has nothing to differ from"
    with pytest.raises(ValueError, match="at least 21 "):
        inception(found, 21)


@settings(max_examples=25, deadline=None)
@given(Seed, st.integers(1, 20), st.integers(2, 30))
def test_the_inception_score_lies_between_1_and_the_number_of_classes(seed: int, clips: int, classes: int) -> None:
    assert 1.0 <= inception(shares(seed, clips, classes)) <= min(clips, classes) * (1 + 1e-9)
