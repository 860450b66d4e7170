from wavagent.audio import Word
from wavagent.export.heard import heard
from wavagent.programme import Placed
from wavagent.timeline import Cue, Moment


def line(said: str, *words: Word) -> Placed:
    return Placed(Cue("a", "speech", Moment(), clip="a", text="", said=said), 1000, 11_000, words)


def test_a_word_is_heard_when_what_is_said_for_it_is() -> None:
    spoken = line("Mister X, eighteen ninety five", Word(0, 1, 0, 6), Word(2, 3, 7, 8), Word(4, 5, 10, 18))
    assert list(heard("Mr. X, 1895", spoken, 1000)) == [(0, 2, 1000), (4, 5, 3000), (7, 11, 5000)]


def test_times_never_go_back_nor_past_the_line() -> None:
    spoken = line("a b c", Word(3, 4, 0, 1), Word(1, 2, 2, 3), Word(99, 100, 4, 5))
    assert [frame for _, _, frame in heard("a b c", spoken, 1000)] == [4000, 4000, 11_000]


def test_without_times_nothing_is_known() -> None:
    assert list(heard("a b c", line("a b c"), 1000)) == []


def test_what_is_not_said_for_itself_comes_with_the_word_before() -> None:
    spoken = line("a", Word(0.5, 1, 0, 1))
    assert list(heard("a b", spoken, 1000)) == [(0, 1, 1500), (2, 3, 1500)]
