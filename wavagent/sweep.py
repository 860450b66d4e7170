"""Sweeping a store: what nobody can use goes, then what was used longest ago, and nothing that somebody is using."""

import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wavagent.inventory import Glass
from wavagent.lease import SUFFIX, held, take
from wavagent.shelf import DRAFTS, File
from wavagent.store import Store

Reason = Literal["temporary", "damaged", "unreferenced", "old", "least recently used"]

DAY = 86_400.0
"""Seconds for which nothing is removed where it cannot be told what is in use."""

PAID = {"answers"}
"""Kinds that cost money and weigh nothing: the last to go when space is needed."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files were removed and their bytes, by reason; the bytes that are left; and how many bytes of those
    were to go too, but are in use or kept."""

    removed: Mapping[Reason, tuple[int, int]]
    left: int
    over: int

    @property
    def size(self) -> int:
        return sum(size for _, size in self.removed.values())


@dataclass(slots=True)
class _Item:
    """Files that are of use only together: all under one key, and for a call its clip."""

    files: list[File] = field(default_factory=list)
    clip: str = ""

    @property
    def used(self) -> float:
        return max(file.used for file in self.files)

    @property
    def paid(self) -> bool:
        return any(file.kind in PAID for file in self.files)


def sweep(
    store: Store,
    *,
    older: float | None = None,
    to: int | None = None,
    keep: Collection[str] = (),
    dry: bool = False,
) -> Swept:
    """Remove what no run can use: what dead processes left, damaged calls, clips that no call names. Then what was not
    used for `older` seconds, and then what was used longest ago until `to` bytes are left.

    What is under the keys in `keep` stays, and so does all that was used since the first of the processes that are at
    work began; where that cannot be told (not in a folder, or not on this system), all that was used in the last day.
    `dry` removes nothing. Raises StoreError.
    """
    broom = _Broom(store, keep, dry)
    broom.rubbish()
    if older is not None:
        for item in broom.items():
            if broom.now - item.used > older:
                broom.remove(item, "old")
    if to is not None:
        for item in broom.items():
            if broom.left <= to:
                break
            broom.remove(item, "least recently used")
    over = max(0, broom.left - to) if to is not None else 0
    return Swept(broom.removed, broom.left, over)


class _Broom:
    """One sweep of one store."""

    def __init__(self, store: Store, keep: Collection[str], dry: bool) -> None:
        self._store, self._keep, self._dry = store, keep, dry
        self.now = time.time()
        files = [file for file in store.shelf.files() if not file.path.endswith(SUFFIX)]
        # The leases are read after the files: whose process began since, is not among them.
        self._held, self._since = _in_use(store, self.now, clear=not dry)
        self.left = sum(file.size for file in files)
        self.removed: dict[Reason, tuple[int, int]] = {}
        self._drafts = [file for file in files if file.kind == DRAFTS]
        self._clips = {file.name: file for file in files if file.kind == "clips" and file.name}
        self._items: dict[str, _Item] = defaultdict(_Item)
        for file in files:
            if file.name and file.kind != "clips":
                self._items[file.name].files.append(self._timely(file))

    def rubbish(self) -> None:
        """Remove what no run can use."""
        for file in self._drafts:
            if self._abandoned(file):
                self._drop(file, "temporary")
        understood = self._read_calls()
        self._named = Counter(item.clip for item in self._items.values())
        orphans = [file for digest, file in self._clips.items() if digest not in self._named]
        if not understood:  # they may be named by what another version of wavagent wrote: then they age like the rest
            self._items.update({file.path: _Item([file]) for file in orphans})
            return
        for file in orphans:
            if file.used < self._since:
                self._drop(file, "unreferenced")

    def items(self) -> Iterator[_Item]:
        """What may go, first what was used longest ago."""
        free = [(key, item) for key, item in self._items.items() if key not in self._keep and item.used < self._since]
        for key, item in sorted(free, key=lambda one: (one[1].paid, one[1].used)):
            yield item
            if not item.files:
                del self._items[key]

    def remove(self, item: _Item, reason: Reason) -> None:
        """Remove an item whole, unless it was used meanwhile."""
        while item.files:
            if not self._drop(item.files[-1], reason):
                return
            item.files.pop()
        self._named[item.clip] -= 1
        if item.clip in self._clips and not self._named[item.clip]:
            self._drop(self._clips[item.clip], reason)

    def _read_calls(self) -> bool:
        """Learn what clip every call names, remove the calls that are damaged, and say whether all were understood."""
        glass = Glass(self._store.url)
        reading, understood = Store(self._store.url, glass), True
        for key, file in [(key, file) for key, item in self._items.items() for file in item.files]:
            if file.kind != "calls":
                continue
            entry = reading.entry(key)
            if entry is not None and (entry.digest in self._clips or reading.get(key)):
                self._items[key].clip = entry.digest
            elif entry is not None or file.path in glass.damaged:
                self._drop(file, "damaged")
                del self._items[key]
            else:
                understood = False
        return understood

    def _abandoned(self, draft: File) -> bool:
        """Whether the process of a temporary file is gone. A name without a lease tells nothing: then its age does."""
        owner, dash, _ = draft.path.rpartition("/")[2].partition("-")
        return owner not in self._held if dash else self.now - draft.used > DAY

    def _timely(self, file: File) -> File:
        """`file`; one that was used in the future, for the clock was set back since, was used now."""
        if file.used <= self.now + DAY:
            return file
        if not self._dry:
            self._store.shelf.renew(file)
        return file._replace(used=math.inf)

    def _drop(self, file: File, reason: Reason) -> bool:
        if not self._dry and not self._store.shelf.drop(file):
            return False
        files, size = self.removed.get(reason, (0, 0))
        self.removed[reason] = (files + 1, size + file.size)
        self.left -= file.size
        return True


def _in_use(store: Store, now: float, clear: bool) -> tuple[Collection[str], float]:
    """The leases that are held, and the moment since which everything that was used may still be in use."""
    folder = store.shelf.folder
    if folder is not None and not os.path.isdir(folder):
        return (), -math.inf  # there is nothing, and nothing is made
    lease = take(f"{folder}/{DRAFTS}") if folder else None
    if folder is None or lease is None:
        return (), now - DAY
    others = {name: since for name, since in held(f"{folder}/{DRAFTS}", clear).items() if name != lease.name}
    began = min(others.values(), default=math.inf)
    return others, -math.inf if now < began < math.inf else began  # begun in the future: the clock was set back
