"""Patience: how long to wait for a call, and how long before it is asked again."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from random import Random
from time import monotonic
from typing import Protocol, TypeVar

from wavagent.errors import Transient

T = TypeVar("T")


SLICE = 0.25
"""Seconds of a wait at most: Ctrl-C that comes just before one begins is not seen until it is over."""


class Clock(Protocol):
    """Time as the executor sees it. It only ever runs forward: the date may jump, a wait may not."""

    def now(self) -> float:
        """Seconds since some moment."""

    def get(self, inbox: "SimpleQueue[T]", timeout: float | None) -> T | None:
        """What comes next out of `inbox`, or None when that takes longer than `timeout` seconds."""


class Monotonic:
    """The clock of this machine that no one can set."""

    def now(self) -> float:
        return monotonic()

    def get(self, inbox: "SimpleQueue[T]", timeout: float | None) -> T | None:
        until = math.inf if timeout is None else self.now() + timeout
        while True:
            try:
                return inbox.get(timeout=max(0.0, min(SLICE, until - self.now())))
            except Empty:
                if self.now() >= until:
                    return None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the executor waits; all in seconds.

    A call that may pass is asked `tries` times, after waits that double from `first` up to `longest` and are drawn at
    random from zero to that, so that many do not come back at once; it waits no longer than `total` in all. A call is
    given up after `times` as long as it should take, but not before `least`; `loading` comes on top where a model has
    yet to be loaded, or its weights fetched.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 30.0
    total: float = 180.0
    least: float = 60.0
    times: float = 10.0
    loading: float = 900.0
    draw: Callable[[float, float], float] = Random().uniform

    def before_again(self, error: Transient, tries: int, waited: float) -> float | None:
        """Seconds until a call that failed `tries` times is asked again, or None: no more."""
        if tries >= self.tries:
            return None
        wait = self.draw(0.0, min(self.longest, self.first * 2 ** (tries - 1)))
        wait += max(0.0, error.retry_after or 0.0)
        return wait if waited + wait <= self.total else None

    def with_work(self, seconds: float, loading: bool) -> float:
        """Seconds until a batch that should take `seconds` is given up."""
        return max(self.least, self.times * seconds) + (self.loading if loading else 0.0)
