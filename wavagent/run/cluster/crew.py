"""The crew of a cluster: batches go to actors, of which each is made when it is needed and kept while there is room."""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from wavagent.errors import Broken, Died, OutOfMemory, Unavailable, WavagentError
from wavagent.event import Event, Listener, silent
from wavagent.run.call import Ready
from wavagent.run.cluster.actor import Actor, Errand
from wavagent.run.cluster.connection import connect, leave
from wavagent.run.cluster.nodes import greeted, living, token_in
from wavagent.run.cluster.room import LIGHT, Needs, Seat, cleared, seat
from wavagent.run.crew import Outcome
from wavagent.run.local import Local
from wavagent.run.pool import Limits
from wavagent.store import Store
from wavagent.tool import Pool, Task, Tool

AT_HOME: frozenset[Task] = frozenset({"recording", "binaural", "choose"})
"""Tasks that are done here: the user's own files are, and choosing takes less time than asking somebody."""

LOOK = 5.0
"""Seconds after which the crew looks again whether nodes came or went."""

REQUESTS = 4
"""Batches that go out to servers at once; they are asked from here."""


@dataclass(slots=True, eq=False)
class _Job:
    """A batch that somebody waits for."""

    batch: Sequence[Ready]
    patience: float | None
    future: Future[Outcome] = field(default_factory=Future)

    @property
    def tool(self) -> Tool:
        return self.batch[0].tool


@dataclass(slots=True, eq=False)
class _Member:
    """An actor: what it holds, where it sits, and what it is at."""

    holds: str
    handle: Any
    seat: Seat
    job: _Job | None = None
    asked: Any = None  # Ray's future of that job
    since: int = 0  # the larger, the later it was last at work


class Cluster:
    """Runs batches in actors on Ray: `engine` is `ray`, for this machine, or `ray://HOST:PORT`.

    All that touches an actor is done in one thread, which others leave messages for. What becomes of the nodes is told
    to `listen`. Raises InputError and Unavailable when there is no such cluster or its nodes do not see the store.
    """

    def __init__(self, engine: str, store: Store, offline: bool = False, listen: Listener = silent) -> None:
        self._store, self._offline, self._listen = store, offline, listen
        self._ray = connect(engine, offline)
        try:
            self._nodes = living(self._ray)
            self._token = token_in(store)
            greetings = greeted(self._ray, self._nodes, self._token)
        except BaseException:
            leave()
            raise
        self._gpu_mb = min((one.gpu_mb for one in greetings.values() if one.gpu_mb), default=0)
        self._slots: dict[Pool, int] = {"http": REQUESTS}
        self._count()
        gpus = sum(len(node.gpus) for node in self._nodes)
        self.limits = Limits(self._slots, {"gpu": gpus * self._gpu_mb} if gpus * self._gpu_mb else {})
        self._home = Local(store, Limits({"cpu": os.cpu_count() or 1, "http": REQUESTS}), offline)
        self._members: list[_Member] = []
        self._waiting: list[_Job] = []
        self._ticks = count(1)
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._looked = monotonic()
        self._ended = self._closed = False
        self._thread = Thread(target=self._work, name="wavagent-cluster", daemon=True)
        self._thread.start()

    def start(
        self, batch: Sequence[Ready], evict: Sequence[Tool] = (), patience: float | None = None
    ) -> Future[Outcome]:
        self._inbox.put(partial(self._evict, [_kind(tool) for tool in evict if not _at_home(tool)]))
        if _at_home(batch[0].tool):
            return self._home.start(batch, [tool for tool in evict if _at_home(tool)], patience)
        job = _Job(batch, patience)
        self._inbox.put(partial(self._waiting.append, job))
        return job.future

    def abandon(self, batch: Future[Outcome]) -> None:
        self._home.abandon(batch)
        self._inbox.put(partial(self._abandon, batch))

    def close(self, patience: float | None = None) -> None:
        if self._closed:
            return
        self._closed = True
        self._home.close(patience)
        idle: Future[None] = Future()
        self._inbox.put(partial(self._tell_when_idle, idle))
        wait([idle], timeout=patience)
        self._inbox.put(self._end)
        self._thread.join()
        with suppress(WavagentError):
            self._store.shelf.remove(f"clusters/{self._token.key[:2]}/{self._token.key[2:]}.bin")
        leave()

    # The crew's own thread

    def _work(self) -> None:
        while not self._ended:
            with suppress(Empty):
                self._inbox.get(timeout=LOOK)()
            if not self._ended and monotonic() >= self._looked + LOOK:
                self._look()
            for job in list(self._waiting):
                self._try(job)

    def _try(self, job: _Job) -> None:
        """Give `job` to an actor, if there is one or room for one. Whatever goes wrong with that is its outcome."""
        try:
            member = self._free(job.tool) or self._hired(job.tool)
            if member is not None:
                self._waiting.remove(job)
                self._give(member, job)
        except Exception as error:  # noqa: BLE001 - the thread goes on, for the others
            with suppress(ValueError):
                self._waiting.remove(job)
            job.future.set_exception(error if isinstance(error, WavagentError) else Broken(str(error)))

    def _free(self, tool: Tool) -> _Member | None:
        """An actor that holds `tool` and has nothing to do: the one that worked last."""
        idle = [one for one in self._members if one.job is None and one.holds == _kind(tool)]
        return max(idle, key=lambda one: one.since, default=None)

    def _hired(self, tool: Tool) -> _Member | None:
        """A new actor for `tool`, for which idle ones go that were used least lately; None while there is no room."""
        needs = Needs.of(tool.card, self._gpu_mb, any(node.gpus for node in self._nodes))
        seats = [one.seat for one in self._members]
        place = seat(needs, self._nodes, seats)
        if place is None:
            idle = sorted((one for one in self._members if one.job is None), key=lambda one: one.since)
            gone = cleared(needs, self._nodes, seats, [one.seat for one in idle])
            if gone is None:
                return None
            for one in idle:
                if any(one.seat is other for other in gone):
                    self._dismiss(one)
            place = seat(needs, self._nodes, [one.seat for one in self._members])
            assert place is not None
        member = _Member(_kind(tool), self._actor(needs, place), place)
        self._members.append(member)
        where = member.handle.place.remote().future()
        where.add_done_callback(lambda done: self._inbox.put(partial(self._placed, member, done)))
        return member

    def _actor(self, needs: Needs, place: Seat) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        kind = self._ray.remote(
            num_cpus=needs.cpu,
            num_gpus=needs.gpu,
            max_restarts=0,
            max_task_retries=0,  # the executor decides what is done again
            scheduling_strategy=NodeAffinitySchedulingStrategy(place.node, soft=True),
            **({"memory": int(place.takes["memory"])} if needs.memory else {}),
        )(Actor)
        return kind.remote(self._token, self._offline)

    def _placed(self, member: _Member, done: Any) -> None:
        """Note where an actor really is: Ray may know better than we."""
        if member not in self._members or done.exception() is not None:
            return  # its work fails as well, and says why
        node, gpus = done.result()
        takes = member.seat.takes
        if gpus and len(takes) == 1:
            takes = {f"GPU:{gpus[0]}": next(iter(takes.values()))}
        member.seat = Seat(node, takes)

    def _give(self, member: _Member, job: _Job) -> None:
        member.job = job
        member.asked = member.handle.work.remote(Errand.of(job.batch, job.patience)).future()
        member.asked.add_done_callback(lambda done: self._inbox.put(partial(self._landed, member, job, done)))

    def _landed(self, member: _Member, job: _Job, done: Any) -> None:
        if member.job is not job:
            return  # nobody waits for it any longer
        member.job, member.asked, member.since = None, None, next(self._ticks)
        if (error := done.exception()) is not None:
            host = self._host(member)
            self._dismiss(member)
            self._look()
            job.future.set_exception(self._reason(error, job, host))
        elif isinstance(made := done.result(), WavagentError):
            job.future.set_exception(made)
        else:
            job.future.set_result(made)

    def _reason(self, error: BaseException, job: _Job, host: str) -> WavagentError:
        """Ray's error as one of ours."""
        kinds, said = self._ray.exceptions, _last(error)
        about = f"tool '{job.tool.card.name}' on node {host}"
        if isinstance(error, kinds.OutOfMemoryError):
            return OutOfMemory(f"{about} was ended because the node's memory was full: {said}")
        if isinstance(error, kinds.RuntimeEnvSetupError):
            return Unavailable(f"{about} cannot begin, for its code does not get there: {said}")
        if isinstance(error, kinds.RayTaskError):
            return Broken(f"{about} failed: {said}")
        return Died(f"the process of {about} died: {said}")

    def _look(self) -> None:
        """See which nodes are there; let go of the actors of those that are not, and say so."""
        before, self._looked = {node.id: node for node in self._nodes}, monotonic()
        try:
            self._nodes = living(self._ray)
        except Exception:  # noqa: BLE001 - whoever keeps the list is gone, and every batch will say so
            return
        now = {node.id: node for node in self._nodes}
        for id in before.keys() - now.keys():
            self._say(f"node {before[id].host} is gone; what it was at is done again on another")
        for id in now.keys() - before.keys():
            self._say(f"node {now[id].host} has come, and helps")
        for member in [one for one in self._members if one.seat.node not in now and one.job is None]:
            self._dismiss(member)
        self._count()

    def _count(self) -> None:
        """How much is done at once follows from the nodes."""
        self._slots["cpu"] = max(1, math.floor(sum(node.has["CPU"] for node in self._nodes)))
        self._slots["gpu"] = max(1, sum(len(node.gpus) for node in self._nodes))

    def _say(self, sentence: str) -> None:
        self._listen(Event("run", "warning", message=sentence))

    def _host(self, member: _Member) -> str:
        return next((node.host for node in self._nodes if node.id == member.seat.node), "(gone)")

    def _evict(self, kinds: Sequence[str]) -> None:
        for member in [one for one in self._members if one.holds in kinds and one.job is None]:
            self._dismiss(member)

    def _abandon(self, batch: Future[Outcome]) -> None:
        self._waiting[:] = [job for job in self._waiting if job.future is not batch]
        for member in [one for one in self._members if one.job is not None and one.job.future is batch]:
            member.job = None
            self._dismiss(member)

    def _dismiss(self, member: _Member) -> None:
        """End an actor, whatever it is doing, and the processes that it has."""
        self._members.remove(member)
        with suppress(Exception):  # it is gone already
            self._ray.kill(member.handle)

    def _tell_when_idle(self, idle: "Future[None]") -> None:
        jobs = [*self._waiting, *(one.job for one in self._members if one.job is not None)]
        if not jobs:
            idle.set_result(None)
        else:
            jobs[0].future.add_done_callback(lambda _: self._inbox.put(partial(self._tell_when_idle, idle)))

    def _end(self) -> None:
        self._ended = True
        jobs = [*self._waiting, *(one.job for one in self._members if one.job is not None)]
        self._waiting.clear()
        for member in list(self._members):
            member.job = None
            self._dismiss(member)
        for job in jobs:
            job.future.set_exception(Broken("the run was stopped"))


def _at_home(tool: Tool) -> bool:
    return tool.card.pool == "http" or tool.card.task in AT_HOME


def _kind(tool: Tool) -> str:
    """Which actors may hold `tool`: those of its own, or those that small tools of the processor share."""
    card = tool.card
    return "" if card.pool == "cpu" and card.memory_mb <= LIGHT else card.name


def _last(error: BaseException) -> str:
    """What Ray says last, which is why; what comes before is what it was."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
