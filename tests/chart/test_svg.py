"""The picture: well-formed, bounded however long the story is, and nothing in it but what was drawn."""

import random
from xml.etree import ElementTree

import pytest

from wavagent.chart.chart import STEPS, Bar, Chart, Share
from wavagent.chart.svg import WIDTH, clock, svg
from wavagent.graph import Call, Graph

NAMESPACE = "{http://www.w3.org/2000/svg}"


def chart(calls: int = 6, title: str = "A Visit", kept: int = 0) -> Chart:
    dice = random.Random(calls)
    graph = Graph.of(*(Call(f"line-{n}", "voice" if n % 7 else "hum", {}) for n in range(calls)))
    ends, bars = [0.0, 0.0], []
    for call in graph:
        lane, took = ends.index(min(ends)), dice.uniform(0.05, 0.4)
        bars.append(Bar(f"cpu {lane + 1}", call.tool, ends[lane], took, (call.id,)))
        ends[lane] += took
    bars.sort(key=lambda bar: bar.row)
    bars += [Bar("mix", STEPS, max(ends), 2.0), Bar(".srt", STEPS, max(ends) + 2.0, 1e-5)]
    shares = (Share("voice", calls, kept, 1.0, 0.1 * kept), Share("hum", calls // 7, 0, 1.0, 0.0))
    return Chart(title, graph, {}, tuple(bars), shares, tuple(list(graph.calls)[:1]))


def parsed(drawn: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(svg(drawn))


def texts(drawn: Chart) -> list[str]:
    return [one.text or "" for one in parsed(drawn).iter(f"{NAMESPACE}text")]


def test_it_names_rows_tools_totals_and_the_critical_path() -> None:
    said = texts(chart())
    assert {"A Visit", "cpu 1", "cpu 2", "mix", "6 calls"} <= set(said)
    assert any(one.startswith("voice: 6 calls") for one in said)
    assert any(one.startswith("critical path, 0.") and one.endswith("line-0") for one in said)
    assert any(one.endswith("as it is expected") for one in said)


def test_a_row_of_no_time_is_left_out() -> None:
    assert ".srt" not in texts(chart())


@pytest.mark.parametrize("calls", [0, 1, 60, 5000])
def test_it_stays_a_picture_however_many_calls_there_are(calls: int) -> None:
    drawn = chart(calls)
    boxes = list(parsed(drawn).iter(f"{NAMESPACE}rect"))
    assert len(boxes) < 1200
    for box in boxes:
        assert 0.0 <= float(box.get("x", 0)) and float(box.get("width", 0)) > 0.0
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= WIDTH + 1.5


def test_joined_bars_still_count_every_call() -> None:
    tips = [one.text or "" for one in parsed(chart(3000)).iter(f"{NAMESPACE}title")][1:]
    counted = sum(int(tip.split(": ")[1].split(" ")[0]) if " calls, from" in tip else "line-" in tip for tip in tips)
    assert counted == 3000


def test_what_is_kept_is_pale_and_says_what_it_saved() -> None:
    root = parsed(chart(20, kept=12))
    assert [one for one in root.iter(f"{NAMESPACE}g") if one.get("opacity") == "0.3"]
    assert "saves 1.2 s of work" in texts(chart(20, kept=12))
    assert "kept" in texts(chart(20, kept=12))
    assert "kept" not in texts(chart())


def test_nothing_from_outside_is_markup() -> None:
    bad = chart(title='</svg><script>alert("x")</script>&\n\x07')
    root = parsed(bad)
    assert not list(root.iter(f"{NAMESPACE}script"))
    assert texts(bad)[0].startswith("</svg><script>")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0, "0 s"), (0.35, "0.35 s"), (0.999, "0.999 s"), (12.54, "12.5 s"), (200, "3:20"), (3723, "1:02:03")],
)
def test_the_clock(seconds: float, said: str) -> None:
    assert clock(seconds) == said
