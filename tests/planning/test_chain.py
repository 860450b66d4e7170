"""The chain, against the sum over every way to cast the turns."""

from itertools import product

import numpy as np
import pytest

from wavagent.planning.chain import marginals


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (3, 2, 2), (2, 1, 3, 2)])
def test_marginals_are_those_of_every_way_to_cast(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(len(sizes))
    own = [rng.normal(size=size) for size in sizes]
    one = [rng.normal(size=(sizes[t - 1] if t else 1, size)) for t, size in enumerate(sizes)]
    two = [rng.normal(size=(sizes[t - 2] if t > 1 else 1, size)) for t, size in enumerate(sizes)]
    for t in (0, 1):
        if t < len(sizes):
            two[t] = np.zeros((1, sizes[t]))

    expected = [np.zeros(size) for size in sizes]
    for way in product(*(range(size) for size in sizes)):
        score = sum(own[t][who] for t, who in enumerate(way))
        score += sum(one[t][way[t - 1], way[t]] for t in range(1, len(way)))
        score += sum(two[t][way[t - 2], way[t]] for t in range(2, len(way)))
        for t, who in enumerate(way):
            expected[t][who] += np.exp(score)

    for likely, sums in zip(marginals(own, one, two), expected, strict=True):
        np.testing.assert_allclose(likely, sums / sums.sum(), rtol=1e-9)


def test_scores_of_any_size_stay_numbers() -> None:
    own = [np.array([900.0, -900.0])] * 400
    flat = [np.zeros((2, 2))] * 400
    assert all(np.isfinite(likely).all() for likely in marginals(own, flat, [np.zeros((1, 2)), *flat[1:]]))
