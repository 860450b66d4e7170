from collections.abc import Callable

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.export.excerpt import excerpt
from wavagent.programme import Mark, Placed, Programme

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
