"""The memory of a process and of all that it started, as the kernel counts it (Linux)."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE") / 2**20


def resident(root: int) -> tuple[float, float]:
    """MB in memory of the process `root`, and of all its descendants together; pages they share count for each."""
    children = _children()
    return _resident(root), sum(_resident(process) for process in _below(root, children))


def _below(root: int, children: dict[int, list[int]]) -> Iterator[int]:
    for child in children.get(root, []):
        yield child
        yield from _below(child, children)


def _children() -> dict[int, list[int]]:
    found = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended
        found[int(fields[1])].append(int(stat.parent.name))
    return found


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0.0
