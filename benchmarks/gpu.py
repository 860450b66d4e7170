"""How fast the experts' models are at their published sizes: `python -m benchmarks.gpu [--small] [--json]`.

Random weights, made on the device: nothing is downloaded, and speed does not depend on the values. `one_rate` is how
many seconds of sound are made in a second of the device when clips are made one at a time, and `batch_rate` when
`batch` of them are made at once; `one_floor` and `batch_floor` are the least time over the time it took. The least is
what reading the weights for every step takes at the device's measured bandwidth, or the arithmetic at its measured
speed, whichever is more. Rows that end in "graph" are MusicGen's decoder alone, as one CUDA graph. The row "story" is a
story of 200 lines with its music and sounds: how long the device is busy one call at a time (from a sample of the calls
of each kind) and in batches of like length. On a CPU, figures say only that all runs; --small makes toys of the models.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.gpus.card import Device
from benchmarks.gpus.graph import Step
from benchmarks.gpus.models import MODELS, Model, built
from benchmarks.report import Row, report

STORY = {"dia": 200, "musicgen-small": 10, "audioldm2": 40}
"""How many clips of which model a story takes."""


def main() -> None:
    import torch

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--small", action="store_true", help="toys instead of models, to see that all runs")
    options.add_argument("--models", default=",".join(MODELS), help="which of them, with commas between")
    asked = options.parse_args()
    with torch.inference_mode():
        rows = list(_rows(Device.here(asked.small), asked.models.split(","), asked.small))
    report("gpu", rows, asked.json)


def _rows(device: Device, names: Sequence[str], small: bool) -> Iterator[Row]:
    import torch

    parts = []
    for name in names:
        model = built(name, device, small)
        yield _row(device, name, model, 2 if small else model.batch)
        if model.whole is not None:
            yield from (_graph(device, name, model, rows) for rows in ((1,) if small else (1, 8)))
        if name in STORY:
            parts.append(_part(device, name, model, small))
        del model
        if device.kind == "cuda":
            torch.cuda.empty_cache()
    if len(parts) == len(STORY):
        yield _whole(device, parts)


def _row(device: Device, name: str, model: Model, batch: int) -> Row:
    for clips in (1, batch):
        model.make(clips, model.seconds)  # the first of a shape pays for what is compiled and allocated
    device.memory()
    alone = device.seconds(lambda: model.make(1, model.seconds))
    together = device.seconds(lambda: model.make(batch, model.seconds))
    read, work = model.read(model.seconds), model.work(model.seconds)
    return {
        "model": name,
        "device": device.name,
        "copy_gb_s": device.bandwidth / 1e9,
        "multiply_tflops": device.arithmetic / 1e12,
        "parameters_m": round(model.parameters / 1e6, 1),
        "batch": batch,
        "clip_s": model.seconds,
        "one_rate": model.seconds / alone,
        "batch_rate": batch * model.seconds / together,
        "faster": batch * alone / together,
        "one_floor": device.floor(read, work) / alone,
        "batch_floor": device.floor(read, batch * work) / together,
        "memory_gb": device.memory(),
    }


def _graph(device: Device, name: str, model: Model, rows: int) -> Row:
    """The decoder as one graph, `rows` pieces at once, against the same model's `generate`."""
    import torch

    decoder, steps = model.whole.decoder, round(50 * model.seconds) + 4
    told = torch.randn(2 * rows, 24, decoder.config.hidden_size, device=device.kind).to(device.dtype)
    draw = Step(decoder, told, steps).captured()
    took = device.seconds(lambda: [draw() for _ in range(steps)])
    alone = device.seconds(lambda: model.make(1, model.seconds))
    floor = device.floor(model.read(model.seconds), rows * model.work(model.seconds))
    return {
        "model": f"{name}, graph",
        "device": device.name,
        "copy_gb_s": device.bandwidth / 1e9,
        "multiply_tflops": device.arithmetic / 1e12,
        "parameters_m": round(sum(weights.numel() for weights in decoder.parameters()) / 1e6, 1),
        "batch": rows,
        "clip_s": model.seconds,
        "one_rate": model.seconds / alone,
        "batch_rate": rows * model.seconds / took,
        "faster": rows * alone / took,
        "one_floor": device.floor(model.read(model.seconds), model.work(model.seconds)) / alone,
        "batch_floor": floor / took,
        "memory_gb": device.memory(),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """All clips of one kind in a story: their seconds, and how long they take one at a time and in batches."""

    sound: float
    one: float
    batched: float
    least: float


def _part(device: Device, name: str, model: Model, small: bool) -> Part:
    import numpy as np

    count = STORY[name] // 50 + 2 if small else STORY[name]
    draw = np.random.default_rng(1)
    scale = draw.lognormal(-0.3, 0.6, count) if name == "dia" else np.ones(count)
    lengths = sorted(float(length) for length in np.clip(scale * model.seconds, model.seconds / 4, 3 * model.seconds))
    batch = 2 if small else model.batch
    groups = [lengths[start : start + batch] for start in range(0, count, batch)]
    sample = lengths[:: max(1, count // 10)]
    one = sum(_took(device, model, [length]) for length in sample) / len(sample)
    batched = sum(_took(device, model, group) for group in groups)
    least = sum(device.floor(model.read(group[-1]), sum(model.work(length) for length in group)) for group in groups)
    return Part(sum(lengths), one * count, batched, least)


def _took(device: Device, model: Model, lengths: Sequence[float]) -> float:
    """The seconds that a batch takes, all of it as long as the longest."""
    return device.seconds(lambda: model.make(len(lengths), max(lengths)))


def _whole(device: Device, parts: Sequence[Part]) -> Row:
    sound, one, batched, least = (
        sum(getattr(part, what) for part in parts) for what in ("sound", "one", "batched", "least")
    )
    return {
        "model": "story",
        "device": device.name,
        "copy_gb_s": device.bandwidth / 1e9,
        "multiply_tflops": device.arithmetic / 1e12,
        "parameters_m": None,
        "batch": None,
        "clip_s": round(sound, 1),
        "one_rate": sound / one,
        "batch_rate": sound / batched,
        "faster": one / batched,
        "one_floor": least / one,
        "batch_floor": least / batched,
        "memory_gb": None,
    }


if __name__ == "__main__":
    main()
