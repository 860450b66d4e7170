"""The first thing that the Python of a tool's own environment runs: it borrows the packages of this wavagent.

Only those that it is told of: with wavagent's folder on its path it would also see whatever else is installed there,
and that is what the environment is to keep out. It must run where nothing is installed but Python.
"""

import json
import runpy
import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from typing import Any


class Lent:
    """Finds the modules of which it knows the file, and with a package all that is in it. No file: a namespace."""

    def __init__(self, files: Mapping[str, str | None]) -> None:
        self._files = files

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self._files:
            return None
        file = self._files[name]
        return spec_from_file_location(name, file) if file else ModuleSpec(name, None, is_package=True)


def lent(module: str) -> dict[str, str | None]:
    """The file of everything that a worker imports to hold a tool of `module`: wavagent and the packages around it."""
    parts = module.split(".")
    names = ["wavagent", *(".".join(parts[: n + 1]) for n in range(len(parts)))]
    return {name: getattr(sys.modules[name], "__file__", None) for name in names}


def main() -> None:
    """`python -I lend.py FILES MODULE ...`: run MODULE as `python -m` does, finding the modules in FILES."""
    finders: list[Any] = sys.meta_path
    finders.insert(0, Lent(json.loads(sys.argv.pop(1))))
    runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
