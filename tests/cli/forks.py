"""A process that has imported the command line, and forks a `wavagent` off for every line of JSON that it is sent.

Such a fork is what a new process would be, with its own arguments, environment, folder and files, and ends as one; but
the second that the imports take is only taken once.
"""

import importlib
import json
import os
import pkgutil
import sys
from typing import Any

WARM = ("av", "soundfile", "soxr", "symusic", "wavagent.planning.director", "wavagent.project", "wavagent.studio")


def warm() -> None:
    """Import what most commands do."""
    for name in WARM:
        importlib.import_module(name)
    for package in ("wavagent.cli", "wavagent.tools", "wavagent.export"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)


def serve() -> dict[str, Any]:
    """Answer every line with the exit code of its fork; in a fork, what it is asked for. Ends with the input."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asked: dict[str, Any] = json.loads(line)
            return asked
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
    sys.exit()


def become(asked: dict[str, Any]) -> None:
    """Be the process that is asked for."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.path[:1] = ["", *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    for number, path in enumerate((os.devnull, asked["out"], asked["err"])):
        os.dup2(os.open(path, os.O_RDWR), number)
    sys.stdin = open(0, encoding="utf-8")
    sys.argv = ["-c", *asked["arguments"]]


if __name__ == "__main__":
    warm()
    become(serve())
    from wavagent.cli import main

    main()
