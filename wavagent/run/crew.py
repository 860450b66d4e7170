"""The crew: the threads and worker processes in which tools run, a bounded number of each pool at once."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from functools import partial
from queue import SimpleQueue

from wavagent.audio import Audio
from wavagent.errors import Broken, ToolError
from wavagent.run.call import Ready
from wavagent.run.contain import contained
from wavagent.run.take import checked
from wavagent.run.threads import Threads
from wavagent.run.worker import Worker
from wavagent.store import Entry, Store
from wavagent.tool import Pool, Request, Result, Tool

Outcome = list[Entry | ToolError]
"""For each call of a batch, what is now in the store, or what went wrong."""


class Lost(Broken):
    """A clip that a call works on is gone from the store or damaged, and was removed: it has to be made again."""


class Crew:
    """Runs batches and keeps what they make. `depths` says how many batches of each pool run at once; `offline` keeps
    the worker processes off the network."""

    def __init__(self, store: Store, depths: Mapping[Pool, int], offline: bool = False) -> None:
        self._store, self._depths, self._offline = store, depths, offline
        self._threads: dict[Pool, Threads[Outcome]] = {
            pool: Threads(depth, f"wavagent-{pool}") for pool, depth in depths.items()
        }
        self._workers: dict[str, SimpleQueue[Worker]] = {}
        self._hired: list[Worker] = []
        self._running: set[Future[Outcome]] = set()
        self._closed = False

    def start(self, batch: Sequence[Ready]) -> Future[Outcome]:
        tool = batch[0].tool
        if tool.card.isolated and tool.card.name not in self._workers:
            self._hire(tool)
        future = self._threads[tool.card.pool].submit(partial(self._run, batch))
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def close(self, patience: float | None = None) -> None:
        """Give what runs `patience` seconds to finish (None: as long as it takes), and end the workers."""
        wait(self._running.copy(), timeout=patience)
        self._closed = True
        for threads in self._threads.values():
            threads.close()
        for worker in self._hired:
            worker.dismiss()  # all of them first, so that they end side by side
        for worker in self._hired:
            worker.close()

    def _hire(self, tool: Tool) -> None:
        workers = [Worker(tool, self._offline) for _ in range(self._depths[tool.card.pool])]
        self._hired.extend(workers)
        queue: SimpleQueue[Worker] = SimpleQueue()
        for worker in workers:
            queue.put(worker)
        self._workers[tool.card.name] = queue

    def _run(self, batch: Sequence[Ready]) -> Outcome:
        """Make and keep a batch; when it fails as a whole, call by call, so that only the faulty ones fail."""
        try:
            results = checked(batch, self._call(batch))
        except ToolError as error:
            return [error] if len(batch) == 1 else [self._run([ready])[0] for ready in batch]
        return [self._store.put(ready.key, result) for ready, result in zip(batch, results, strict=True)]

    def _call(self, batch: Sequence[Ready]) -> Sequence[Result]:
        tool = batch[0].tool
        if self._closed:
            raise Broken("the run was stopped")
        requests = [Request(ready.params, self._inputs(ready), ready.call.seed) for ready in batch]
        if not tool.card.isolated:
            with contained(tool):
                return list(tool(requests))
        worker = self._workers[tool.card.name].get()
        try:
            return worker(requests)
        finally:
            self._workers[tool.card.name].put(worker)

    def _inputs(self, ready: Ready) -> dict[str, Audio]:
        clips = {}
        for name, entry in ready.inputs.items():
            clip = self._store.clip(entry)
            if clip is None:
                raise Lost(f"the clip '{name}' for '{ready.subject}' is damaged in the store; run the command again")
            clips[name] = clip
        return clips
