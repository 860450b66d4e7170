from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.export.wrap import cards_of, width

LONG = (
    "When he came back, the room was empty; nobody had heard the door. “Who,” he asked, “has been here while I was "
    "away, and what have you done with the lamp?” Nobody answered him."
)


def joined(cards: Sequence[Sequence[str]]) -> str:
    return "".join("".join(line.split()) for card in cards for line in card)


@given(st.text(max_size=300), st.sampled_from([32, 42]), st.floats(0.0, 60.0))
def test_every_character_is_shown_once_and_no_line_is_too_wide(text: str, columns: int, seconds: float) -> None:
    cards = cards_of(text, columns, seconds)
    assert joined(cards) == "".join(text.split())
    assert all(1 <= len(card) <= 2 for card in cards)
    assert all(0 < width(line) <= columns or not line.isascii() for card in cards for line in card)
    assert all(width(line) <= columns for card in cards for line in card)


def test_breaks_come_where_a_reader_pauses() -> None:
    cards = cards_of(LONG, 42, 10.0)
    assert cards[0] == ("When he came back, the room was", "empty; nobody had heard the door.")
    assert all(card[-1][-1] in ",.;?”" for card in cards)


def test_slow_speech_gets_more_cards() -> None:
    text = "Very slowly the old man opened one eye and then the other."
    assert len(cards_of(text, 42, 4.0)) == 1
    assert len(cards_of(text, 42, 20.0)) >= 3


@pytest.mark.parametrize(
    "text", ["他说：“你好吗？”我没有回答他的问题，因为我不知道该说什么。" * 3, "x" * 200, "é" * 150]
)
def test_text_without_spaces_is_cut_and_stays_whole(text: str) -> None:
    cards = cards_of(text, 32, 12.0)
    assert joined(cards) == text
    assert all(width(line) <= 32 for card in cards for line in card)


def test_punctuation_opens_no_line_of_a_script_without_spaces() -> None:
    cards = cards_of("我没有回答他的问题，" * 12, 32, 30.0)
    assert not any(line.startswith("，") for card in cards for line in card)


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert (width("ab"), width("章节"), width("e\u0301")) == (2, 4, 1)


def test_no_text_has_no_cards() -> None:
    assert cards_of("", 42, 1.0) == cards_of(" \n ", 42, 1.0) == []
