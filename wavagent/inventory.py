"""What lies in a store, and whether it is sound."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import nlargest

from wavagent.lease import SUFFIX, held
from wavagent.shelf import DRAFTS, File, Shelf
from wavagent.store import Entry, Store

_RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000)
"""Hertz; a clip's digest is of its rate too, which only the calls that made it say."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """Files of one kind: how many, their bytes, and when the first and the last of them was last used."""

    kind: str
    files: int
    size: int
    oldest: float
    newest: float


@dataclass(frozen=True, slots=True)
class Inventory:
    """What lies in a store, the largest kind first, its largest files, and how many processes are at work on it."""

    kinds: Sequence[Shelved]
    biggest: Sequence[File]
    at_work: int

    @property
    def files(self) -> int:
        return sum(kind.files for kind in self.kinds)

    @property
    def size(self) -> int:
        return sum(kind.size for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much was checked, and the paths of what is damaged."""

    files: int
    size: int
    damaged: Sequence[str]


class Glass(Shelf):
    """A shelf to look at: nothing counts as used, and what a reader would remove is only noted, in `damaged`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.damaged: dict[str, None] = {}

    def touch(self, path: str) -> None:
        pass

    def remove(self, path: str) -> None:
        self.damaged[path] = None


def inventory(store: Store, biggest: int = 5) -> Inventory:
    """What lies in `store`. Raises StoreError."""
    files = [file for file in store.shelf.files() if not file.path.endswith(SUFFIX)]
    kinds: defaultdict[str, list[File]] = defaultdict(list)
    for file in files:
        kinds[file.kind if file.name or file.kind == DRAFTS else "other"].append(file)
    folder = store.shelf.folder
    return Inventory(
        sorted((_shelved(kind, found) for kind, found in kinds.items()), key=lambda kind: -kind.size),
        nlargest(biggest, files, key=lambda file: file.size),
        len(held(f"{folder}/{DRAFTS}")) if folder else 0,
    )


def _shelved(kind: str, files: Sequence[File]) -> Shelved:
    used = [file.used for file in files]
    return Shelved(kind, len(files), sum(file.size for file in files), min(used), max(used))


def verify(store: Store, repair: bool = False) -> Verdict:
    """Read every file of `store` as a run would. `repair` removes what is damaged, so that it is made again."""
    files = [file for file in store.shelf.files() if file.name]
    glass = Glass(store.url)
    reading = Store(store.url, glass)
    rates = defaultdict[str, set[int]](set)
    for entry in _checked(reading, files):
        rates[entry.digest].add(entry.rate)
    everyone = {rate for some in rates.values() for rate in some}
    for file in files:
        if file.kind == "clips":
            _check_clip(reading, glass, file, rates.get(file.name) or everyone.union(_RATES))
    if repair:
        for file in files:
            if file.path in glass.damaged:
                store.shelf.drop(file)
    return Verdict(len(files), sum(file.size for file in files), tuple(glass.damaged))


def _checked(reading: Store, files: Sequence[File]) -> Iterator[Entry]:
    """Check all but clips; the entries of the calls among them."""
    for file in files:
        if file.kind == "calls":
            if (entry := reading.entry(file.name)) is not None:
                yield entry
        elif file.kind != "clips":
            reading.get_bytes(file.kind, file.name)


def _check_clip(reading: Store, glass: Glass, file: File, rates: set[int]) -> None:
    """A clip is sound when it has its digest at one of `rates`."""
    with suppress(ValueError):  # its bytes are what they were, but in a form of another version
        if any(reading.clip(Entry(file.name, rate, 0, 0)) is not None for rate in sorted(rates)):
            glass.damaged.pop(file.path, None)
