"""A command as a whole process: how long it took and how much memory it needed."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall and processor seconds, and the peak memory of the process itself in MB."""

    wall: float
    cpu: float
    peak_mb: float


def spend(command: Sequence[str], env: Mapping[str, str] | None = None) -> Spent:
    """Run `command` to its end. Raises RuntimeError with what it said when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command[0]} exited with {process.returncode}: {said.decode(errors='replace')[-500:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def middle(runs: Sequence[Spent]) -> Spent:
    """The medians of several runs."""
    return Spent(median(run.wall for run in runs), median(run.cpu for run in runs), median(run.peak_mb for run in runs))
