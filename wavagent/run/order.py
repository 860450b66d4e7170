"""The order: which calls come first. The longest path, or what is heard first."""

from collections.abc import Mapping

from wavagent.graph import Graph
from wavagent.run.agenda import Rank
from wavagent.run.path import Estimate

FIRST, LONGEST = 4, 64
"""Calls in the first part of a story that is wanted at once, and at most in later ones, each twice the one before."""

SOMETIME = 1 << 30
"""The part of a story that nobody waits for."""


def ranks(graph: Graph, expected: Mapping[str, Estimate], run: int, heard: bool) -> dict[str, Rank]:
    """Which call comes before which."""
    part = _parts(graph) if heard else {}
    return {id: (part.get(id, SOMETIME), run, -expected[id].path, place) for place, id in enumerate(graph.calls)}


def _parts(graph: Graph) -> dict[str, int]:
    """The part of the story for which each call is needed first."""
    part: dict[str, int] = {}
    size, end, number = FIRST, FIRST, 0
    for place, id in enumerate(graph.calls):
        if place == end:
            size, number = min(2 * size, LONGEST), number + 1
            end += size
        part[id] = number
    for id in reversed(list(graph.sorter().static_order())):
        for needed in graph[id].needs:
            part[needed] = min(part[needed], part[id])
    return part
