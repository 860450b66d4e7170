"""A lease: a file that says that a process is at work in a folder, for as long as that process lives.

What says so is not the file but the lock on it, which the system drops when the process ends, however it ends. So
nobody has to trust a process number, a host's name or a clock to tell what a killed process left from what is in use.
"""

import os
import sys
import uuid
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

SUFFIX, DRAFT = ".lease", ".part"


class Lease:
    """A lease under `name`, held since `since` (seconds, by the clock of the folder) until nobody has this object."""

    def __init__(self, path: str, descriptor: int) -> None:
        self.name = os.path.basename(path).removesuffix(SUFFIX)
        self.since = os.fstat(descriptor).st_mtime
        self._descriptor = descriptor
        weakref.finalize(self, _release, path, descriptor, os.getpid())

    @property
    def lost(self) -> bool:
        """Whether somebody removed its file: nobody can see then that it is held."""
        return os.fstat(self._descriptor).st_nlink == 0


def take(folder: str) -> Lease | None:
    """A lease in `folder`, which is made; None where nothing can be written or locked."""
    path = f"{folder}/{uuid.uuid4().hex}{SUFFIX}"
    try:
        os.makedirs(folder, exist_ok=True)
        descriptor = _locked(path)
        if descriptor is None:
            os.unlink(path)
    except OSError:
        return None
    return None if descriptor is None else Lease(path, descriptor)


def held(folder: str, clear: bool = False) -> Mapping[str, float]:
    """The leases in `folder` that living processes hold, and since when. `clear` removes the files of the dead."""
    found = {}
    with suppress(FileNotFoundError):
        for path in Path(folder).glob(f"*{SUFFIX}"):
            with dead(path) as is_dead:
                if not is_dead:
                    with suppress(FileNotFoundError):
                        found[path.name.removesuffix(SUFFIX)] = path.stat().st_mtime
                elif clear:
                    path.unlink(missing_ok=True)
    return found


@contextmanager
def drafting(folder: Path) -> Iterator[Path]:
    """The path of a new, empty file in `folder`, for as long as the block lasts; afterwards it is gone.

    What killed processes left there is removed. Raises OSError.
    """
    for path in folder.glob(f".wavagent-*{DRAFT}"):
        with dead(path) as is_dead:
            if is_dead:
                path.unlink(missing_ok=True)
    path = folder / f".wavagent-{uuid.uuid4().hex[:12]}{DRAFT}"
    descriptor = _locked(str(path))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def dead(path: Path) -> Iterator[bool]:
    """Whether nobody holds the lock on the file at `path`; if so, nobody can get it while the block lasts."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        yield isinstance(error, FileNotFoundError)
        return
    try:
        yield _lock(descriptor, wait=False)
    finally:
        os.close(descriptor)


def _locked(path: str) -> int | None:
    """A new file, open and locked; None, and the file there all the same, where there are no locks."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _lock(descriptor, wait=True):
            os.close(descriptor)
            return None
        if os.fstat(descriptor).st_nlink:  # else it was taken for a dead one's before it could be locked
            return descriptor
        os.close(descriptor)


def _lock(descriptor: int, wait: bool) -> bool:
    """Lock an open file until it is closed; False when somebody has it, or when there are no locks here."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _release(path: str, descriptor: int, process: int) -> None:
    if os.getpid() == process:  # a fork has it too, and ends before us
        with suppress(OSError):
            os.unlink(path)
    os.close(descriptor)
