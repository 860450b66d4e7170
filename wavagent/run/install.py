"""Making a tool's own environment, with `uv` where it is on the path, else with Python's venv and pip.

An environment knows its own place, so it is built where it will stay, under a name of its own, and counts only once a
mark names it (`Environment.adopt`). An install that is interrupted has left no mark and is begun again; a lock makes a
second one wait for the first.
"""

import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wavagent.environment import BASE, PYTHON, Environment
from wavagent.errors import Unavailable

LAST = 3
"""Lines of an installer's output that an error quotes."""


def install(
    environment: Environment, *, force: bool = False, offline: bool = False, say: Callable[[str], None] = lambda _: None
) -> bool:
    """Make `environment`; False when it was there and is not to be made anew by `force`. What takes long is said.

    Offline, only what lies on this machine is used: uv's cache, or a folder that PIP_FIND_LINKS names. Raises
    Unavailable, with the end of the installer's output and where all of it is, when the environment cannot be made.
    """
    with _alone(environment, say):
        if environment.obstacle is None and not force:
            return False
        environment.sweep()
        folder = environment.home / f"{environment.key}.{secrets.token_hex(4)}"
        log = environment.home / "install.log"
        say(f"making the environment '{environment.name}', which may take some minutes; {log} tells all")
        try:
            with log.open("wb") as output:
                for command in commands(environment, folder, offline):
                    _run(command, environment, output.fileno())
            environment.adopt(folder)
        finally:
            environment.sweep()
    return True


def remove(environment: Environment) -> bool:
    """Remove every environment of this name, for older requirements and other Pythons too; False if there was none."""
    with _alone(environment):
        found = environment.home.exists() and any(environment.home.glob("*.ready"))
        for mark in environment.home.glob("*.ready"):
            mark.unlink()  # first, so that nobody starts in what is about to go
        shutil.rmtree(environment.home, ignore_errors=True)
    return found


def commands(environment: Environment, folder: Path, offline: bool) -> Sequence[Sequence[str]]:
    """What makes `environment` in `folder`. Raises Unavailable when nothing here can."""
    python = str(folder / PYTHON)
    wanted = [["-r", str(environment.requirements), *BASE]]
    if environment.bare.exists():
        wanted.append(["--no-deps", "-r", str(environment.bare)])
    if uv := shutil.which("uv"):
        how = ["--offline"] if offline else []
        return [
            [uv, "venv", "--no-progress", *how, "--python", sys.executable, str(folder)],
            *([uv, "pip", "install", "--no-progress", *how, "--python", python, *these] for these in wanted),
        ]
    if importlib.util.find_spec("pip") is None:
        raise Unavailable("an environment is made with uv or pip, and neither is here; see https://docs.astral.sh/uv")
    how = ["--no-index"] if offline else []
    pip = [sys.executable, "-P", "-m", "pip", "--python", python, "--no-input", "--disable-pip-version-check"]
    return [
        [sys.executable, "-P", "-m", "venv", "--without-pip", str(folder)],
        *([*pip, "install", "--progress-bar", "off", *how, *these] for these in wanted),
    ]


def _run(command: Sequence[str], environment: Environment, output: int) -> None:
    # A path in a requirement file is meant from where the file is; and our own path is none of its business.
    ours = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    folder = environment.requirements.parent
    done = subprocess.run(command, cwd=folder, env=ours, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if done.returncode:
        log = environment.home / "install.log"
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
        said = " ".join(lines[-LAST:]) or "it said nothing"
        raise Unavailable(
            f"the environment '{environment.name}' was not made ({Path(command[0]).name}, exit {done.returncode}): "
            f"{said}; all of it is in {log}"
        )


@contextmanager
def _alone(environment: Environment, say: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """No other process installs or removes this environment during the block."""
    lock = FileLock(environment.home.with_suffix(".lock"))
    try:
        environment.home.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        say(f"somebody else is making the environment '{environment.name}'; waiting for it")
        lock.acquire()
    except OSError as error:
        raise Unavailable(f"an environment cannot be kept in {environment.home} ({error}); make room there") from error
    try:
        environment.home.mkdir(exist_ok=True)
        yield
    finally:
        lock.release()
