"""A shelf: files at a URL, each of them there whole or not at all.

In a folder a file is written under a temporary name and renamed; elsewhere it is put as one object. Nobody waits for
anybody: whoever uses a folder holds a lease in its `tmp/`, in whose name the temporary files are written, and which
tells `wavagent.sweep` what is in use. The time of a file's last change is that of its last use.
"""

import errno
import os
import re
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from wavagent.errors import StoreError
from wavagent.lease import Lease, take

DRAFTS = "tmp"
"""The folder of leases and temporary files."""

_EMPTIED = 10
"""Times that the folder of a file may vanish while the file is written: somebody may empty the store meanwhile."""


_KEPT = re.compile(r"(?!tmp/)[^/]+/([^/]{2})/([^/]+)\.(?:bin|npy)")


class File(NamedTuple):
    """A file: its path on the shelf, its size in bytes, and when it was last used (seconds since 1970)."""

    path: str
    size: int
    used: float

    @property
    def kind(self) -> str:
        return self.path.partition("/")[0]

    @property
    def name(self) -> str:
        """The key or the digest that it is kept under; empty for what the store did not put there."""
        found = _KEPT.fullmatch(self.path)
        return found[1] + found[2] if found else ""


class Shelf:
    """The files at `url`. Raises StoreError when they cannot be read or written."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lease: Lease | None = None
        self._taking = threading.Lock()

    def __reduce__(self) -> tuple[type["Shelf"], tuple[str]]:
        return type(self), (self.url,)  # another process takes a lease of its own

    @property
    def folder(self) -> str | None:
        """The folder on this machine in which the files are, if they are in one."""
        system, root = self._place
        return root if getattr(system, "local_file", False) else None

    @cached_property
    def _place(self) -> tuple[Any, str]:
        """The filesystem, and the folder on it."""
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem

        if "://" not in self.url:  # a path is only ever a path: fsspec would take '::' in it for a chain of systems
            return LocalFileSystem(), os.path.abspath(os.path.expanduser(self.url)).rstrip("/")
        try:
            system, root = url_to_fs(self.url)
        except Exception as error:
            raise StoreError(f"the store '{self.url}' cannot be reached: {error}; name another one") from error
        return system, str(root).rstrip("/")

    def read(self, path: str) -> bytes | None:
        system, root = self._place
        try:
            return bytes(system.cat_file(f"{root}/{path}"))
        except FileNotFoundError:
            return None
        except Exception as error:  # every filesystem has errors of its own
            raise StoreError(
                f"the store '{self.url}' cannot be read: {_reason(error)}; name another one in WAVAGENT_STORE"
            ) from error

    def write(self, path: str, *pieces: bytes | memoryview) -> None:
        system, root = self._place
        target = f"{root}/{path}"
        try:
            if self.folder is not None:
                _write_whole(target, pieces, f"{root}/{DRAFTS}/{self._draft()}")
            else:
                system.makedirs(target.rpartition("/")[0], exist_ok=True)
                system.pipe_file(target, b"".join(pieces))
        except Exception as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreError(
                    f"the disk of the store '{self.url}' is full; free some space and run the same command again: "
                    "what was finished is kept"
                ) from error
            raise StoreError(
                f"the store '{self.url}' cannot be written: {_reason(error)}; name another one in WAVAGENT_STORE"
            ) from error

    def exists(self, path: str) -> bool:
        system, root = self._place
        return bool(system.isfile(f"{root}/{path}"))

    def use(self, path: str) -> bool:
        """Whether there is a file; if so, it counts as used now."""
        if found := self.exists(path):
            self.touch(path)
        return found

    def touch(self, path: str) -> None:
        """Note that a file is used, once in the life of a lease. Objects elsewhere keep the time they were put."""
        if (root := self.folder) is not None:
            with suppress(OSError):  # where nothing can be written, nothing is cleared up either
                if (lease := self._held()) is None or os.stat(f"{root}/{path}").st_mtime < lease.since:
                    os.utime(f"{root}/{path}")

    def remove(self, path: str) -> None:
        """Remove a damaged file."""
        system, root = self._place
        try:
            system.rm_file(f"{root}/{path}")
        except FileNotFoundError:
            pass  # somebody else was quicker
        except Exception as error:
            raise StoreError(
                f"'{path}' in the store '{self.url}' is damaged and cannot be removed: {_reason(error)}; remove it"
            ) from error

    def renew(self, file: File) -> None:
        """Call a file used now, whatever its time says."""
        if self.folder is not None:
            with suppress(OSError):
                os.utime(f"{self.folder}/{file.path}")

    def drop(self, file: File) -> bool:
        """Remove a file that was listed, unless somebody used it since; whether it is gone."""
        system, root = self._place
        try:
            system.invalidate_cache()
            if _changed(system.info(f"{root}/{file.path}")) != file.used:
                return False
            system.rm_file(f"{root}/{file.path}")
        except FileNotFoundError:
            pass
        except Exception as error:
            raise StoreError(f"'{file.path}' in the store '{self.url}' cannot be removed: {_reason(error)}") from error
        return True

    def files(self) -> Iterator[File]:
        """Every file there is, leases and temporary ones too, in no order. Looking at a file is no use of it."""
        system, root = self._place
        try:
            if self.folder is not None:
                yield from _listed(root)
                return
            system.invalidate_cache()
            for path, about in system.find(root, detail=True).items():
                yield File(path.removeprefix(f"{root}/"), int(about["size"] or 0), _changed(about))
        except Exception as error:
            raise StoreError(f"the store '{self.url}' cannot be listed: {_reason(error)}") from error

    def _held(self) -> Lease | None:
        """Our lease, taken at the first use, and again where somebody emptied the folder."""
        with self._taking:
            if self._lease is None or self._lease.lost:
                self._lease = take(f"{self.folder}/{DRAFTS}")
            return self._lease

    def _draft(self) -> str:
        """A name for a temporary file, by which it can be told whether its process still lives."""
        lease = self._held()
        return f"{lease.name}-{uuid.uuid4().hex}" if lease else uuid.uuid4().hex


def _write_whole(target: str, pieces: Sequence[bytes | memoryview], draft: str) -> None:
    """Write a local file so that at every moment there is all of it or nothing."""
    try:
        for left in reversed(range(_EMPTIED)):
            try:
                _write_new(draft, pieces)
                return os.replace(draft, target)
            except FileNotFoundError:  # a folder is not there yet, or not any more
                if not left:
                    raise
            for path in (draft, target):
                with suppress(FileNotFoundError):  # somebody empties the store at this moment
                    os.makedirs(os.path.dirname(path), exist_ok=True)
    except BaseException:
        with suppress(OSError):
            os.remove(draft)
        raise


def _write_new(path: str, pieces: Sequence[bytes | memoryview]) -> None:
    with open(path, "wb") as file:
        file.writelines(pieces)


def _listed(root: str) -> Iterator[File]:
    """The files below a folder. Raises OSError for what cannot be looked into, for it would seem to be empty."""
    for folder, _, names in os.walk(root, onerror=_unless_missing):
        for name in names:
            path = f"{folder}/{name}"
            with suppress(FileNotFoundError):  # it is gone by now
                about = os.lstat(path)
                yield File(os.path.relpath(path, root).replace(os.sep, "/"), about.st_size, about.st_mtime)


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _changed(about: Mapping[str, Any]) -> float:
    """When a file was last changed. Every filesystem has a name of its own for that; the future, where one has none."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "modified", "created"):
        when = about.get(name)
        if isinstance(when, str):
            when = datetime.fromisoformat(when)
        if when is not None:
            return when.timestamp() if isinstance(when, datetime) else float(when)
    return float("inf")


def _reason(error: Exception) -> object:
    return getattr(error, "strerror", None) or error
