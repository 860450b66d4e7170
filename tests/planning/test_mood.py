"""Moods and settings: read off words, and left open where the words say little."""

import pytest

from wavagent.planning.mood import NEUTRAL, mood_of
from wavagent.planning.setting import setting_of


@pytest.mark.parametrize(
    ("words", "mood"),
    [
        ("dark terror murder scream blood knife danger fear shadow dread", "tense"),
        ("tears grief sobbed funeral sorrow weeping lonely grave mourning misery", "sad"),
        ("laughed merrily danced feast joy cheerful singing delighted holiday happy", "joyful"),
        ("kissed darling love tenderly embrace sweetheart beloved gently fond lovely", "tender"),
    ],
)
def test_a_mood_is_told_by_its_words(words: str, mood: str) -> None:
    assert mood_of(words).name == mood


def test_without_such_words_there_is_no_mood() -> None:
    assert mood_of("The committee met at ten and read the minutes of the last session. " * 5) == NEUTRAL


def test_one_word_is_no_place() -> None:
    assert setting_of("He thought of the church and went on.") == ("dry", "")


def test_two_places_leave_it_open() -> None:
    assert setting_of("In the church and in the church; in the street, in the street.")[0] == "dry"


def test_a_place_named_twice_is_the_setting() -> None:
    assert setting_of("They met in the old church. Nobody was in the church.") == ("church", "church")
