import pytest

from wavagent.errors import ScriptError
from wavagent.timeline import Cue, Moment, Timeline


def test_cues_come_after_those_they_are_placed_by() -> None:
    bed = Cue("m", "music", Moment("a"), end=Moment("b", "end"))
    timeline = Timeline((bed, Cue("b", "speech", Moment("a", "end")), Cue("a", "speech", Moment())))
    assert bed.needs == {("m", "start"): {("a", "start")}, ("m", "end"): {("m", "start"), ("b", "end")}}
    order = list(timeline.points())
    assert [point for point in order if point[0] != "m"] == [("a", "start"), ("a", "end"), ("b", "start"), ("b", "end")]
    assert order.index(("m", "start")) > order.index(("a", "start")) and order[-1] == ("m", "end")
    assert [cue.id for cue in timeline] == ["m", "b", "a"]


def test_a_cue_placed_by_nothing_is_refused() -> None:
    with pytest.raises(ScriptError, match="'a' waits for 'x', which is not in the story"):
        Timeline((Cue("a", "speech", Moment("x")),))


def test_cues_that_wait_for_each_other_are_shown() -> None:
    with pytest.raises(ScriptError, match=r"in a circle: a -> b -> a; give one of them another anchor|b -> a -> b"):
        Timeline((Cue("a", "speech", Moment("b")), Cue("b", "music", Moment("a", "end"))))


def test_a_line_may_wait_for_a_bed_to_begin_that_waits_for_the_line_to_end() -> None:
    timeline = Timeline((Cue("a", "speech", Moment("b")), Cue("b", "music", Moment(), end=Moment("a", "end"))))
    points = [("b", "start"), ("a", "start"), ("a", "end"), ("b", "end")]
    assert list(timeline.points()) == points


def test_a_word_is_known_with_the_end_of_its_line() -> None:
    cue = Cue("n", "sound", Moment("a", "word", at=3))
    assert cue.needs["n", "start"] == {("a", "end")}
