"""The fingerprint of a folder: it follows from what its files hold, not from where they lie or when they were written.

Gigabytes are read once. What a file held is remembered with the marks by which a system tells that it was written
since: its size, its times and its number.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock

from pydantic import TypeAdapter, ValidationError

from wavagent.lease import drafting

FRESH = 2_000_000_000
"""Nanoseconds after a write in which another may leave the same times: file systems count in ticks of up to this."""

Mark = tuple[int, int, int, int]
"""What changes when a file is written: its size, when it was written and changed (ns), and its number."""

_KNOWN = TypeAdapter(dict[str, tuple[Mark, str]])


class Fingerprints:
    """Fingerprints of folders, for any number of threads. What files held is kept in `memory`, a file of JSON, for
    other processes too; where that cannot be read or written, only the time is lost."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._known: dict[str, tuple[Mark, str]] = {}
        self._last: dict[Path, tuple[Mapping[str, Mark], str]] = {}
        self._lock = Lock()

    def of(self, folder: Path) -> str:
        """The fingerprint, in 64 hexadecimal digits, of the files in `folder` and below, hidden ones apart.

        Raises OSError when the folder is none, or one of its files cannot be read.
        """
        with self._lock:
            now = time.time_ns()
            found = {path: _mark(about) for path, about in files_in(str(folder))}
            marks, fingerprint = self._last.get(folder, (None, ""))
            if marks != found:
                fingerprint = _together(folder, self._digests(found, now))
                if all(self._knows(path, mark) for path, mark in found.items()):
                    self._last[folder] = found, fingerprint
            return fingerprint

    def _digests(self, found: Mapping[str, Mark], now: int) -> dict[str, str]:
        """What each file holds; only what is not known is read."""
        if any(not self._knows(path, mark) for path, mark in found.items()):
            self._known = {**self._known, **self._remembered()}  # another process may have read it
        digests, learnt = {}, False
        for path, mark in found.items():
            if self._knows(path, mark):
                digests[path] = self._known[path][1]
                continue
            digests[path] = _digest(path)
            if _settled(mark, now):
                self._known[path] = mark, digests[path]
                learnt = True
        if learnt:
            self._remember()
        return digests

    def _knows(self, path: str, mark: Mark) -> bool:
        known = self._known.get(path)
        return known is not None and known[0] == mark

    def _remembered(self) -> dict[str, tuple[Mark, str]]:
        try:
            return _KNOWN.validate_json(self._memory.read_bytes())
        except (OSError, ValidationError):
            return {}

    def _remember(self) -> None:
        kept = {path: known for path, known in self._known.items() if os.path.exists(path)}
        try:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            with drafting(self._memory.parent) as fresh:
                fresh.write_bytes(_KNOWN.dump_json(kept))
                os.replace(fresh, self._memory)
        except OSError:
            return  # the next process reads the files once more


def files_in(folder: str, above: tuple[tuple[int, int], ...] = ()) -> Iterator[tuple[str, os.stat_result]]:
    """Every file in `folder` and below, as what reads it sees it, but for hidden ones; `above` are the folders it lies
    in. Raises OSError where a folder cannot be read."""
    here = os.stat(folder)
    above = (*above, (here.st_dev, here.st_ino))
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                about = entry.stat()
            except FileNotFoundError:
                continue  # a link that leads nowhere
            if stat.S_ISREG(about.st_mode):
                yield entry.path, about
            elif stat.S_ISDIR(about.st_mode) and (about.st_dev, about.st_ino) not in above:
                yield from files_in(entry.path, above)


def _mark(about: os.stat_result) -> Mark:
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


def _settled(mark: Mark, now: int) -> bool:
    """Whether another write would leave another mark. When a file was written anybody may set, and so to the future."""
    _, written, changed, _ = mark
    return now - changed >= FRESH and not 0 <= now - written < FRESH


def _together(folder: Path, digests: Mapping[str, str]) -> str:
    """The fingerprint of a folder whose files hold `digests`, by path."""
    whole = hashlib.sha256()
    for name, digest in sorted((os.path.relpath(path, folder), digest) for path, digest in digests.items()):
        whole.update(os.fsencode(f"{len(name)} {name} {digest}\n"))
    return whole.hexdigest()


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
