import pytest

from wavagent.errors import ScriptError
from wavagent.timeline import Cue, Moment, Timeline


def test_cues_come_after_those_they_are_placed_by() -> None:
    bed = Cue("m", "music", Moment("a"), end=Moment("b", "end"))
    timeline = Timeline((bed, Cue("b", "speech", Moment("a", "end")), Cue("a", "speech", Moment())))
    assert bed.needs == {"a", "b"}
    assert list(timeline.sorter().static_order()) == ["a", "b", "m"]
    assert [cue.id for cue in timeline] == ["m", "b", "a"]


def test_a_cue_placed_by_nothing_is_refused() -> None:
    with pytest.raises(ScriptError, match="'a' waits for 'x', which is not in the story"):
        Timeline((Cue("a", "speech", Moment("x")),))


def test_cues_that_wait_for_each_other_are_shown() -> None:
    with pytest.raises(ScriptError, match=r"in a circle: a -> b -> a; give one of them another anchor|b -> a -> b"):
        Timeline((Cue("a", "speech", Moment("b")), Cue("b", "music", Moment(), end=Moment("a", "end"))))
