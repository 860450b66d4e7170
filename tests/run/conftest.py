"""A fake expert for the executor's tests: it does what the test wants, and remembers what it was asked.

`expert("name", does, every, **card)` is a tool of that name. For each text `does(request)` gives a Result; without it a
level that follows from the text, for `seconds`. `every(requests)` takes a whole batch instead. `asked` are the texts
that reached it, one by one, and `batches` how many came at once.
"""

import hashlib
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.store import Store
from wavagent.tool import Card, Licence, Params, Request, Result, Tool

RATE = 8_000

stores = itertools.count()


class ExpertParams(Params):
    """A text, and how long it lasts."""

    text: str = ""
    seconds: float = 0.01


def level(request: Request) -> Result:
    """A clip of one level, which follows from the text and what it works on."""
    told = hashlib.sha256(request.params.text.encode())
    for name, clip in sorted(request.inputs.items()):
        told.update(name.encode() + clip.samples.tobytes())
    value = int.from_bytes(told.digest()[:2]) / 65536
    return Result(Audio(np.full((max(1, round(request.params.seconds * RATE)), 1), value, np.float32), RATE))


class Expert(Tool):
    params = ExpertParams

    def __init__(self, does: Callable[[Request], Any] | None, every: Callable[[Sequence[Request]], Any] | None) -> None:
        self.does, self.every = does or level, every
        self.asked: list[str] = []
        self.batches: list[int] = []

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        self.asked += [request.params.text for request in requests]
        self.batches.append(len(requests))
        if self.every is not None:
            return self.every(requests)  # type: ignore[no-any-return]
        return [self.does(request) for request in requests]


def make(
    name: str = "expert",
    does: Callable[[Request], Any] | None = None,
    every: Callable[[Sequence[Request]], Any] | None = None,
    **card: Any,
) -> Expert:
    values = {"name": name, "version": "1", "task": "enhance", "summary": "a fake", "rate": RATE, **card}
    free = Licence(name="Apache-2.0", commercial=True)
    kind = type(name.title(), (Expert,), {"card": Card(code_licence=free, **values)})
    return kind(does, every)  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def expert() -> Callable[..., Any]:
    return make


@pytest.fixture
def store() -> Store:
    """An empty store in memory."""
    return Store(f"memory://run-{next(stores)}")


@pytest.fixture
def disk(tmp_path: Path) -> Store:
    """An empty store in a folder."""
    return Store(str(tmp_path / "store"))
