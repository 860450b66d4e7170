"""The pools: how much runs at once. Slots for all, megabytes where there are models, requests a second for servers."""

import math
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from wavagent.tool import Pool, Tool, Toolbox

SHARE = 0.8
"""The share of a machine's memory that models may fill."""


@dataclass(frozen=True)
class Limits:
    """Batches that each pool runs at once, megabytes for its models (none named: no limit), and `rate`, the requests
    in a second that go out to servers."""

    slots: Mapping[Pool, int]
    memory_mb: Mapping[Pool, int] = field(default_factory=dict)
    rate: float = math.inf


class Pools:
    """What of the limits is taken."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._busy: Counter[Pool] = Counter()
        self._free_from = -math.inf  # when the next request may go out to a server

    def room(self, pool: Pool, now: float) -> bool:
        return self._busy[pool] < self.depth(pool) and (pool != "http" or now >= self._free_from)

    def depth(self, pool: Pool) -> int:
        return max(1, self._limits.slots.get(pool, 1))

    def take(self, pool: Pool, calls: int, now: float) -> None:
        """A batch of `calls` calls starts."""
        self._busy[pool] += 1
        if pool == "http":
            self._free_from = max(now, self._free_from) + calls / self._limits.rate

    def leave(self, pool: Pool) -> None:
        """A batch has ended."""
        self._busy[pool] -= 1

    def due(self, now: float) -> float:
        """When a pool that is full by its rate alone has room again."""
        return self._free_from if self._free_from > now else math.inf


def depths_here() -> dict[Pool, int]:
    """How many batches of each pool run at once on this machine."""
    return {"cpu": max(1, os.cpu_count() or 1), "gpu": 1, "http": 4}


def memory_here(toolbox: Toolbox) -> dict[Pool, int]:
    """Megabytes that models may fill on this machine; the card is asked only when a tool of the box would use it."""
    memory: dict[Pool, int] = {}
    if ram := _ram_mb():
        memory["cpu"] = int(SHARE * ram)
    if any(_on_gpu(tool) for tool in toolbox) and (card := _gpu_mb()):
        memory["gpu"] = int(SHARE * card)
    return memory


def _on_gpu(tool: Tool) -> bool:
    return tool.card.pool == "gpu" and not tool.missing()


def _ram_mb() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError, AttributeError):
        return 0  # not a system that says so


def _gpu_mb() -> int:
    if (program := shutil.which("nvidia-smi")) is None:
        return 0
    query = [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True).stdout
        return int(said.split()[0])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0
