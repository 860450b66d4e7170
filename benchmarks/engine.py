"""The executor against its bound and against others: `python -m benchmarks.engine [--calls N] [--runs N] [--rows a,b]`.

Graphs of calls that only take time (`benchmarks/engines/plan.py`), on one GPU slot and four of the processor. No
schedule beats `bound`: the longest path, or a pool's work over its slots in the fullest batches of the most alike. The
last rows are calls that take no time at all: what the engine itself costs. Medians; rows whose library is not
installed are left out, and said.
"""

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable
from random import Random
from statistics import median

from benchmarks.engines import others, ours
from benchmarks.engines.plan import SHAPES, Plan, bound, nothing, scaled
from benchmarks.report import Row, report
from wavagent.store import Store

Engine = Callable[[Plan], tuple[float, int]]

ROWS: dict[str, Engine] = {
    "wavagent": lambda plan: ours.makespan(plan, _memory()),
    "generations": others.by_generation,
    "dask": others.dask,
    "ray": others.ray,
    "serial": others.serial,
}
NEEDS = {"dask": "distributed", "ray": "ray"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=500)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--rows", default=",".join(ROWS))
    options.add_argument("--shapes", default=",".join(SHAPES))
    options.add_argument("--scale", type=float, default=1.0, help="times as long as the calls of the plan take")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    names = [name for name in asked.rows.split(",") if _there(name)]
    rows: list[Row] = []
    for shape in asked.shapes.split(","):
        plan = scaled(SHAPES[shape](asked.calls, Random(asked.seed)), asked.scale)
        rows += [_row(shape, name, plan, 1 if name == "serial" else asked.runs) for name in names]
    rows += _overheads(asked.calls, asked.runs)
    report("engine", rows, asked.json)


def _there(name: str) -> bool:
    if (library := NEEDS.get(name)) is not None and importlib.util.find_spec(library) is None:
        print(f"{name}: left out, {library} is not installed", file=sys.stderr)
        return False
    return True


def _row(shape: str, name: str, plan: Plan, runs: int) -> Row:
    found = [ROWS[name](plan) for _ in range(runs)]
    took, least = median(seconds for seconds, _ in found), bound(plan)
    return {
        "graph": shape,
        "engine": name,
        "seconds": round(took, 2),
        "bound": round(least, 2),
        "ratio": round(took / least, 3),
        "loads": max(loads for _, loads in found),
        "models": len({step.tool for step in plan.values()}),
        "ms_per_call": None,
        "cpu_ms_per_call": None,
    }


def _overheads(calls: int, runs: int) -> list[Row]:
    """What every call costs when it takes no time."""
    plan = nothing(calls)
    with tempfile.TemporaryDirectory() as folder:
        stores: dict[str, Callable[[int], Store]] = {
            "memory store": lambda run: _memory(),
            "disk store": lambda run: Store(f"{folder}/{run}"),
        }
        return [_overhead(name, plan, [store(run) for run in range(max(5, runs))]) for name, store in stores.items()]


def _overhead(name: str, plan: Plan, stores: list[Store]) -> Row:
    walls, cpus = [], []
    for store in stores:
        began = time.process_time()
        walls.append(ours.makespan(plan, store, asleep=False)[0])
        cpus.append(time.process_time() - began)
    return {
        "graph": "nothing to do",
        "engine": f"wavagent, {name}",
        "seconds": round(median(walls), 3),
        "bound": None,
        "ratio": None,
        "loads": None,
        "models": None,
        "ms_per_call": round(1000 * median(walls) / len(plan), 3),
        "cpu_ms_per_call": round(1000 * median(cpus) / len(plan), 3),
    }


def _memory() -> Store:
    return Store(f"memory://engine-{time.perf_counter_ns()}")


if __name__ == "__main__":
    main()
