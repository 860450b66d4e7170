from collections.abc import Callable, Iterator, Mapping
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wavagent.mix.opening import Opening, horizon
from wavagent.mix.place import place
from wavagent.mix.premaster import premaster
from wavagent.store import Entry, Store
from wavagent.timeline import Cue, Moment, Timeline

Keep = Callable[..., Entry]

LINES = 12


@pytest.fixture
def entries(keep: Keep) -> dict[str, Entry]:
    lines = {f"l{n}": keep(f"l{n}", 0.5 + (n * 7 % 5) / 3, 300.0 + 20 * n, rate=22_050) for n in range(LINES)}
    beds = {"m": keep("m", 2.3, 200.0, channels=2), "rain": keep("rain", 30.0, 60.0, rate=8_000)}
    return {**lines, **beds, "n": keep("n", 0.4, 2000.0)}


@pytest.fixture
def timeline() -> Timeline:
    """Lines in a hall, music under all of them, rain that ends long before its last line, and a knock before one."""
    end = Moment(f"l{LINES - 1}", "end", 1.0)
    lines = [
        Cue(
            f"l{n}",
            "speech",
            Moment(f"l{n - 1}", "end", 0.3 + n % 3) if n else Moment(offset=0.5),
            clip=f"l{n}",
            space="hall",
            scene="s",
        )
        for n in range(LINES)
    ]
    music = Cue("m", "music", Moment("l0"), clip="m", end=end, loop=True, fade_in=1.5, fade_out=2.5)
    rain = Cue("rain", "ambience", Moment("l2"), clip="rain", end=Moment("l9", offset=-4.0), fade_out=1.0)
    knock = Cue("n", "sound", Moment("l6", "end", -0.3), clip="n")
    return Timeline((lines[0], music, rain, *lines[1:6], knock, *lines[6:]))


def growing(entries: Mapping[str, Entry], order: list[str]) -> Iterator[Mapping[str, Entry]]:
    for known in range(1, len(order) + 1):
        yield {id: entries[id] for id in order[:known]}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_in_whatever_order_clips_are_made_the_openings_join_to_the_premaster(
    timeline: Timeline, entries: dict[str, Entry], store: Store, random: Random
) -> None:
    order = [cue.id for cue in timeline]
    random.shuffle(order)
    heard = np.concatenate(list(Opening(timeline, growing(entries, order), store).blocks()))
    whole = np.concatenate(list(premaster(place(timeline, entries), entries, store).blocks()))
    assert np.array_equal(heard, whole)


def test_in_the_order_of_the_script_most_is_final_early(timeline: Timeline, entries: dict[str, Entry]) -> None:
    bounds = []
    for known in growing(entries, [cue.id for cue in timeline]):
        bounds.append(horizon(timeline, place(timeline, known), known))
    assert bounds == sorted(bounds)
    assert 0 < bounds[4] < bounds[-1] == place(timeline, entries).frames


def test_nothing_is_final_before_the_first_line(timeline: Timeline) -> None:
    assert horizon(timeline, place(timeline, {}), {}) == 0
