"""The best of several takes: by a score that is written down, and neither the shortest nor the first for being that."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.check import Fault
from wavagent.check.choice import Candidate, best

GOOD = Candidate(1, 3.0)
DOUBT, BROKEN = Fault("clipping", "is clipped"), Fault("silence", "is silent", True)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (replace(GOOD, faults=(DOUBT, DOUBT)), replace(GOOD, faults=(BROKEN,))),
        (replace(GOOD, wer=0.9), replace(GOOD, faults=(DOUBT,), wer=0.0)),
        (replace(GOOD, wer=0.0, score=0.1), replace(GOOD, wer=0.1, score=0.9)),
        (replace(GOOD, wer=0.1), replace(GOOD, wer=None)),
        (replace(GOOD, wer=None), replace(GOOD, wer=0.5)),
        (replace(GOOD, score=0.5), replace(GOOD, score=0.4)),
        (replace(GOOD, score=-0.5), replace(GOOD, score=None)),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_each_step_of_the_score(better: Candidate, worse: Candidate, first: bool) -> None:
    candidates = [replace(better, take=5), replace(worse, take=2 if first else 7)]
    assert best(candidates).take == 5


def test_the_length_nearest_to_the_middle_wins_not_the_shortest() -> None:
    lengths = [1.0, 3.2, 3.0, 6.0]
    assert best([Candidate(number, seconds) for number, seconds in enumerate(lengths)]).take == 1


def test_where_nothing_tells_them_apart_the_first_is_taken() -> None:
    assert best([replace(GOOD, take=2), replace(GOOD, take=0)]).take == 0


@given(st.permutations([Candidate(n, 2.0 + n / 3, wer=n % 3 / 10) for n in range(6)]))
def test_the_order_of_the_takes_does_not_matter(candidates: list[Candidate]) -> None:
    assert best(candidates) == best(sorted(candidates, key=lambda one: one.take))


def test_without_takes_there_is_no_choice() -> None:
    with pytest.raises(ValueError):
        best([])
