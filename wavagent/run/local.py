"""The crew of this machine: threads and worker processes, in which tools run."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread

from wavagent.errors import Broken, ToolError
from wavagent.run.call import Ready
from wavagent.run.contain import contained
from wavagent.run.crew import Lost, Outcome
from wavagent.run.pool import Limits
from wavagent.run.take import checked
from wavagent.run.threads import Threads
from wavagent.run.worker import Worker
from wavagent.store import Entry, Store
from wavagent.tool import Pool, Request, Result, Said, Tool


@dataclass(slots=True, eq=False)
class _Job:
    """A batch on its way; `worker` is the process that has it, if its tool is isolated."""

    batch: Sequence[Ready]
    evict: Sequence[Tool]
    patience: float | None
    worker: Worker | None = None
    abandoned: bool = False

    @property
    def tool(self) -> Tool:
        return self.batch[0].tool


class Local:
    """Runs batches in threads, and the tools that want it in processes; those stay off the network when `offline`."""

    def __init__(self, store: Store, limits: Limits, offline: bool = False) -> None:
        self.limits = limits
        self._store, self._offline = store, offline
        self._threads: dict[Pool, Threads[Outcome]] = {}
        self._jobs: dict[Future[Outcome], _Job] = {}
        self._lock = Lock()  # over the workers: batches take them from many threads
        self._idle: dict[str, list[Worker]] = defaultdict(list)
        self._hired: set[Worker] = set()
        self._closed = False

    def start(
        self, batch: Sequence[Ready], evict: Sequence[Tool] = (), patience: float | None = None
    ) -> Future[Outcome]:
        job = _Job(batch, evict, patience)
        pool = job.tool.card.pool
        if pool not in self._threads:
            self._threads[pool] = Threads(max(1, self.limits.slots.get(pool, 1)), f"wavagent-{pool}")
        future = self._threads[pool].submit(partial(self._run, job))
        self._jobs[future] = job
        future.add_done_callback(lambda done: self._jobs.pop(done, None))
        return future

    def abandon(self, batch: Future[Outcome]) -> None:
        if (job := self._jobs.pop(batch, None)) is None:
            return
        self._threads[job.tool.card.pool].spare()  # the one that hangs is no longer counted on
        with self._lock:
            job.abandoned = True
        if job.worker is not None:
            Thread(target=self._fire, args=[job.worker], daemon=True).start()
        self._stop(job)

    def close(self, patience: float | None = None) -> None:
        wait(list(self._jobs), timeout=patience)
        for job in list(self._jobs.values()):
            self._stop(job)
        with self._lock:
            self._closed = True
            hired = list(self._hired)
        for threads in self._threads.values():
            threads.close()
        for worker in hired:
            worker.dismiss()  # all of them first, so that they end side by side
        for worker in hired:
            self._fire(worker)

    def _run(self, job: _Job) -> Outcome:
        for tool in job.evict:
            self._unload(tool)
        return [self._kept(ready, result) for ready, result in self._judged(job.batch, self._call(job))]

    def _kept(self, ready: Ready, result: Result | ToolError) -> Entry | ToolError:
        return result if isinstance(result, ToolError) else self._store.put(ready.key, result)

    def _judged(self, batch: Sequence[Ready], results: Sequence[Result]) -> Sequence[tuple[Ready, Result | ToolError]]:
        """Each call with its result, or with what is wrong with that. Raises ToolError when all are no good."""
        try:
            return list(zip(batch, checked(batch, results), strict=True))
        except ToolError:
            if len(batch) == 1 or len(batch) != len(results):
                raise
        return [(ready, self._alone(ready, result)) for ready, result in zip(batch, results, strict=True)]

    def _alone(self, ready: Ready, result: Result) -> Result | ToolError:
        try:
            return checked([ready], [result])[0]
        except ToolError as error:
            return error

    def _call(self, job: _Job) -> Sequence[Result]:
        requests = [self._request(ready) for ready in job.batch]
        if not job.tool.card.isolated:
            self._go_on(job)
            with contained(job.tool):
                return list(job.tool(requests))
        worker = self._hire(job)
        try:
            return worker(requests, timeout=job.patience)
        finally:
            with self._lock:
                job.worker = None
                if not job.abandoned:
                    self._idle[job.tool.card.name].append(worker)

    def _go_on(self, job: _Job) -> None:
        """Raises Broken when nobody waits for `job` any longer."""
        if self._closed or job.abandoned:
            raise Broken("the run was stopped")

    def _hire(self, job: _Job) -> Worker:
        with self._lock:
            self._go_on(job)
            idle = self._idle[job.tool.card.name]
            job.worker = worker = idle.pop() if idle else Worker(job.tool, self._offline)
            self._hired.add(worker)
            return worker

    def _stop(self, job: _Job) -> None:
        """Ask a tool in this process to end its call; a worker is ended with its process."""
        if not job.tool.card.isolated:
            with suppress(ToolError), contained(job.tool):
                job.tool.stop()

    def _unload(self, tool: Tool) -> None:
        if not tool.card.isolated:
            with suppress(ToolError), contained(tool):
                tool.unload()
            return
        with self._lock:
            idle = self._idle.pop(tool.card.name, [])
        for worker in idle:
            self._fire(worker)

    def _fire(self, worker: Worker) -> None:
        worker.close()
        with self._lock:
            self._hired.discard(worker)

    def _request(self, ready: Ready) -> Request:
        clips = {}
        for name, entry in ready.inputs.items():
            clip = self._store.clip(entry)
            if clip is None:
                raise Lost(f"the clip '{name}' for '{ready.subject}' is damaged in the store; run the command again")
            clips[name] = clip
        said = {name: Said(entry.words, entry.data) for name, entry in ready.inputs.items()}
        return Request(ready.params, clips, ready.call.seed, said)
