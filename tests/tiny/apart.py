"""Tools in environments of their own, where a person has installed them: weights are built there, and workers start."""

import importlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wavagent.environment import Environment
from wavagent.run import lend
from wavagent.run.worker import Worker
from wavagent.settings import default_environments
from wavagent.tool import Tool
from wavagent.weights import use

HERE = default_environments()
"""Those of whoever runs the tests; while they run, there are others."""


@contextmanager
def working(tool: Tool, builder: str, folder: Path, *, pickle: bool = False) -> Iterator[Worker]:
    """A worker of `tool` with the weights that `tests.tiny.BUILDER` builds; skips when there is no environment."""
    own = Environment.of(tool)
    assert own is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        own.home.parent.mkdir(parents=True)
        own.home.symlink_to(HERE / own.name)
        if own.obstacle is not None:
            pytest.skip(f"the environment is not there: wavagent tools install {tool.card.name}")
        weights = folder / "weights"
        weights.mkdir()
        _build(own, tool, builder, weights)
        use(tool, tool.card.weights[0], weights, pickle=pickle)
        worker = Worker(tool, logs=folder / "logs")
        try:
            yield worker
        finally:
            worker.close()


def _build(own: Environment, tool: Tool, builder: str, weights: Path) -> None:
    files = lend.lent(type(tool).__module__)
    for name in ("tests", "tests.tiny"):
        files[name] = getattr(importlib.import_module(name), "__file__", None)
    files[f"tests.tiny.{builder}"] = str(Path(__file__).with_name(f"{builder}.py"))
    command = [str(own.python), "-I", lend.__file__, json.dumps(files), f"tests.tiny.{builder}", str(weights)]
    subprocess.run(command, check=True, capture_output=True)
