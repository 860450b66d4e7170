from collections.abc import Callable

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.export.edge import edged, sounding
from wavagent.programme import Mark, Programme

Make = Callable[..., Programme]


def between(before: float, after: float, rate: int = 48_000) -> Samples:
    """A second of tone with so much near silence before and after it."""
    tone = 0.1 * np.sin(np.arange(rate) * 0.05)
    hiss = np.random.default_rng(1).standard_normal(round((before + after) * rate)) * 1e-4
    sound = np.concatenate([hiss[: round(before * rate)], tone, hiss[round(before * rate) :]])
    return np.stack([sound, sound], 1).astype(np.float32)


@pytest.mark.parametrize(("before", "after"), [(0.0, 0.0), (0.2, 3.0), (5.0, 0.5)])
def test_what_is_missing_is_added_and_what_is_too_long_is_cut(programme_of: Make, before: float, after: float) -> None:
    whole = programme_of(between(before, after), chapters=(Mark("a", 0.0, before + 1.0 + after),))
    made = edged(whole, 0.75, 2.0)
    first, last = sounding(made)
    assert first / 48_000 == pytest.approx(0.75, abs=0.011)
    assert (made.frames - last) / 48_000 == pytest.approx(2.0, abs=0.011)
    assert sum(map(len, made.blocks())) == made.frames == round(made.chapters[-1].end * 48_000)


@pytest.mark.parametrize("block", [100, 479, 100_000])
def test_where_it_sounds_does_not_depend_on_the_blocks(programme_of: Make, block: int) -> None:
    assert sounding(programme_of(between(0.203, 0.1), block=block)) == (round(0.20 * 48_000), round(1.21 * 48_000))


def test_silence_stays_as_it_is(programme_of: Make) -> None:
    silent = programme_of(np.zeros((9_999, 2), np.float32))
    assert sounding(silent) == (0, 0)
    assert edged(silent, 1.0, 1.0) is silent
