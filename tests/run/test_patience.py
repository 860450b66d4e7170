"""Patience: how long, and how often."""

from queue import SimpleQueue

from hypothesis import given
from hypothesis import strategies as st

from wavagent.errors import Transient
from wavagent.run.patience import Monotonic, Patience

WORST = Patience(draw=lambda low, high: high)


def test_waits_double_up_to_the_longest() -> None:
    patient = Patience(tries=9, total=1e9, draw=lambda low, high: high)
    assert [patient.before_again(Transient("x"), n, 0.0) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_it_ends_after_so_many_tries_and_so_much_time() -> None:
    assert WORST.before_again(Transient("x"), WORST.tries, 0.0) is None
    assert WORST.before_again(Transient("x"), 1, WORST.total) is None


@given(st.floats(0.0, 60.0), st.integers(1, 4))
def test_nobody_is_asked_before_they_said(after: float, tries: int) -> None:
    wait = Patience().before_again(Transient("x", retry_after=after), tries, 0.0)
    assert wait is not None and wait >= after


@given(st.integers(1, 4))
def test_waits_are_drawn_from_zero_to_the_most(tries: int) -> None:
    waits = [Patience().before_again(Transient("x"), tries, 0.0) or 0.0 for _ in range(50)]
    most = 0.5 * 2 ** (tries - 1)
    assert 0.0 <= min(waits) < most / 2 < max(waits) <= most


def test_long_work_and_a_model_to_load_get_more_time() -> None:
    assert WORST.with_work(1.0, loading=False) == WORST.least
    assert WORST.with_work(100.0, loading=False) == 1000.0
    assert WORST.with_work(1.0, loading=True) == WORST.least + WORST.loading


def test_the_clock_gives_what_is_there_and_none_when_it_takes_too_long() -> None:
    inbox: SimpleQueue[int] = SimpleQueue()
    assert Monotonic().get(inbox, 0.0) is None
    inbox.put(1)
    assert Monotonic().get(inbox, None) == 1
