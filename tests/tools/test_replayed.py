import importlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest

expert = importlib.import_module("wavagent.tools._expert")
replayed = importlib.import_module("wavagent.tools._expert.replayed")

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replayed, "_aside", lambda step: step())


def test_without_cuda_every_call_runs_the_step() -> None:
    ran: list[int] = []
    assert expert.pool_on("cpu") is None
    step = replayed.Replayed(expert.pool_on("cpu"))
    for _ in range(3):
        step(lambda: ran.append(0))
    assert len(ran) == 3


def test_a_step_runs_once_and_is_replayed_from_then_on(aside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(replayed, "_captured", lambda step, pool: lambda: ran.append(f"replayed from {pool}"))
    step = replayed.Replayed("a pool")
    for _ in range(3):
        step(lambda: ran.append("ran"))
    assert ran == ["ran", "replayed from a pool", "replayed from a pool"]


def test_what_cannot_be_captured_is_run_and_said_once(aside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(step: Any, pool: Any) -> Any:
        raise RuntimeError("operation not permitted when stream is capturing")

    ran: list[int] = []
    monkeypatch.setattr(replayed, "_captured", refused)
    step = replayed.Replayed("a pool")
    step(lambda: ran.append(0))
    with pytest.warns(RuntimeWarning, match="no CUDA graph.*not permitted"):
        step(lambda: ran.append(0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step(lambda: ran.append(0))
    assert len(ran) == 3


def test_a_step_that_broke_off_the_first_time_is_not_captured_before_it_went_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []

    def aside(step: Any) -> None:
        ran.append("aside")
        step()

    def broken() -> None:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr(replayed, "_aside", aside)
    monkeypatch.setattr(replayed, "_captured", lambda step, pool: lambda: ran.append("replayed"))
    step = replayed.Replayed("a pool")
    with pytest.raises(RuntimeError):
        step(broken)
    step(lambda: None)
    step(lambda: None)
    assert ran == ["aside", "aside", "replayed"]


def test_one_step_is_captured_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    inside: list[int] = []
    most: list[int] = []

    class Graph:
        replay = None

    @contextmanager
    def graph(*_: Any, **__: Any) -> Iterator[None]:
        inside.append(0)
        yield
        inside.pop()

    monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
    monkeypatch.setattr(torch.cuda, "graph", graph)
    monkeypatch.setattr(torch.cuda, "stream", nullcontext)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: None)
    other = threading.Thread(target=lambda: replayed._captured(lambda: most.append(len(inside)), "a pool"))

    def step() -> None:
        other.start()
        other.join(0.1)
        most.append(len(inside))

    replayed._captured(step, "a pool")
    other.join()
    assert most == [1, 1]


def test_noise_drawn_ahead_is_that_of_step_after_step() -> None:
    import torch

    logits = torch.randn(6, 4, 50, generator=torch.Generator().manual_seed(3))
    one, other = expert.Rows([1, 2], top=10), expert.Rows([1, 2], top=10)
    noise = torch.cat([other.ahead(4, 2, 50), other.ahead(2, 2, 50)])
    for scores, drawn in zip(logits, noise, strict=True):
        assert torch.equal(one(None, scores), expert.noisy(scores, drawn, temperature=1.0, top=10))
