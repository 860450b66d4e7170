"""Mermaid: what needs what, coarser where there is much of it."""

import re

from wavagent.chart.chart import STEPS, Bar, Chart, Share
from wavagent.chart.mermaid import MOST, mermaid
from wavagent.graph import Call, Graph, Length, Ref


def chart(graph: Graph, kept: frozenset[str] = frozenset(), scenes: int = 1) -> Chart:
    bars = tuple(
        Bar("cpu", call.tool, float(n), 1.0, (call.id,)) for n, call in enumerate(graph) if call.id not in kept
    )
    steps = (Bar("mix", STEPS, 90.0, 1.0), Bar(".mp3", STEPS, 91.0, 1.0), Bar(".srt", STEPS, 92.0, 1.0))
    where = {id: f"scene-{place % scenes}" for place, id in enumerate(graph.calls)}
    return Chart("T", graph, where, (*bars, *steps), (Share("x", 1, 0, 1.0, 0.0),), tuple(graph.calls)[:1])


def drawn(text: str) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Labels by node, and the edges."""
    nodes = dict(re.findall(r'^  (\w+)(?:\[|\(\[)"(.*)"\]\)?$', text, re.MULTILINE))
    return nodes, set(re.findall(r"^  (\w+) --> (\w+)$", text, re.MULTILINE))


LINES = Graph.of(
    Call("a", "voice", {}),
    Call("b", "voice", {"audio": Ref("a")}),
    Call("bed", "hum", {"seconds": Length(("a", "b"))}),
)


def test_a_small_graph_is_drawn_call_by_call() -> None:
    text = mermaid(chart(LINES))
    nodes, edges = drawn(text)
    assert text.startswith("flowchart LR\n")
    assert {label.split("<br/>")[0] for label in nodes.values()} == {"a", "b", "bed", "mix", ".mp3", ".srt"}
    assert {(nodes[a].split("<")[0], nodes[b].split("<")[0]) for a, b in edges} == {
        ("a", "b"),
        ("a", "bed"),
        ("b", "bed"),
        ("bed", "mix"),
        ("mix", ".mp3"),
        ("mix", ".srt"),
    }
    assert "  class n0 critical" in text


def test_what_is_kept_is_pale() -> None:
    text = mermaid(chart(LINES, kept=frozenset({"b"})))
    assert "  class n1 kept" in text
    assert "in the store" in drawn(text)[0]["n1"]


def test_many_calls_are_drawn_by_scene_and_more_by_tool() -> None:
    many = Graph.of(*(Call(f"c{n}", "voice" if n % 3 else "hum", {}) for n in range(2000)))
    nodes, _ = drawn(mermaid(chart(many, scenes=20)))
    assert len(nodes) <= MOST + 3
    assert sum(int(found[1]) for label in nodes.values() if (found := re.search(r">(\d+) calls", label))) == 2000
    nodes, _ = drawn(mermaid(chart(many, scenes=400)))
    assert {label.split("<br/>")[0] for label in nodes.values()} == {"voice", "hum", "mix", ".mp3", ".srt"}


def test_nothing_from_outside_is_syntax() -> None:
    graph = Graph.of(Call('x"] --> y["<b>#quot;', "voice", {}))
    nodes, edges = drawn(mermaid(chart(graph)))
    assert len(nodes) == 4 and len(edges) == 3
    assert "<b>" not in nodes["n0"]


def test_an_empty_graph_is_a_graph() -> None:
    nodes, edges = drawn(mermaid(chart(Graph())))
    assert (len(nodes), len(edges)) == (3, 2)
