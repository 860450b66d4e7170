"""The command line as a user has it: a process of its own, with a store of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
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
def wavagent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run `wavagent` with arguments; the store is one for all tests."""
    store = tmp_path_factory.mktemp("cli-store")
    kept = {"WAVAGENT_STORE": str(store), "XDG_CACHE_HOME": f"{store}-cache"}
    said = [tmp_path_factory.mktemp("cli") / name for name in ("out", "err")]
    served = [sys.executable, str(Path(__file__).with_name("forks.py"))]
    with subprocess.Popen(served, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:
        assert forks.stdin is not None and forks.stdout is not None
        asks, answers = forks.stdin, forks.stdout

        def run(*arguments: object, cwd: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
            for file in said:
                file.write_bytes(b"")
            given = [str(one) for one in arguments]
            asked = {
                "arguments": given,
                "cwd": str(cwd or Path.cwd()),
                "env": {**os.environ, **kept, **env},
                "out": str(said[0]),
                "err": str(said[1]),
            }
            asks.write(json.dumps(asked) + "\n")
            asks.flush()
            code = int(answers.readline())
            out, err = (file.read_text(encoding="utf-8") for file in said)
            return subprocess.CompletedProcess([*PROGRAM, *given], code, out, err)

        yield run
        asks.close()


@pytest.fixture(scope="session")
def project_by(wavagent: Run, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The tale's project as a command leaves it, `plan` or `make`, which is run once for all tests."""
    home = tmp_path_factory.mktemp("projects")
    (home / "tale.txt").write_text(TALE, encoding="utf-8")

    @cache
    def project(command: str) -> Path:
        assert wavagent(command, home / "tale.txt", "-o", home / command).returncode == 0
        return home / command

    return project


@pytest.fixture
def planned(project_by: Callable[[str], Path], tmp_path: Path) -> Path:
    """A project of the tale, planned and no more, which a test may change."""
    return Path(shutil.copytree(project_by("plan"), tmp_path / "story"))


@pytest.fixture
def told(project_by: Callable[[str], Path], tmp_path: Path) -> Path:
    """A project of the tale, planned and rendered, which a test may change."""
    return Path(shutil.copytree(project_by("make"), tmp_path / "story"))


@pytest.fixture
def tale(tmp_path: Path) -> Path:
    path = tmp_path / "tale.txt"
    path.write_text(TALE, encoding="utf-8")
    return path
