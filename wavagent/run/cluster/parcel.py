"""The parcel: wavagent as it runs here, for machines that may have another one, or none."""

import importlib
import shutil
from pathlib import Path

ELSEWHERE = ("tools", "prompts")
"""Sub-packages that may lie beside the package's folder while it is worked on."""


def packed(folder: Path) -> Path:
    """The package, laid out in `folder` as it is when it is installed; where that is."""
    target = folder / "wavagent"
    _copy("wavagent", target)
    for name in ELSEWHERE:
        if not (target / name).exists():
            _copy(f"wavagent.{name}", target / name)
    return target


def _copy(package: str, target: Path) -> None:
    found = Path(next(iter(importlib.import_module(package).__path__)))
    shutil.copytree(found, target, ignore=shutil.ignore_patterns("__pycache__"))
