"""Amounts in words."""

import re

import pytest

from wavagent.grammar.amount import DECIBELS, ORDINAL, SECONDS, decibels, number, ordinal, seconds


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2 s", 2.0),
        ("2s", 2.0),
        ("half a second", 0.5),
        ("a quarter of a second", 0.25),
        ("a second", 1.0),
        ("two and a half seconds", 2.5),
        ("a second and a half", 1.5),
        ("500 ms", 0.5),
        ("1.5 second", 1.5),
        ("1,5 seconds", 1.5),
        ("2-second", 2.0),
        ("a minute", 60.0),
        ("half a minute", 30.0),
        ("1:30", 90.0),
        ("1:00:05", 3605.0),
        ("a moment", 1.0),
    ],
)
def test_a_length_of_time_is_read(said: str, value: float) -> None:
    assert re.fullmatch(SECONDS, said) and seconds(said) == value


@pytest.mark.parametrize(
    ("said", "value"), [("+6 dB", 6), ("-3dB", -3), ("six decibels", 6), ("1.5 db", 1.5), ("- 2 dB", -2)]
)
def test_decibels_are_read(said: str, value: float) -> None:
    assert re.fullmatch(DECIBELS, said, re.IGNORECASE) and decibels(said) == value


@pytest.mark.parametrize(("said", "value"), [("first", 1), ("second", 2), ("3rd", 3), ("21st", 21), ("last", -1)])
def test_a_place_is_read(said: str, value: int) -> None:
    assert re.fullmatch(ORDINAL, said) and ordinal(said) == value


@pytest.mark.parametrize("said", ["", "soon", "1.2.3", "two hundred"])
def test_what_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        number(said)
