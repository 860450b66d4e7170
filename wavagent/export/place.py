"""Putting a file in its place: whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wavagent.errors import OutputError
from wavagent.lease import drafting


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """The path of a new file beside `path`, which takes its place when the block ends without an error.

    Until then an older file stays as it was; afterwards nothing but `path` is left, not even what a killed process
    began there. Folders that are missing are made. Raises OutputError for whatever the file system refuses, inside
    the block too.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            what = "a folder" if target.is_dir() else "a device"
            raise OutputError(f"'{path}' is {what}; name the file to write")
        target.parent.mkdir(parents=True, exist_ok=True)
        with drafting(target.parent) as fresh:
            yield fresh
            os.replace(fresh, target)
    except OSError as error:
        # FFmpeg's errors are OSErrors too, with the temporary name in their text: only the cause is for people.
        why = (os.strerror(error.errno) if error.errno else str(error)).lower()
        raise OutputError(f"'{path}' cannot be written: {why}; free the place or choose another") from error


def write_text(path: Path, text: str) -> None:
    """A text file in UTF-8 with newlines as they are. Raises OutputError."""
    with replacing(path) as fresh:
        fresh.write_bytes(text.encode("utf-8"))


def make_room(path: Path) -> None:
    """Make the folder of `path`. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"'{path}' cannot be written ({reason}); choose another place with -o") from error
