"""What a user would pick instead: one call after another, one generation after another, Dask, Ray.

Dask and Ray get batches that were put together by hand beforehand, generation by generation, for they make none.
"""

import importlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from benchmarks.engines.plan import MODELS, POOL, SLOTS, Models, Plan, Step, batches, generations, work


def serial(plan: Plan) -> tuple[float, int]:
    """One call at a time, in an order in which nothing waits."""
    models = Models()
    began = time.perf_counter()
    for generation in generations(plan):
        for step in generation:
            models.work(step.tool, [step.cost])
    return time.perf_counter() - began, sum(models.loads.values())


def by_generation(plan: Plan) -> tuple[float, int]:
    """All calls of a generation at once, in batches, as far as there are slots; then the next generation."""
    models = Models()
    began = time.perf_counter()
    pools = {pool: ThreadPoolExecutor(slots) for pool, slots in SLOTS.items()}
    for generation in generations(plan):
        running = [
            pools[POOL[batch[0].tool]].submit(models.work, batch[0].tool, [step.cost for step in batch])
            for batch in batches(generation)
        ]
        for future in running:
            future.result()
    took = time.perf_counter() - began
    for pool in pools.values():
        pool.shutdown()
    return took, sum(models.loads.values())


def dask(plan: Plan) -> tuple[float, int]:
    """A scheduler and a worker with five threads, in this process; a resource for every slot."""
    with _dask() as client:

        def start(batch: Sequence[Step], needs: Sequence[Any]) -> Any:
            tool, costs = batch[0].tool, [step.cost for step in batch]
            return client.submit(work, tool, costs, *needs, resources={POOL[tool]: 1}, pure=False)

        began = time.perf_counter()
        client.gather(_started(plan, start))
        return time.perf_counter() - began, sum(MODELS.loads.values())


@contextmanager
def _dask() -> Iterator[Any]:
    from distributed import Client, LocalCluster

    MODELS.loads.clear()
    made: Any = LocalCluster
    cluster = made(
        n_workers=1,
        threads_per_worker=sum(SLOTS.values()),
        processes=False,
        resources=dict(SLOTS),
        dashboard_address=None,
        silence_logs=logging.ERROR,
    )
    client: Any = Client
    with cluster, client(cluster) as connected:
        yield connected


def ray(plan: Plan) -> tuple[float, int]:
    """An actor that has the GPU, and tasks on four processors."""
    library = _ray()
    gpu = library.remote(Gpu).options(num_cpus=0).remote()
    on_cpu = library.remote(num_cpus=1)(work)
    library.get(gpu.work.remote("voice", [0.0]))  # its process is there, and its model is loaded
    library.get([on_cpu.remote(tool, [0.2]) for tool in ("foley", "composer", "mender", "foley")])

    def start(batch: Sequence[Step], needs: Sequence[Any]) -> Any:
        call = gpu.work if POOL[batch[0].tool] == "gpu" else on_cpu
        return call.remote(batch[0].tool, [step.cost for step in batch], *needs)

    began = time.perf_counter()
    futures = _started(plan, start)
    loads = sum(library.get(futures))
    return time.perf_counter() - began, loads


class Gpu:
    """The process that has the GPU."""

    def work(self, tool: str, costs: Sequence[float], *needs: object) -> int:
        return work(tool, costs)


def _ray() -> Any:
    os.environ.update(RAY_AUTH_MODE="disabled", RAY_USAGE_STATS_ENABLED="0", RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0")
    library: Any = importlib.import_module("ray")
    if not library.is_initialized():
        library.init(num_cpus=SLOTS["cpu"], include_dashboard=False, log_to_driver=False)
    return library


def _started(plan: Plan, start: Callable[[Sequence[Step], Sequence[Any]], Any]) -> list[Any]:
    """The futures of all batches of `plan`, each started with those of what it needs."""
    futures: list[Any] = []
    future_of: dict[str, Any] = {}
    for generation in generations(plan):
        for batch in batches(generation):
            needs = {id(future_of[need]): future_of[need] for step in batch for need in step.needs}
            futures.append(start(batch, list(needs.values())))
            future_of.update({step.id: futures[-1] for step in batch})
    return futures
