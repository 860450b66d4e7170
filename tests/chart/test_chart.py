"""Charts as data: expected before a run, measured after it."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from wavagent.chart.chart import STEPS, Chart, after, estimated
from wavagent.chart.measured import measured
from wavagent.compiler import Compiled, compile_script
from wavagent.quote.bill import Output, Quote, quote
from wavagent.run.executor import Executor
from wavagent.script import Script
from wavagent.speeds import Speeds, Timing
from wavagent.store import Store
from wavagent.tool import Pool, Toolbox

DEPTHS: Mapping[Pool, int] = {"cpu": 2, "gpu": 1, "http": 4}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


@pytest.fixture
def compiled(script: Script, toolbox: Toolbox) -> Compiled:
    return compile_script(script, toolbox)


def quoted(compiled: Compiled, toolbox: Toolbox, store: Store) -> Quote:
    return quote(compiled, toolbox, store, Speeds(None), DEPTHS, [Output(".mp3", "universal")])


def test_an_expected_chart_has_a_bar_for_every_call_and_step(
    compiled: Compiled, toolbox: Toolbox, store: Store
) -> None:
    found = quoted(compiled, toolbox, store)
    chart = estimated(compiled, found)
    assert sorted(call for bar in chart.bars for call in bar.calls) == sorted(compiled.graph.calls)
    assert [bar.row for bar in chart.bars if bar.tool == STEPS] == ["mix", ".mp3"]
    assert chart.seconds == pytest.approx(found.took)
    assert chart.rows == ["cpu 1", "cpu 2", "mix", ".mp3"]
    assert set(chart.critical) <= compiled.graph.calls.keys()
    assert not chart.measured


def test_bars_of_a_row_never_overlap(compiled: Compiled, toolbox: Toolbox, store: Store) -> None:
    chart = estimated(compiled, quoted(compiled, toolbox, store))
    for row in chart.rows:
        bars = [bar for bar in chart.bars if bar.row == row]
        assert all(a.end <= b.start + 1e-9 for a, b in zip(bars, bars[1:], strict=False))


def test_a_measured_chart_is_what_the_run_told(compiled: Compiled, toolbox: Toolbox, store: Store) -> None:
    timings: list[Timing] = []
    with Executor(toolbox, store, depths={"cpu": 2}) as executor:
        executor.run(compiled.graph, timed=timings.append)
    plain = measured(*timings, Timing("@mix", ("k1", "k2"), 9.0, timings[-1].start + 5.0, 1.0), None)
    chart = after(compiled, toolbox, plain, quoted(compiled, toolbox, store))
    assert chart.measured
    assert sorted(call for bar in chart.bars for call in bar.calls) == sorted(compiled.graph.calls)
    assert [share.kept for share in chart.shares] == [0] * len(chart.shares)
    assert sum(chart.took.values()) == pytest.approx(sum(timing.took for timing in timings), abs=0.01)
    for row in chart.rows:
        bars = [bar for bar in chart.bars if bar.row == row]
        assert all(a.end <= b.start + 1e-3 for a, b in zip(bars, bars[1:], strict=False))
    (mix,) = (bar for bar in chart.bars if bar.row == "mix")
    assert (mix.took, mix.calls) == (1.0, ())


def test_what_was_kept_is_counted_with_what_it_saved(compiled: Compiled, toolbox: Toolbox, store: Store) -> None:
    with Executor(toolbox, store) as executor:
        executor.run(compiled.graph)
    found = quoted(compiled, toolbox, store)
    for chart in (estimated(compiled, found), after(compiled, toolbox, [], found)):
        assert {share.tool: (share.calls, share.kept) for share in chart.shares} == {
            "hum": (2, 2),
            "noise": (1, 1),
            "voice": (6, 6),
            "click": (2, 2),
        }
        assert all(share.saved > 0.0 and share.took == 0.0 for share in chart.shares)
        assert not any(bar.calls for bar in chart.bars)


def test_timings_of_calls_that_are_gone_are_left_out(compiled: Compiled, toolbox: Toolbox, store: Store) -> None:
    timings = [Timing("voice", ("e1", "gone"), 1.0, 0.0, 1.0), Timing("voice", ("e1",), 1.0, 0.0, 1.0)]
    chart = after(compiled, toolbox, timings, quoted(compiled, toolbox, store))
    assert [bar.calls for bar in chart.bars] == [("e1",)]


def test_it_is_json(compiled: Compiled, toolbox: Toolbox, store: Store) -> None:
    chart: Chart = estimated(compiled, quoted(compiled, toolbox, store))
    found = json.loads(json.dumps(chart.to_json()))
    assert {call["id"]: set(call["needs"]) for call in found["calls"]} == {
        call.id: set(call.needs) for call in compiled.graph
    }
    assert {call["scene"] for call in found["calls"]} == {"s1", "s2"}
    assert len(found["bars"]) == len(chart.bars)
