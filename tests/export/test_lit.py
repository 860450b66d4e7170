from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Word
from wavagent.export.lit import lit
from wavagent.programme import Passage, Placed, Programme
from wavagent.text import words
from wavagent.timeline import Cue, Moment

RATE = 48_000


def programme(text: str, said: str, times: tuple[Word, ...], seconds: float = 10.0) -> Programme:
    """One line, two seconds after the start."""
    cue = Cue("a", "speech", Moment(), clip="a", text=text, said=said)
    placed = Placed(cue, 2 * RATE, round((2 + seconds) * RATE), times)
    return Programme(14 * RATE, lambda: iter(()), (placed,), passages=(Passage(text, "a"), Passage("\n\n")))


def evenly(said: str, step: float = 0.5) -> tuple[Word, ...]:
    """A word every half second."""
    return tuple(Word(n * step, (n + 1) * step, *span) for n, span in enumerate(words(said)))


def lit_by_word(text: str, said: str) -> list[tuple[str, float | None]]:
    told = programme(text, said, evenly(said))
    return [(one.text, None if one.frame is None else one.frame / RATE) for one in lit(told, by_word=True)]


def test_every_word_is_lit_with_what_opens_and_closes_it() -> None:
    text = "“Who — is\nthere?” asked Mary.\n"
    assert lit_by_word(text, "Who is there? asked Mary.") == [
        ("“Who — ", 2.0),
        ("is\n", 2.5),
        ("there?” ", 3.0),
        ("asked ", 3.5),
        ("Mary.\n", 4.0),
        ("\n\n", None),
    ]


def test_a_quotation_opens_with_its_first_word() -> None:
    assert [text for text, _ in lit_by_word("He said “No”—“Yes”", "He said No Yes")] == [
        "He ",
        "said ",
        "“No",
        "”—“Yes”",
        "\n\n",
    ]


def test_words_that_are_said_otherwise_are_lit_when_they_are_said() -> None:
    found = lit_by_word("Mr. X came in 1895 alone", "Mister X came in eighteen ninety five alone")
    assert found[:-1] == [("Mr. ", 2.0), ("X ", 2.5), ("came ", 3.0), ("in ", 3.5), ("1895 ", 4.0), ("alone", 5.5)]


def test_without_times_or_unasked_a_line_is_lit_as_one() -> None:
    for told, by_word in ((programme("a b", "a b", ()), True), (programme("a b", "a b", evenly("a b")), False)):
        assert [one.text for one in lit(told, by_word)] == ["a b", "\n\n"]


def test_times_after_the_end_of_the_line_light_nothing() -> None:
    told = programme("a b c", "a b c", evenly("a b c"), seconds=0.7)
    assert [one.text for one in lit(told, True)] == ["a ", "b c", "\n\n"]


@given(
    st.text("ab '’-—“”.\n1", max_size=40),
    st.text("ab '1", max_size=40),
    st.lists(st.floats(0.0, 12.0), max_size=8),
    st.booleans(),
)
def test_the_text_stays_as_it_is_and_times_go_forward(text: str, said: str, starts: list[float], by_word: bool) -> None:
    times = tuple(Word(start, start + 0.1, n * 3, n * 3 + 2) for n, start in enumerate(starts))
    found = list(lit(programme(text, said, times), by_word))
    assert "".join(one.text for one in found) == text + "\n\n"
    frames = [one.frame for one in found if one.frame is not None]
    assert frames == sorted(set(frames)) and all(2 * RATE <= frame < 12 * RATE for frame in frames)
