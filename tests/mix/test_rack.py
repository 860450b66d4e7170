"""Strips that desks share."""

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from wavagent.audio import RATE, Audio
from wavagent.mix.rack import Rack, Slot
from wavagent.mix.strip import Metered, Strip
from wavagent.programme import Placed
from wavagent.timeline import Cue, Moment

BED = Placed(Cue("rain", "ambience", Moment(), clip="rain", loop=True), 0, 10 * RATE)


class Counting:
    """A source that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, call: str) -> Metered:
        self.asked.append(call)
        noise = np.random.default_rng(1).standard_normal((RATE, 2)).astype(np.float32)
        return Metered(Audio(noise * np.float32(0.1), RATE), -20.0)


def test_desks_that_want_a_strip_at_once_get_one() -> None:
    source, workers = Counting(), 4
    rack, ready = Rack(source), Barrier(workers)

    def want(_: int) -> tuple[Slot, Strip]:
        ready.wait(10.0)
        slot = rack.slot(BED)
        return slot, slot.strip

    with ThreadPoolExecutor(workers) as threads:
        found = list(threads.map(want, range(workers)))
    assert source.asked == ["rain"]
    assert len({id(strip) for _, strip in found}) == 1


def test_a_strip_that_nobody_holds_is_let_go_and_made_again() -> None:
    source = Counting()
    rack = Rack(source)
    slot = rack.slot(BED)
    assert rack.slot(BED).strip is slot.strip
    del slot
    gc.collect()
    assert rack.slot(BED).strip.placed is BED
    assert source.asked == ["rain", "rain"]


def test_a_clip_that_is_gone_is_asked_for_again_by_the_next() -> None:
    def gone(call: str) -> Metered:
        raise KeyError(call)

    slot = Rack(gone).slot(BED)
    for _ in range(2):
        with pytest.raises(KeyError, match="rain"):
            slot.strip  # noqa: B018
