"""Where segments are cut, and what moves a cut."""

from dataclasses import replace

import pytest

from wavagent.audio import RATE
from wavagent.mix.place import GRID, Layout, place
from wavagent.mix.premaster import ducking
from wavagent.mix.segment import LONGEST, Segment, segments
from wavagent.store import Entry
from wavagent.timeline import Cue, Moment, Timeline


def entry(number: int, seconds: float) -> Entry:
    return Entry(f"{number:064x}", RATE, round(seconds * RATE), 1)


def lines(*seconds: float) -> tuple[Timeline, dict[str, Entry]]:
    """Lines of these lengths, 0.3 s apart."""
    cues = [Cue("l0", "speech", Moment(offset=0.5), clip="l0", scene="s")]
    cues += [
        Cue(f"l{n}", "speech", Moment(f"l{n - 1}", "end", 0.3), clip=f"l{n}", scene="s") for n in range(1, len(seconds))
    ]
    return Timeline(tuple(cues)), {f"l{n}": entry(n, length) for n, length in enumerate(seconds)}


def cut(layout: Layout, entries: dict[str, Entry]) -> list[Segment]:
    return list(segments(layout, entries, ducking(layout)))


@pytest.fixture
def nothing_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wavagent.mix.segment._picked", lambda id: False)


@pytest.mark.usefixtures("nothing_picked")
def test_a_long_stretch_is_cut_where_a_line_starts() -> None:
    timeline, entries = lines(*[2.7] * 40)
    layout = place(timeline, entries)
    starts = {one.start for one in layout.placed}
    found = cut(layout, entries)
    assert all(segment.start in starts for segment in found[1:])
    assert all(LONGEST - 3.1 * RATE < one.stop - one.start <= LONGEST for one in found[1:-1])


@pytest.mark.usefixtures("nothing_picked")
def test_every_line_of_a_long_stretch_lies_in_one_segment() -> None:
    timeline, entries = lines(*[2.7, 1.1, 6.2, 0.4, 3.3] * 20)
    found = cut(place(timeline, entries), entries)
    assert sum(len(segment.cues) for segment in found) == 100


@pytest.mark.usefixtures("nothing_picked")
def test_a_line_longer_than_a_segment_is_cut_all_the_same() -> None:
    timeline, entries = lines(40.0, 2.0)
    found = cut(place(timeline, entries), entries)
    assert max(segment.stop - segment.start for segment in found) == LONGEST
    assert all(segment.start % GRID == 0 for segment in found)


def test_another_clip_of_the_same_length_changes_one_key() -> None:
    timeline, entries = lines(*[2.7] * 40)
    before = cut(place(timeline, entries), entries)
    for line in range(40):
        other = {**entries, f"l{line}": entry(1000 + line, 2.7)}
        after = cut(place(timeline, other), other)
        assert sum(a.key != b.key for a, b in zip(before, after, strict=True)) == 1


def test_a_longer_clip_moves_no_cut_after_the_next_one_that_is_picked() -> None:
    timeline, entries = lines(*[2.7] * 40)
    before = {segment.key for segment in cut(place(timeline, entries), entries)}
    other = {**entries, "l20": entry(1000, 3.1)}
    after = cut(place(timeline, other), other)
    assert 1 <= len([segment for segment in after if segment.key not in before]) <= 4


def test_the_levels_of_another_cue_change_its_key() -> None:
    timeline, entries = lines(2.0)
    before = cut(place(timeline, entries), entries)
    louder = replace(timeline, cues=(replace(timeline.cues[0], gain=1.0),))
    assert cut(place(louder, entries), entries)[-1].key != before[-1].key
