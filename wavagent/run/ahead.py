"""Running ahead: a graph in stretches, the opening first, while somebody already uses what is made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread

from wavagent.graph import Graph
from wavagent.run.executor import Executor
from wavagent.store import Entry

FIRST, LONGEST = 4, 64
"""Calls in the first stretch, and at most in later ones, each twice as long as the one before it."""


@contextmanager
def ahead(executor: Executor, graph: Graph) -> Iterator[Iterator[Mapping[str, Entry]]]:
    """What is made so far, again and again, all of it in the end; the run goes on in a thread of its own meanwhile.

    Leaving the block ends the run after the stretch that is under way. What `Executor.run` raises is raised by the
    iterator.
    """
    made: SimpleQueue[Mapping[str, Entry] | BaseException | None] = SimpleQueue()
    stopped = Flag()

    def work() -> None:
        entries: dict[str, Entry] = {}
        try:
            for stretch in stretches(graph):
                if stopped.is_set():
                    return
                entries |= executor.run(stretch).entries
                made.put(dict(entries))
            made.put(None)
        except BaseException as error:  # noqa: BLE001  it belongs to whoever listens
            made.put(error)

    def results() -> Iterator[Mapping[str, Entry]]:
        while (found := made.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found

    thread = Thread(target=work, name="wavagent-ahead", daemon=True)
    thread.start()
    try:
        yield results()
    finally:
        stopped.set()
        thread.join()


def stretches(graph: Graph) -> Iterator[Graph]:
    """`graph` in parts, in the order of the script, each with all that its calls need."""
    order = list(graph.calls)
    if not order:
        yield graph
    start, size = 0, FIRST
    while start < len(order):
        needed = _needed(graph, order[start : start + size])
        yield Graph({id: graph[id] for id in order if id in needed})
        start, size = start + size, min(2 * size, LONGEST)


def _needed(graph: Graph, calls: list[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(calls)
    while waiting:
        if (id := waiting.pop()) not in found:
            found.add(id)
            waiting.extend(graph[id].needs)
    return found
