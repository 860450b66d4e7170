"""How fast the experts are at their models' published sizes: `python -m benchmarks.gpu [--small] [--json]`.

Random weights, made on the device: nothing is downloaded, and speed does not depend on the values. Measured is the tool
itself, with all that it does for a clip. `naive_rate` is how many seconds of sound are made in a second of the device
where clips are made one at a time by the library's own loop (`generate`), `one_rate` where the tool makes one, and
`batch_rate` where it makes as many at once as its card says; `faster` is the last over the first. `one_floor` and
`batch_floor` are the least time over the time it took: what it takes to read the weights, and what was kept of the
steps before, for every step at the device's measured bandwidth, or the arithmetic at its measured speed, whichever is
more.

Rows that end in "decoder" are MusicGen's tokens without the codec. "story" is a story of 200 lines with its music and
sounds: how long the device is busy one call at a time and in batches of like length, both from a sample of the calls of
each kind. On a CPU, figures say only that all runs, if the models are toys (--small).

Every row is said as soon as it is there; --out FOLDER keeps the table and the JSON after every row, and a model that
fails is named at the end. The whole is to fit into ten minutes of an H200. Where there is no registry, wheels of what
is missing in `.whl`, and this repository laid out as it is installed, are enough:

    python3 -m pip install -q --no-index --no-deps --target /tmp/site .whl/*.whl && mkdir /tmp/here &&
    cp -r wavagent benchmarks tests /tmp/here && cp -r tools prompts /tmp/here/wavagent && cd /tmp/here &&
    PYTHONPATH=/tmp/site timeout 590 python3 -u -m benchmarks.gpu --out "$OUT"
"""

import argparse
import gc
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

from benchmarks.gpus.card import Device
from benchmarks.gpus.ledger import Ledger
from benchmarks.gpus.model import Model
from benchmarks.gpus.models import MODELS, built
from benchmarks.gpus.story import STORY, Part, part
from benchmarks.report import Row, report

BRIEF = 3.0
"""Seconds: what takes less is timed twice."""


def main() -> None:
    import torch

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true")
    options.add_argument("--small", action="store_true", help="toys instead of models, to see that all runs")
    options.add_argument("--models", default=",".join(MODELS), help="which of them, with commas between")
    options.add_argument("--seconds", type=float, help="of a clip, in place of each model's own")
    options.add_argument("--batch", type=int, help="clips at once, in place of what the tool's card says")
    options.add_argument("--no-story", action="store_true", help="without the story, which takes the longest")
    options.add_argument("--out", type=Path, help="a folder for gpu.md and gpu.json, written after every row")
    asked = options.parse_args()
    ledger = Ledger(Device.here(asked.small), asked.out, loud=not asked.json)
    with torch.inference_mode():
        broken = _measured(ledger, asked)
    report("gpu", ledger.rows, asked.json)
    sys.exit(f"not measured: {', '.join(broken)}" if broken else 0)


def _measured(ledger: Ledger, asked: argparse.Namespace) -> list[str]:
    """The names of what could not be measured; what went wrong is on standard error, and the others are measured."""
    parts: dict[str, Part] = {}
    broken = []
    for name in asked.models.split(","):
        try:
            _model(ledger, name, asked, parts)
        except Exception:  # noqa: BLE001  # whatever a library raises, the rows that follow are worth having
            traceback.print_exc()
            broken.append(name)
        if len(parts) == len(STORY):
            ledger.add(_story(parts))
            parts.clear()
    return broken


def _model(ledger: Ledger, name: str, asked: argparse.Namespace, parts: dict[str, Part]) -> None:
    import torch

    device = ledger.device
    model = built(name, device, asked.small)
    seconds, batch = asked.seconds or model.seconds, asked.batch or (2 if asked.small else model.batch)
    whole = Rates.of(device, model, model.make, seconds, batch)
    naive = whole.one if model.naive is None else _alone(device, model.naive, seconds)
    facts = {"parameters_m": round(model.parameters / 1e6, 1), "clip_s": seconds, "batch": batch}
    ledger.add({"model": name, **facts, "naive_rate": naive, **whole.row, "faster": whole.many / naive})
    if model.decode is not None:
        decoding = Rates.of(device, model, model.decode, seconds, batch)
        ledger.add({"model": f"{name}, decoder", **facts, "naive_rate": None, **decoding.row, "faster": None})
    if name in STORY and not asked.no_story:
        parts[name] = part(device, name, model, asked.small)
    del model, whole
    gc.collect()  # a class that was made for one model keeps it
    if device.kind == "cuda":
        torch.cuda.empty_cache()


def _alone(device: Device, naive: Callable[[float], object], seconds: float) -> float:
    """Seconds of sound in a second, one clip after the other by the library's own loop."""
    naive(min(seconds, 1.0))  # the first of all pays for what is compiled and allocated
    return seconds / device.seconds(lambda: naive(seconds))


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds of sound in a second, one clip and `many` at once; what share of it is the least time, and gigabytes."""

    one: float
    many: float
    one_floor: float
    many_floor: float
    memory: float | None

    @classmethod
    def of(
        cls, device: Device, model: Model, make: Callable[[int, float], object], seconds: float, batch: int
    ) -> "Rates":
        device.memory()
        one, many = (_took(device, make, clips, seconds) for clips in (1, batch))
        least, least_of_many = (
            device.floor(model.read(clips, seconds), model.work(clips, seconds)) for clips in (1, batch)
        )
        return cls(seconds / one, batch * seconds / many, least / one, least_of_many / many, device.memory())

    @property
    def row(self) -> Row:
        return {
            "one_rate": self.one,
            "batch_rate": self.many,
            "one_floor": self.one_floor,
            "batch_floor": self.many_floor,
            "memory_gb": self.memory,
        }


def _took(device: Device, make: Callable[[int, float], object], clips: int, seconds: float) -> float:
    make(clips, seconds)  # the first of a shape pays for what is captured and allocated
    took = device.seconds(lambda: make(clips, seconds))
    return took if took > BRIEF else min(took, device.seconds(lambda: make(clips, seconds)))


def _story(parts: dict[str, Part]) -> Row:
    whole = reduce(add, parts.values())
    return {
        "model": "story",
        "parameters_m": None,
        "clip_s": round(whole.sound, 1),
        "batch": None,
        "naive_rate": whole.sound / whole.naive,
        "one_rate": None,
        "batch_rate": whole.sound / whole.batched,
        "one_floor": None,
        "batch_floor": whole.least / whole.batched,
        "memory_gb": None,
        "faster": whole.naive / whole.batched,
    }


if __name__ == "__main__":
    main()
