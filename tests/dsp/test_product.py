import numpy as np
import pytest

from wavagent.dsp.product import product


@pytest.mark.parametrize("count", [0, 1, 7, 194, 195, 196, 1500, 4001])
def test_a_product_in_pieces_is_the_product(count: int) -> None:
    random = np.random.default_rng(count)
    rows, matrix = random.standard_normal((2, count, 32)), random.standard_normal((32, 32))
    assert product(rows, matrix) == pytest.approx(rows @ matrix, abs=1e-12)
