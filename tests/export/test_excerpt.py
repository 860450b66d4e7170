from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from wavagent.audio import Samples, Word
from wavagent.export.excerpt import LINGER, excerpt, sample
from wavagent.programme import Mark, Passage, Placed, Programme

Make = Callable[..., Programme]
Place = Callable[..., Placed]


def joined(programme: Programme) -> Samples:
    return np.concatenate(list(programme.blocks()))


def test_excerpts_are_the_programme_but_for_their_faded_edges(programme: Make) -> None:
    whole = programme(4.0)
    sound, fade = joined(whole), 480
    cut = joined(excerpt(whole, 50_000, 120_000))
    assert np.array_equal(cut[fade:-fade], sound[50_000 + fade : 120_000 - fade])
    assert not cut[0].any() and not cut[-1].any()
    assert np.array_equal(joined(excerpt(whole, 0, len(sound))), sound)


def test_silence_before_and_after_moves_what_is_in_between(programme: Make, placed: Place) -> None:
    whole = programme(4.0, placed=(placed(0.5, 1.5, "a"), placed(1.5, 3.0, "b"), placed(3.5, 4.0, "c")))
    part = excerpt(whole, 48_000, 144_000, lead=4800, trail=9600)
    sound = joined(part)
    assert len(sound) == part.frames == 96_000 + 4800 + 9600
    assert not sound[:4800].any() and not sound[-9600:].any()
    assert [(one.cue.text, one.start, one.end) for one in part.placed] == [("a", 4800, 28_800), ("b", 28_800, 100_800)]


@pytest.mark.parametrize(("start", "stop", "titles"), [(0.0, 1.0, ["a"]), (0.5, 2.5, ["a", "b", "c"]), (2, 4, ["c"])])
def test_its_chapters_are_contiguous_and_cover_it(
    programme: Make, start: float, stop: float, titles: list[str]
) -> None:
    whole = programme(4.0, chapters=(Mark("a", 0.0, 1.0), Mark("b", 1.0, 2.0), Mark("c", 2.0, 4.0)))
    part = excerpt(whole, round(start * 48_000), round(stop * 48_000), lead=24_000)
    assert [mark.title for mark in part.chapters] == titles
    assert (part.chapters[0].start, part.chapters[-1].end) == (0.0, part.seconds)
    assert all(one.end == two.start for one, two in zip(part.chapters, part.chapters[1:], strict=False))


def test_what_comes_before_it_is_not_read_where_a_programme_can_start_anywhere(programme: Make) -> None:
    sound = joined(programme(4.0))
    asked = []

    def since(start: int) -> object:
        asked.append(start)
        return iter([sound[start:]])

    part = excerpt(programme(4.0, since=since), 100_000, 110_000)
    assert np.array_equal(joined(part)[480:-480], sound[100_480:109_520])
    assert asked == [100_000]


@pytest.fixture
def story(programme: Make, placed: Place) -> Programme:
    """Lines from 0 to 2, 2.1 to 4, 4 to 5 (cut into at 4.5 until 6), and 9 to 10; music under all."""
    times = [(0.0, 2.0), (2.1, 4.0), (4.0, 5.0), (4.5, 6.0), (9.0, 10.0)]
    lines = tuple(placed(start, end, str(number)) for number, (start, end) in enumerate(times))
    music = placed(0.0, 12.0, "calm", role="music")
    passages = tuple(Passage(f"{one.cue.text}. ", one.cue.id) for one in lines)
    marks = (Mark("a", 0.0, 4.0), Mark("b", 4.0, 12.0))
    return programme(12.0, placed=(lines[0], music, *lines[1:]), chapters=marks, passages=passages)


@pytest.mark.parametrize(
    ("seconds", "stop", "lines"),
    [
        (2.05, 2.05, 1),  # the music falls until the limit
        (3.9, 2.1, 1),  # until the next line
        (5.5, 4.0, 2),  # a line that is cut into has not ended where nobody speaks
        (8.9, 6.0 + LINGER, 4),
        (11.9, 10.0 + LINGER, 5),
    ],
)
def test_a_sample_ends_with_a_line_and_tells_what_is_heard(
    story: Programme, seconds: float, stop: float, lines: int
) -> None:
    part = sample(story, seconds)
    assert part.seconds == pytest.approx(stop, abs=1e-4)
    assert "".join(passage.text for passage in part.passages) == "".join(f"{n}. " for n in range(lines))
    sound = joined(part)
    assert len(sound) == part.frames and not sound[-1].any()
    assert part.chapters[-1].end == part.seconds


def test_a_sample_of_what_is_shorter_is_all_of_it(story: Programme) -> None:
    assert sample(story, 12.0) is story


def test_where_no_line_ends_in_time_a_sample_ends_in_one(story: Programme) -> None:
    assert sample(story, 1.0).seconds == 1.0


def test_a_line_cut_at_its_beginning_has_no_times_of_words(story: Programme) -> None:
    timed = replace(story, placed=tuple(replace(one, words=(Word(0.0, 0.5, 0, 1),)) for one in story.placed))
    part = excerpt(timed, 48_000, 4 * 48_000)
    assert [bool(one.words) for one in part.placed if one.cue.role == "speech"] == [False, True]
