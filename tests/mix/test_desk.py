"""What a desk sums, and what it holds."""

import weakref

import numpy as np

from wavagent.audio import RATE, Audio, Samples
from wavagent.mix.desk import BLOCK, Desk
from wavagent.mix.rack import Rack
from wavagent.mix.segment import Segment
from wavagent.mix.strip import Metered
from wavagent.programme import Placed
from wavagent.timeline import Cue, Moment


def bed(name: str, start: int, end: int) -> Placed:
    return Placed(Cue(name, "ambience", Moment(), clip=name, loop=True), start, end)


def one_after_the_other() -> Segment:
    """Two beds in one segment, with more than a block between them."""
    first, second = bed("a", 0, 4 * BLOCK), bed("b", 6 * BLOCK, 8 * BLOCK)
    return Segment(0, 9 * BLOCK, (first, second), "")


def noise(call: str) -> Metered:
    samples = np.random.default_rng(ord(call)).standard_normal((RATE, 2)).astype(np.float32)
    return Metered(Audio(samples * np.float32(0.1), RATE), -20.0)


def test_a_bed_that_is_over_is_let_go_before_the_next_is_made() -> None:
    kept: dict[str, weakref.ref[Samples]] = {}
    alive: dict[str, list[str]] = {}

    def source(call: str) -> Metered:
        alive[call] = [name for name, clip in kept.items() if clip() is not None]
        made = noise(call)
        kept[call] = weakref.ref(made.audio.samples)
        return made

    Desk(Rack(source), {}).mix(one_after_the_other())
    assert alive == {"a": [], "b": []}


def test_a_clip_is_not_made_before_it_sounds() -> None:
    asked: list[str] = []

    def source(call: str) -> Metered:
        asked.append(call)
        return noise(call)

    segment = one_after_the_other()
    Desk(Rack(source), {}).mix(Segment(0, 5 * BLOCK, segment.cues, ""))
    assert asked == ["a"]


def test_a_segment_mixed_in_two_is_the_segment() -> None:
    segment = one_after_the_other()
    whole = Desk(Rack(noise), {}).mix(segment)
    desk, cut = Desk(Rack(noise), {}), 6 * BLOCK + 4800
    halves = [Segment(0, cut, segment.cues, ""), Segment(cut, segment.stop, segment.cues[1:], "")]
    assert np.array_equal(np.concatenate([desk.mix(half) for half in halves]), whole)
    assert whole[: 4 * BLOCK].any() and whole[6 * BLOCK : 8 * BLOCK].any() and not whole[8 * BLOCK :].any()
