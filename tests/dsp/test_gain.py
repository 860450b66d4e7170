import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.dsp.gain import decibels, linear, peak, power_decibels


@given(st.floats(-200.0, 200.0))
def test_decibels_and_factors_are_each_other_s_inverse(db: float) -> None:
    assert decibels(linear(db)) == pytest.approx(db, abs=1e-9)


def test_known_levels() -> None:
    assert linear(20.0) == pytest.approx(10.0)
    assert linear(-math.inf) == 0.0
    assert decibels(-0.5) == pytest.approx(-6.0206, abs=1e-4)
    assert power_decibels(100.0) == pytest.approx(20.0)


def test_silence_is_minus_infinity_and_no_error() -> None:
    assert decibels(0.0) == power_decibels(0.0) == -math.inf


def test_peak_is_the_largest_size_and_zero_for_nothing() -> None:
    assert peak(np.array([[0.25, -0.75]], np.float32)) == 0.75
    assert peak(np.zeros((0, 2), np.float32)) == 0.0
