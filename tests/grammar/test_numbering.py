"""The numbers that lines are called by."""

from wavagent.grammar import line_numbers, understand
from wavagent.script import Script
from wavagent.script.patch import apply


def test_numbers_in_ids_stay_when_lines_go(lighthouse: Script) -> None:
    gone = understand("remove line 4", lighthouse).patch
    assert gone is not None
    after = apply(lighthouse, gone)
    assert line_numbers(after)["line-5"] == 5
    assert "no line 4" in understand("line 4 slower", after).sentence


def test_other_ids_are_counted(script: Script) -> None:
    assert line_numbers(script) == {f"e{number}": number for number in range(1, 8)}
    found = understand("line 5 slower", script).patch
    assert found is not None and found.operations[0].ids == ("e5",)  # type: ignore[union-attr]
