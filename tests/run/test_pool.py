"""The pools: slots, and the rate of servers."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from wavagent.run.pool import Limits, Pools, depths_here, memory_here
from wavagent.tool import Toolbox


def test_a_pool_has_room_for_as_many_as_it_has_slots() -> None:
    pools = Pools(Limits({"cpu": 2}))
    for _ in range(2):
        assert pools.room("cpu", 0.0)
        pools.take("cpu", 5, 0.0)
    assert not pools.room("cpu", 0.0)
    pools.leave("cpu")
    assert pools.room("cpu", 0.0)


def test_requests_go_out_no_faster_than_the_rate_however_many_slots_there_are() -> None:
    pools = Pools(Limits({"http": 99}, rate=4.0))
    pools.take("http", 2, 10.0)
    assert (pools.room("http", 10.49), pools.room("http", 10.5), pools.due(10.0)) == (False, True, 10.5)
    assert pools.due(11.0) == math.inf
    assert pools.room("cpu", 10.0)


def test_a_pool_that_nobody_named_has_one_slot() -> None:
    assert Pools(Limits({})).depth("gpu") == 1


def test_this_machine_has_memory_and_its_card_is_not_asked_for_nothing(
    expert: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: pytest.fail("nobody needs the card"))
    assert memory_here(Toolbox.of(expert()))["cpu"] > 100
    assert min(depths_here().values()) >= 1


def test_a_card_that_does_not_answer_is_no_limit(expert: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/nowhere/nvidia-smi")
    assert "gpu" not in memory_here(Toolbox.of(expert(pool="gpu")))
