"""The budget: no cent too much."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wavagent.graph import Call
from wavagent.run.budget import Purse
from wavagent.run.call import Ready, ready
from wavagent.tool import Price


def call(expert: Callable[..., Any], price: float) -> Ready:
    tool = expert(price=Price(call=price))
    return ready(Call("a", "expert", {"text": "a"}), tool, {})


@given(st.lists(st.floats(0.0, 2.0), max_size=20), st.floats(0.0, 10.0))
def test_what_is_spent_is_never_more_than_was_allowed(
    expert: Callable[..., Any], prices: list[float], cost: float
) -> None:
    purse = Purse(cost)
    paid = sum(price for price in prices if purse.pays(call(expert, price)))
    assert purse.spent <= cost + 1e-6
    assert abs(paid - purse.spent) < 1e-9


def test_without_a_limit_everything_is_paid_and_counted(expert: Callable[..., Any]) -> None:
    purse = Purse()
    assert purse.pays(call(expert, 3.5)) and purse.spent == 3.5


def test_what_costs_nothing_is_paid_from_an_empty_purse(expert: Callable[..., Any]) -> None:
    assert Purse(0.0).pays(call(expert, 0.0))
