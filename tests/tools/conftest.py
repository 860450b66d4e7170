"""Weights for the experts' tests: tiny models, built once, and kept where a fetched one would be."""

import importlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Tiny = Callable[[str], Path]
"""The folder of a tiny model, by the name of its module in tests/tiny."""


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    built: dict[str, Path] = {}

    def build(name: str) -> Path:
        if name not in built:
            built[name] = tmp_path_factory.mktemp(name)
            importlib.import_module(f"tests.tiny.{name}").build(built[name])
        return built[name]

    return build


@pytest.fixture
def models() -> Iterator[None]:
    """For tests that load models: one thread, for they are tiny, and the libraries' own warnings are not ours."""
    torch = pytest.importorskip("torch", reason="the experts' libraries are not installed")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    torch.set_num_threads(threads)


@pytest.fixture
def nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who has fetched no weights yet."""
    monkeypatch.setattr("wavagent.weights.default_weights", lambda: tmp_path / "weights.json")
