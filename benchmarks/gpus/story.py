"""How long the device is busy for a story of 200 lines, one call at a time and as this project batches it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.gpus.card import Device
from benchmarks.gpus.model import Model

STORY = {"dia": 200, "musicgen-small": 10, "audioldm2": 40}
"""How many clips of which model a story takes."""

TIMED = 5
"""Calls, or batches, of a kind that are timed; the others take as long for their length."""


@dataclass(frozen=True, slots=True)
class Part:
    """All clips of one kind in a story: their seconds, how long they take both ways, and the least that they would."""

    sound: float
    naive: float
    batched: float
    least: float

    def __add__(self, other: "Part") -> "Part":
        return Part(
            self.sound + other.sound,
            self.naive + other.naive,
            self.batched + other.batched,
            self.least + other.least,
        )


def part(device: Device, name: str, model: Model, small: bool) -> Part:
    """The clips that a story has of the model `name`."""
    lengths = _lengths(name, model.seconds, STORY[name] // 50 + 2 if small else STORY[name])
    groups = [lengths[start : start + model.batch] for start in range(0, len(lengths), model.batch)]
    alone = model.naive or (lambda seconds: model.make(1, seconds))
    return Part(
        sum(lengths),
        _timed(device, [[length] for length in lengths], lambda clips: alone(clips[0])),
        _timed(device, groups, lambda clips: model.make(len(clips), max(clips))),
        sum(
            device.floor(model.read(len(clips), max(clips)), sum(model.work(1, each) for each in clips))
            for clips in groups
        ),
    )


def _lengths(name: str, usual: float, clips: int) -> list[float]:
    """Seconds, the shortest first: lines differ as those of stories do, music and sounds are all as long."""
    import numpy as np

    draw = np.random.default_rng(1)
    scale = draw.lognormal(-0.3, 0.6, clips) if name == "dia" else np.ones(clips)
    return sorted(float(length) for length in np.clip(scale * usual, usual / 4, 3 * usual))


def _timed(device: Device, calls: Sequence[list[float]], make: Callable[[list[float]], object]) -> float:
    """The seconds that all `calls` take, from those of some of them, no two as long, evenly chosen by length."""
    differing = list({max(call): call for call in reversed(calls)}.values())[::-1]
    step = max(1, len(differing) // TIMED)
    chosen = differing[step // 2 :: step][:TIMED]
    took = sum(device.seconds(lambda call=call: make(call)) for call in chosen)  # type: ignore[misc]
    return took * sum(map(max, calls)) / sum(map(max, chosen))
