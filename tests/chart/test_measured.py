"""Timings in a report: written plain, read with doubt."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from wavagent.chart.measured import measured, timings_in
from wavagent.speeds import Timing


def test_times_count_from_the_first_start() -> None:
    later, first = Timing("a", ("x",), 1.0, 105.5, 2.0), Timing("@mix", ("k",) * 99, 3.0, 100.0, 1.0)
    assert measured(later, None, first) == [Timing("@mix", (), 3.0, 0.0, 1.0), Timing("a", ("x",), 1.0, 5.5, 2.0)]
    assert measured() == []


def test_what_is_written_is_read_again() -> None:
    plain = measured(Timing("a", ("x", "y"), 1.0, 7.0, 2.0), Timing("@.mp3 acx", ("s.mp3",), 9.0, 9.0, 2.0))
    assert timings_in(json.loads(json.dumps([asdict(one) for one in plain]))) == plain


GOOD = {"tool": "a", "calls": ["x"], "seconds": 1.0, "start": 0.0, "took": 1.0}


@pytest.mark.parametrize(
    "values",
    [
        None,
        7,
        {},
        ["x"],
        [{}],
        [{**GOOD, "took": -1.0}],
        [{**GOOD, "start": float("nan")}],
        [GOOD, {**GOOD, "took": 1e99}],
    ],
)
def test_what_somebody_wrote_over_is_no_timing(values: Any) -> None:
    assert timings_in([GOOD])
    assert timings_in(values) == []
