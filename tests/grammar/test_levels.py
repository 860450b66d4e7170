"""Degrees in words."""

import pytest

from wavagent.grammar.levels import FASTER, degree, length_factor, pace_factor, within


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a bit", "bit"),
        ("slightly", "bit"),
        ("a little", "bit"),
        ("", "plain"),
        ("even", "plain"),
        ("much", "much"),
        ("a lot", "much"),
    ],
)
def test_a_degree_is_read(said: str, meant: str) -> None:
    assert degree(said) == meant


def test_slower_takes_back_faster() -> None:
    for words in ("", "a bit", "much"):
        assert pace_factor(words, True) * pace_factor(words, False) == pytest.approx(1.0)
    assert pace_factor("", True) == FASTER["plain"]


def test_a_share_is_taken_as_it_is_said() -> None:
    assert pace_factor("20%", True) == pytest.approx(1.2)
    assert pace_factor("20 percent", False) == pytest.approx(0.8)
    assert length_factor("50%", True) == pytest.approx(0.5)


@pytest.mark.parametrize("share", ["0%", "100%", "300%"])
def test_a_share_that_leaves_nothing_is_refused(share: str) -> None:
    with pytest.raises(ValueError, match="no change"):
        pace_factor(share, False)
    with pytest.raises(ValueError, match="no change"):
        length_factor(share, True)


def test_words_stop_at_the_bounds() -> None:
    assert within(13.0, -40.0, 12.0) == 12.0 and within(-50.0, -40.0, 12.0) == -40.0 and within(1.0, -40.0, 12.0) == 1.0
