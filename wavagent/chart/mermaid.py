"""A chart as Mermaid: what needs what. Where there are many calls, those of one tool in a scene are one node."""

from collections.abc import Iterator, Mapping

from wavagent.chart.chart import STEPS, Chart
from wavagent.chart.svg import clock, counted
from wavagent.text import one_line

MOST = 60
"""Nodes; a graph with more is drawn coarser."""


def mermaid(chart: Chart) -> str:
    """The chart as a Mermaid flowchart."""
    groups = _grouped(chart)
    names = {group: f"n{place}" for place, group in enumerate(dict.fromkeys(groups.values()))}
    critical = {groups[call] for call in chart.critical}
    lines = ["flowchart LR", *_nodes(chart, groups, names)]
    edges = {(groups[need], groups[call.id]): call.id for call in chart.graph for need in call.needs}
    lines += [f"  {names[one]} --> {names[other]}" for one, other in edges if one != other]
    lines += _steps(chart, names, {one for one, other in edges if one != other})
    if critical:
        lines.append(f"  class {','.join(names[group] for group in names if group in critical)} critical")
    if kept := [names[group] for group in names if _is_kept(chart, groups, group)]:
        lines.append(f"  class {','.join(kept)} kept")
    lines += ["  classDef critical stroke:#c4271b,stroke-width:3px", "  classDef kept opacity:0.45"]
    return "\n".join(lines) + "\n"


def _grouped(chart: Chart) -> Mapping[str, str]:
    """The node of each call: itself, or its tool's in its scene, or its tool's; as few as needed."""
    fine = {call.id: call.id for call in chart.graph}
    by_scene = {call.id: f"{chart.scenes.get(call.id, '')} · {call.tool}".strip(" ·") for call in chart.graph}
    by_tool = {call.id: call.tool for call in chart.graph}
    return next((groups for groups in (fine, by_scene) if len(set(groups.values())) <= MOST), by_tool)


def _nodes(chart: Chart, groups: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    calls: dict[str, list[str]] = {}
    for call, group in groups.items():
        calls.setdefault(group, []).append(call)
    for group, own in calls.items():
        took = sum(chart.took.get(call, 0.0) for call in own)
        tool = chart.graph[own[0]].tool
        what = counted(len(own), "call") if len(own) > 1 or group not in chart.graph.calls else tool
        time = clock(took) if any(call in chart.took for call in own) else "in the store"
        yield f'  {names[group]}["{_plain(group)}<br/>{_plain(what)} · {time}"]'


def _steps(chart: Chart, names: Mapping[str, str], inner: set[str]) -> Iterator[str]:
    """The steps after the run, which wait for everything that nothing else waits for."""
    before: list[str] = [name for group, name in names.items() if group not in inner]
    for place, bar in enumerate(bar for bar in chart.bars if bar.tool == STEPS):
        yield f'  s{place}(["{_plain(bar.row)}<br/>{clock(bar.took)}"])'
        if place < 2:  # mixing waits for the run; every file waits for the mix
            yield from (f"  {name} --> s{place}" for name in before)
            before = [f"s{place}"] if place == 0 else before
        else:
            yield f"  {before[0]} --> s{place}"


def _is_kept(chart: Chart, groups: Mapping[str, str], group: str) -> bool:
    return not any(call in chart.took for call, own in groups.items() if own == group)


def _plain(text: str) -> str:
    """`text` on one line, with nothing in it that Mermaid or HTML would take for its own."""
    return "".join(c if c.isalnum() or c in " .,:;!?'()+-_·/×" else f"#{ord(c)};" for c in one_line(text))
