"""Running ahead: a graph whose opening is made first, while somebody already uses what is made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

from wavagent.graph import Graph
from wavagent.run.attempt import Halt
from wavagent.run.executor import Executor
from wavagent.store import Entry

Piece = tuple[str, Entry | None] | BaseException | None
"""A call with its entry (None: it is left out), what ended the run too early, or None at its end."""


@dataclass
class Ahead:
    """Iterated: what is made so far, again and again, all of it in the end. `left_out` are calls that will not come."""

    pieces: "SimpleQueue[Piece]"
    left_out: set[str] = field(default_factory=set)

    def __iter__(self) -> Iterator[Mapping[str, Entry]]:
        entries: dict[str, Entry] = {}
        piece = self.pieces.get()
        while piece is not None:
            if isinstance(piece, BaseException):
                raise piece
            id, entry = piece
            if entry is None:
                self.left_out.add(id)
            else:
                entries[id] = entry
            try:
                piece = self.pieces.get_nowait()
            except Empty:  # whoever listens gets all there is, as often as they care to look
                yield dict(entries)
                piece = self.pieces.get()
        yield entries


@contextmanager
def ahead(executor: Executor, graph: Graph) -> Iterator[Ahead]:
    """Run `graph` in a thread of its own, its opening first, while the block uses what is made.

    Leaving the block ends the run. What `Executor.run` raises is raised by the iterator.
    """
    pieces: SimpleQueue[Piece] = SimpleQueue()
    halt = Halt()

    def work() -> None:
        try:
            executor.run(graph, heard=True, told=lambda id, entry: pieces.put((id, entry)), halt=halt)
            pieces.put(None)
        except BaseException as error:  # noqa: BLE001  it belongs to whoever listens
            pieces.put(error)

    thread = Thread(target=work, name="wavagent-ahead", daemon=True)
    thread.start()
    try:
        yield Ahead(pieces)
    finally:
        halt()
        thread.join()
