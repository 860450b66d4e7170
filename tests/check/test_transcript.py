"""What was heard beside what should be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.check.normal import cardinal, normal
from wavagent.check.transcript import compare, doubt, hear

TEXT = "It was a dark and stormy night, and Mr. Smith rode out at 5 to find his 21 horses."
WORDS = st.lists(st.sampled_from(["the", "cat", "sat", "mat", "dog", "ran", "fell"]), max_size=12)


@pytest.mark.parametrize(
    ("text", "heard", "language"),
    [
        ("Mr. Smith, in 1895!", "mister smith in eighteen ninety-five", "en"),
        ("Mister Smith in 18 95", "Mr. Smith in 1895.", "en"),
        ("I don’t know; to-day is fine.", "I don't know. Today is fine", "en"),
        ("It cost 1,250 pounds, or £5.", "it cost one thousand two hundred fifty pounds or five pounds", "en"),
        ("some one came any way", "someone came anyway", "en"),
        ("Élan, café, naïve", "elan cafe naive", "fr"),
        ("Er kam um 12 Uhr, d.h. mittags.", "Er kam um zwölf Uhr, das heißt mittags.", "de"),
        ("我到店里，说：好。", "我到店里说好", "zh"),
        ("„Straße“", "strasse", "de"),
    ],
)
def test_what_sounds_alike_is_no_error(text: str, heard: str, language: str) -> None:
    assert hear([text], heard, language).errors == 0


def test_the_nearer_of_two_texts_counts() -> None:
    assert hear(["Chumley came", "Cholmondeley came"], "Cholmondeley came").errors == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "zero"), (13, "thirteen"), (42, "forty two"), (100, "one hundred"), (1_250, "one thousand two hundred fifty")],
)
def test_numbers_are_said(number: int, said: str) -> None:
    assert cardinal(number) == said


@given(st.text(max_size=60), st.sampled_from(["en", "de", "zh", "fr"]))
def test_any_text_is_itself(text: str, language: str) -> None:
    words = normal(text, language)
    assert compare(words, words).errors == 0


@given(WORDS, WORDS)
def test_errors_are_those_that_jiwer_counts(said: list[str], heard: list[str]) -> None:
    jiwer = pytest.importorskip("jiwer")
    if said:
        found = jiwer.process_words(" ".join(said), " ".join(heard))
        assert compare(said, heard).errors == found.substitutions + found.deletions + found.insertions


@given(WORDS, WORDS)
def test_errors_are_a_distance(said: list[str], heard: list[str]) -> None:
    found = compare(said, heard)
    assert abs(len(said) - len(heard)) <= found.errors <= max(len(said), len(heard))
    assert found.errors == compare(heard, said).errors
    assert max(len(found.lost), len(found.new)) <= found.errors


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("It was a dark and stormy night and mister smith rode out at five to find his twenty one horses", None),
        ("It was a bark and stormy night and mister Smythe rode out at five to find his 21 horses", None),
        ("It was a dark and stormy night", "truncation"),
        ("", "truncation"),
        (TEXT + " to find his horses to find his horses to find his horses", "repetition"),
        (TEXT + " thank you for watching please do subscribe", "run-on"),
        ("slash break " + TEXT + " slash break emphasis", "markup"),
        ("He wore a lark on gory knights and this is all quite another matter of fact really", "words"),
    ],
)
def test_a_doubt_has_the_name_of_its_cause(heard: str, name: str | None) -> None:
    fault = doubt(hear([TEXT], heard))
    assert (fault.name if fault else None) == name
    assert fault is None or not fault.broken


def test_a_name_heard_otherwise_is_no_doubt_in_a_short_line() -> None:
    assert doubt(hear(["Dell, come here!"], "Del come hear")) is None
