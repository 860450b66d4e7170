import importlib
import warnings
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


def test_noise_drawn_ahead_is_that_of_step_after_step() -> None:
    import torch

    logits = torch.randn(6, 4, 50, generator=torch.Generator().manual_seed(3))
    one, other = expert.Rows([1, 2], top=10), expert.Rows([1, 2], top=10)
    noise = torch.cat([other.ahead(4, 2, 50), other.ahead(2, 2, 50)])
    for scores, drawn in zip(logits, noise, strict=True):
        assert torch.equal(one(None, scores), expert.noisy(scores, drawn, temperature=1.0, top=10))
