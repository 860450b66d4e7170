import pytest

from wavagent.audio import RATE, Word
from wavagent.mix.place import GRID, place
from wavagent.store import Entry
from wavagent.timeline import Chapter, Cue, Moment, Role, Timeline


def entry(seconds: float, rate: int = 22_050, words: tuple[Word, ...] = ()) -> Entry:
    return Entry("0" * 64, rate, round(seconds * rate), 1, words)


def cue(id: str, start: Moment, role: Role = "speech", **rest: object) -> Cue:
    return Cue(id, role, start, clip=id, **rest)  # type: ignore[arg-type]


def spans(timeline: Timeline, entries: dict[str, Entry]) -> dict[str, tuple[float, float]]:
    return {p.cue.id: (p.start / RATE, p.end / RATE) for p in place(timeline, entries).placed}


def test_lines_follow_each_other_with_the_pause_that_was_asked_for() -> None:
    timeline = Timeline((cue("a", Moment(offset=0.5)), cue("b", Moment("a", "end", 0.35))))
    found = spans(timeline, {"a": entry(1.0), "b": entry(2.0)})
    assert found["a"] == (0.5, 1.5)
    assert found["b"] == pytest.approx((1.85, 3.85), abs=0.005)


def test_the_foreground_starts_on_the_grid_and_is_off_by_less_than_10_ms() -> None:
    timeline = Timeline((cue("a", Moment(offset=0.5)), cue("b", Moment("a", "end", 0.333))))
    placed = place(timeline, {"a": entry(1.2345), "b": entry(1.0)}).placed
    assert all(one.start % GRID == 0 for one in placed)
    assert abs((placed[1].start - placed[0].end) / RATE - 0.333) <= 0.005


def test_a_word_anchor_is_exact_to_the_sample() -> None:
    words = (Word(0.0, 0.3, 0, 3), Word(0.3123, 0.8, 4, 8))
    timeline = Timeline(
        (cue("a", Moment(offset=0.5), text="The door"), cue("bang", Moment("a", "word", -0.02, 4), "sound"))
    )
    placed = {p.cue.id: p for p in place(timeline, {"a": entry(1.0, words=words), "bang": entry(0.5)}).placed}
    assert placed["bang"].start == placed["a"].start + round(0.3123 * RATE) - round(0.02 * RATE)


def test_without_word_times_a_word_is_placed_in_proportion() -> None:
    timeline = Timeline((cue("a", Moment(), text="abcdefghij"), cue("bang", Moment("a", "word", 0.0, 5), "sound")))
    assert spans(timeline, {"a": entry(2.0), "bang": entry(0.5)})["bang"][0] == pytest.approx(1.0, abs=0.001)


def test_without_word_times_the_proportion_is_that_of_what_is_said() -> None:
    """Anchors count the characters of the spoken form: here 24, of which the caption shows 4."""
    line = cue("a", Moment(), text="1895", said="eighteen hundred and ...")
    timeline = Timeline((line, cue("bang", Moment("a", "word", 0.0, 12), "sound")))
    assert spans(timeline, {"a": entry(2.0), "bang": entry(0.5)})["bang"][0] == pytest.approx(1.0, abs=0.001)


def test_a_line_enters_a_bed_that_ends_with_the_line() -> None:
    bed = cue("m", Moment("a"), "music", end=Moment("b", "end", 1.0), loop=True)
    timeline = Timeline((cue("a", Moment(offset=0.5)), bed, cue("b", Moment("m", offset=4.0))))
    found = spans(timeline, {"a": entry(2.0), "b": entry(1.0), "m": entry(3.0)})
    assert found == {"a": (0.5, 2.5), "m": (0.5, 6.5), "b": (4.5, 5.5)}


def test_a_line_keeps_the_times_of_its_words() -> None:
    words = (Word(0.0, 0.3, 0, 3),)
    (placed,) = place(Timeline((cue("a", Moment(), text="The"),)), {"a": entry(1.0, words=words)}).placed
    assert placed.words == words


def test_a_bed_lasts_to_its_end_and_a_timed_bed_its_seconds() -> None:
    timeline = Timeline(
        (
            cue("a", Moment(offset=1.0)),
            cue("rain", Moment("a"), "ambience", end=Moment("a", "end", 1.0), loop=True),
            cue("theme", Moment("a", offset=-0.5), "music", seconds=3.0, loop=True),
        )
    )
    found = spans(timeline, {"a": entry(4.0), "rain": entry(8.0), "theme": entry(2.0)})
    assert found["rain"] == (1.0, 6.0)
    assert found["theme"] == (0.5, 3.5)


def test_nothing_starts_before_the_story() -> None:
    assert spans(Timeline((cue("a", Moment(offset=-3.0)),)), {"a": entry(1.0)})["a"] == (0.0, 1.0)


def test_chapters_are_contiguous_and_cover_the_whole() -> None:
    timeline = Timeline(
        (cue("a", Moment(offset=0.5)), cue("b", Moment("a", "end", 1.0)), cue("c", Moment("b", "end", 1.0))),
        (Chapter("One", "a"), Chapter("Two", "c")),
    )
    layout = place(timeline, {id: entry(2.0) for id in "abc"})
    assert [mark.title for mark in layout.chapters] == ["One", "Two"]
    assert layout.chapters[0].start == 0.0
    assert layout.chapters[0].end == layout.chapters[1].start == 6.5
    assert layout.chapters[-1].end == layout.frames / RATE


def test_a_long_foreword_is_a_chapter_of_its_own() -> None:
    timeline = Timeline((cue("a", Moment()), cue("b", Moment("a", "end"))), (Chapter("One", "b"),), title="The Story")
    layout = place(timeline, {"a": entry(20.0), "b": entry(1.0)})
    assert [(mark.title, mark.start) for mark in layout.chapters] == [("The Story", 0.0), ("One", 20.0)]


def test_an_empty_timeline_is_its_silence() -> None:
    layout = place(Timeline(head=0.5, tail=2.0), {})
    assert layout.frames == round(2.5 * RATE)
