"""What it costs to have a tool in a process of its own: a clip there and back through the pipe, and by files instead.

`python -m benchmarks.worker [--runs N] [--json]`. `worker_ms` is a whole call of a real worker, which gives back the
clip that it gets; `file_ms` is no more than writing the same samples to a file twice and reading them twice, and
`store_ms` the same through a store. The best of N runs, as others may keep the machine busy.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from benchmarks.report import Row, report
from wavagent.audio import Audio
from wavagent.run.worker import Worker
from wavagent.store import Store
from wavagent.tool import Card, Licence, Params, Request, Result, Tool

CLIPS = {
    "no sound": Audio.silence(0.0, 24_000),
    "a line, 3 s mono 24 kHz": Audio.silence(3.0, 24_000),
    "a line, 10 s mono 24 kHz": Audio.silence(10.0, 24_000),
    "a bed, 30 s stereo 48 kHz": Audio.silence(30.0, 48_000, 2),
    "a chapter, 10 min stereo 48 kHz": Audio.silence(600.0, 48_000, 2),
}


class Echo(Tool):
    """Gives back what it gets."""

    params: ClassVar[type[Params]] = Params
    card: ClassVar[Card] = Card(
        name="echo",
        version="1",
        task="enhance",
        summary="an echo",
        rate=24_000,
        isolated=True,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(request.inputs["audio"]) for request in requests]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])  # where the worker finds this module
    with tempfile.TemporaryDirectory() as folder:
        report("worker", _rows(Path(folder), asked.runs), asked.json)


def _rows(folder: Path, runs: int) -> list[Row]:
    from benchmarks.worker import Echo as Known  # and under this name

    worker = Worker(Known())
    worker.start()
    try:
        return [_row(what, _noise(clip), worker, folder, runs) for what, clip in CLIPS.items()]
    finally:
        worker.close()


def _row(what: str, clip: Audio, worker: Worker, folder: Path, runs: int) -> Row:
    store, keys = Store(str(folder / "store")), (f"{number:064x}" for number in range(10_000))
    asked = [Request(Params(), {"audio": clip})]

    def by_file() -> None:
        for _ in range(2):
            clip.samples.tofile(folder / "clip.new")
            (folder / "clip.new").replace(folder / "clip.f32")
            np.fromfile(folder / "clip.f32", np.float32)

    def by_store() -> None:
        for _ in range(2):
            store.clip(store.put(f"{what[:6].encode().hex():0>48}{next(keys)[48:]}", Result(clip)))

    return {
        "clip": what,
        "mb": clip.samples.nbytes / 1e6,
        "worker_ms": _best(lambda: worker(asked), runs),
        "file_ms": _best(by_file, runs),
        "store_ms": _best(by_store, runs),
    }


def _noise(clip: Audio) -> Audio:
    return Audio(np.random.default_rng(0).uniform(-0.5, 0.5, clip.samples.shape).astype(np.float32), clip.rate)


def _best(do: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        do()
        times.append(time.perf_counter() - began)
    return 1e3 * min(times)


if __name__ == "__main__":
    main()
