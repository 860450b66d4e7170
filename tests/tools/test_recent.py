import importlib

import pytest

Recent = importlib.import_module("wavagent.tools._expert").Recent


def test_what_was_asked_last_is_kept_and_what_was_not_asked_longest_goes() -> None:
    made: list[str] = []
    recent = Recent(2)
    for key in "abacab":
        recent.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"] and len(recent) == 2


def test_there_is_room_before_another_is_made_and_what_cannot_be_made_is_not_kept() -> None:
    recent, there = Recent(1), []

    def fail() -> str:
        there.append(len(recent))
        raise MemoryError

    recent.get("a", lambda: "a")
    with pytest.raises(MemoryError):
        recent.get("b", fail)
    assert there == [0] and len(recent) == 0
