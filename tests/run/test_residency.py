"""Residency: models come, stay, and go."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.run.agenda import NEVER
from wavagent.run.pool import Limits
from wavagent.run.residency import Residency
from wavagent.tool import Tool

Expert = Callable[..., Any]


@pytest.fixture
def tools(expert: Expert) -> dict[str, Tool]:
    return {name: expert(name, memory_mb=40, pool="gpu") for name in ("a", "b", "c")}


@pytest.fixture
def residency() -> Residency:
    return Residency(Limits({"gpu": 2}, {"gpu": 100}))


def never(tool: Tool) -> tuple[float, ...]:
    return NEVER


def run(residency: Residency, tool: Tool) -> bool:
    new = residency.enter(tool, residency.evicted_for(tool, never) or ())
    residency.leave(tool)
    return new


def test_a_model_that_fits_pushes_nobody_out_and_is_loaded_once(residency: Residency, tools: dict[str, Tool]) -> None:
    assert [run(residency, tools[name]) for name in "abab"] == [True, True, False, False]
    assert residency.loads == {"a": 1, "b": 1}


def test_the_one_that_is_needed_last_goes(residency: Residency, tools: dict[str, Tool]) -> None:
    run(residency, tools["a"])
    run(residency, tools["b"])
    places = {"a": (9.0,), "b": (3.0,), "c": (1.0,)}
    assert residency.evicted_for(tools["c"], lambda tool: places[tool.card.name]) == [tools["a"]]


def test_a_model_at_work_does_not_go(residency: Residency, tools: dict[str, Tool]) -> None:
    residency.enter(tools["a"], [])
    residency.enter(tools["b"], [])
    assert residency.evicted_for(tools["c"], never) is None
    residency.leave(tools["b"])
    assert residency.evicted_for(tools["c"], never) == [tools["b"]]


def test_alone_means_that_all_others_go(residency: Residency, tools: dict[str, Tool]) -> None:
    run(residency, tools["a"])
    run(residency, tools["b"])
    assert residency.evicted_for(tools["a"], never, alone=True) == [tools["b"]]


def test_one_that_is_larger_than_everything_is_let_in_alone(residency: Residency, expert: Expert) -> None:
    assert residency.evicted_for(expert("huge", memory_mb=500, pool="gpu"), never) == []


def test_what_names_no_memory_is_always_there(residency: Residency, expert: Expert) -> None:
    tool = expert("light")
    assert tool in residency and not run(residency, tool) and not residency.loads


def test_crowded_is_who_would_push_out_a_model_that_is_needed(residency: Residency, tools: dict[str, Tool]) -> None:
    run(residency, tools["a"])
    run(residency, tools["b"])
    assert not residency.crowded(tools["a"], lambda tool: (1.0,)), "it is there"
    assert residency.crowded(tools["c"], lambda tool: (1.0,))
    assert not residency.crowded(tools["c"], never), "nobody needs them any more"


def test_while_the_first_batch_runs_the_model_is_loading(residency: Residency, tools: dict[str, Tool]) -> None:
    residency.enter(tools["a"], [])
    assert residency.loading(tools["a"])
    residency.leave(tools["a"])
    residency.enter(tools["a"], [])
    assert not residency.loading(tools["a"])


def test_a_model_in_several_processes_counts_for_each(expert: Expert) -> None:
    residency = Residency(Limits({"cpu": 3}, {"cpu": 100}))
    assert residency.size(expert("own", memory_mb=20, isolated=True)) == 60
    assert residency.size(expert("here", memory_mb=20)) == 20
