"""Whatever a tool raises is a ToolError that names it."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, Flawed, NetworkForbidden, OutOfMemory, Refused, ToolError
from wavagent.run.contain import contained


class Odd(Exception):
    """An error without words."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("no such voice"), "ValueError: no such voice"),
        (Odd(), "Odd: "),
        (SystemExit(2), "SystemExit: 2"),
        (StopIteration("end"), "StopIteration: end"),
        (NetworkForbidden("this run is offline"), "NetworkForbidden: this run is offline"),
        (ExceptionGroup("many", [OSError(1)]), "ExceptionGroup: many"),
    ],
)
def test_a_fault_in_the_tool_makes_it_broken(expert: Callable[..., Any], error: BaseException, said: str) -> None:
    with pytest.raises(Broken) as caught, contained(expert("bark")):
        raise error
    assert str(caught.value).startswith(f"tool 'bark' failed: {said}")
    assert caught.value.__cause__ is error


def test_a_tools_own_error_passes_as_it_is(expert: Callable[..., Any]) -> None:
    error = Refused("nothing fits")
    with pytest.raises(Refused) as caught, contained(expert()):
        raise error
    assert caught.value is error


def test_too_little_memory_is_told_apart(expert: Callable[..., Any]) -> None:
    with pytest.raises(OutOfMemory, match="tool 'bark' ran out of memory"), contained(expert("bark")):
        raise MemoryError


def test_ctrl_c_is_no_fault_of_the_tool(expert: Callable[..., Any]) -> None:
    with pytest.raises(KeyboardInterrupt), contained(expert()):
        raise KeyboardInterrupt


def test_what_goes_well_goes_on(expert: Callable[..., Any]) -> None:
    with contained(expert()):
        pass
    assert issubclass(Broken, ToolError)


def test_samples_that_are_no_numbers_make_a_take_flawed(expert: Callable[..., Any]) -> None:
    with pytest.raises(Flawed, match="^tool 'bark' made samples that are not numbers$"), contained(expert("bark")):
        Audio.of([0.0, float("nan")], 8_000)
