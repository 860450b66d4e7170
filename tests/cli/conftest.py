"""The command line as a user has it: a process of its own, with a store of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

PROGRAM = [sys.executable, "-c", "from wavagent.cli import main; main()"]

TALE = (
    "The Knock\n\n"
    "Rain fell on the roof all evening.\n\n"
    "“Who is there?” asked Mary.\n\n"
    "“Only me,” said old Tom. A door slammed, and the dog barked.\n"
)


@pytest.fixture(scope="session")
def wavagent(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `wavagent` with arguments; the store is one for all tests."""
    store = tmp_path_factory.mktemp("cli-store")
    kept = {"WAVAGENT_STORE": str(store), "XDG_CACHE_HOME": f"{store}-cache"}

    def run(*arguments: object, cwd: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
        command = [*PROGRAM, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **kept, **env})

    return run


@pytest.fixture
def tale(tmp_path: Path) -> Path:
    path = tmp_path / "tale.txt"
    path.write_text(TALE, encoding="utf-8")
    return path
