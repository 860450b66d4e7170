"""Threads that never keep the process from ending: a call that lasts an hour must not hold up Ctrl-C."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Threads(Generic[T]):
    """At most `depth` threads, that do what they are given in its order.

    The standard library's pool is joined when the interpreter ends, however long that takes; these are daemons.
    """

    def __init__(self, depth: int, name: str) -> None:
        self._depth, self._name = depth, name
        self._started = 0
        self._tasks: SimpleQueue[tuple[Future[T], Callable[[], T]] | None] = SimpleQueue()

    def submit(self, task: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        self._tasks.put((future, task))
        if self._started < self._depth:
            self._started += 1
            Thread(target=self._work, name=f"{self._name}-{self._started}", daemon=True).start()
        return future

    def spare(self) -> None:
        """Have room for one thread more, in place of one that may never come back."""
        self._depth += 1

    def close(self) -> None:
        """Let every thread end once it has done what it is at."""
        for _ in range(self._started):
            self._tasks.put(None)

    def _work(self) -> None:
        while (given := self._tasks.get()) is not None:
            future, task = given
            if not future.set_running_or_notify_cancel():
                continue
            try:
                made = task()
            except BaseException as error:  # noqa: BLE001 - it is raised again where the future is asked
                future.set_exception(error)
            else:
                future.set_result(made)
            del given, future, task  # a waiting thread holds on to no clip
