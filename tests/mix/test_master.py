from collections.abc import Callable

import numpy as np
import pytest

from wavagent.audio import RATE, Samples
from wavagent.dsp.gain import decibels
from wavagent.dsp.loudness import Loudness
from wavagent.dsp.truepeak import true_peak
from wavagent.mix.master import CLOSE, gain_for, mastered
from wavagent.mix.place import place
from wavagent.mix.premaster import Premaster, premaster
from wavagent.store import Entry, Store
from wavagent.timeline import Cue, Moment, Timeline

Keep = Callable[..., Entry]


@pytest.fixture
def mixed(keep: Keep, store: Store) -> Premaster:
    """A line, and bangs 10 dB over it that a limiter has to hold."""
    entries = {"a": keep("a", 8.0), "b": keep("b", 0.3, 1500.0, level=0.9)}
    bangs = tuple(Cue(f"b{n}", "sound", Moment("a", offset=n), clip="b", gain=12.0) for n in range(1, 7))
    timeline = Timeline((Cue("a", "speech", Moment(), clip="a"), *bangs))
    return premaster(place(timeline, entries), entries, store)


def master(mixed: Premaster, gain: float, ceiling: float) -> Samples:
    return np.concatenate(list(mastered(mixed, gain, ceiling)))


@pytest.mark.parametrize(("target", "ceiling"), [(-16.0, -1.5), (-23.0, -1.0), (-14.0, -2.0)])
def test_a_master_has_its_loudness_and_keeps_its_ceiling(mixed: Premaster, target: float, ceiling: float) -> None:
    sound = master(mixed, gain_for(mixed, target, ceiling), ceiling)
    assert Loudness.of(sound, RATE).integrated == pytest.approx(target, abs=2 * CLOSE)
    assert decibels(true_peak(sound)) <= ceiling + 0.1


def test_a_master_is_as_long_as_its_mix(mixed: Premaster) -> None:
    assert len(master(mixed, 3.0, -1.0)) == mixed.frames


def test_below_the_ceiling_a_master_is_the_mix_times_its_gain(mixed: Premaster) -> None:
    whole = np.concatenate(list(mixed.blocks()))
    assert np.array_equal(master(mixed, -20.0, -1.0), whole * np.float32(10 ** (-20.0 / 20)))


def test_silence_is_given_no_gain(keep: Keep, store: Store) -> None:
    entries = {"a": keep("a", 2.0, level=0.0)}
    silent = premaster(place(Timeline((Cue("a", "speech", Moment(), clip="a"),)), entries), entries, store)
    assert gain_for(silent, -16.0, -1.0) == 0.0
