"""Sources: which narratives are meant by the name of a file or a folder, or by a pattern."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from wavagent.errors import InputError
from wavagent.project import SCRIPT
from wavagent.reading import READERS
from wavagent.text import shown

RECORD = "batch.json"

_ODD = (".", "~", "#")
"""What the names of hidden files, locks and unsaved copies start with."""


def narratives(given: str, without: Path) -> list[Path]:
    """The files that `given` means, in order: a file itself, all that is in a folder, all that a pattern finds.

    Nothing in the folder `without` is meant. Whether a file can be read is not looked at. Raises InputError when there
    is none.
    """
    if os.path.isdir(given):
        return _some(list(within(Path(given), without)), f"no narrative in the folder '{shown(given, 200)}'")
    if os.path.lexists(given) or not glob.has_magic(given):
        return [Path(given)]
    found = [Path(name) for name in sorted(glob.iglob(given, recursive=True)) if os.path.isfile(name)]
    return _some(found, f"no file that '{shown(given, 200)}' means")


def _some(found: list[Path], missing: str) -> list[Path]:
    if not found:
        raise InputError(f"there is {missing}; a narrative is one of {', '.join(READERS)}")
    return found


def within(folder: Path, without: Path) -> Iterator[Path]:
    """Every narrative in `folder` and in the folders in it, by name, but for projects and the folder `without`."""
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if here != folder and (SCRIPT in files or here.resolve() == without):
            folders.clear()  # what we made is no narrative
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (here / name for name in sorted(files) if _is_narrative(name) and os.path.isfile(here / name))


def _is_narrative(name: str) -> bool:
    """By its name; downloads and copies on their way have other suffixes."""
    return not name.startswith(_ODD) and name != RECORD and os.path.splitext(name)[1].lower() in READERS
