"""Whose turn it is: models run side by side in a process, but each is loaded alone.

While they load, the libraries change what all threads share: torch's default dtype, and how a module takes its
parameters. A model that was loaded or run meanwhile would have tensors of another dtype, or without memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Turns:
    """Many may run at once; one loads, when none runs. Who waits to load goes before who comes to run."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running, self._waiting, self._loading = 0, 0, False

    @contextmanager
    def running(self) -> Iterator[None]:
        """In the block nobody loads."""
        self._begin()
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """In the block nobody else loads or runs."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: not self._loading and not self._running)
                self._loading = True
            finally:
                self._waiting -= 1
                self._changed.notify_all()  # if it was broken off, those who let it go first need not wait any more
        try:
            yield
        finally:
            with self._changed:
                self._loading = False
                self._changed.notify_all()

    @contextmanager
    def loading_more(self) -> Iterator[None]:
        """As `loading`, for one who runs, and holds nothing that others who run may wait for."""
        self._end()
        try:
            with self.loading():
                yield
        finally:
            self._begin()

    def _begin(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._loading and not self._waiting)
            self._running += 1

    def _end(self) -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify_all()


TURNS = Turns()
"""Those of this process."""
