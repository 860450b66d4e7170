"""The page of errors is the tree of errors."""

import inspect
import re

import pytest

from wavagent import errors
from wavagent.errors import RunError, WavagentError

CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)}


def drawn() -> dict[str, str]:
    """Each error in the module's docstring, and the one it is drawn under."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = [(-1, "Exception")]
    for indent, name in re.findall(r"^( *)\* (\w+)", errors.__doc__ or "", re.MULTILINE):
        while above[-1][0] >= len(indent):
            above.pop()
        parents[name] = above[-1][1]
        above.append((len(indent), name))
    return parents


def test_the_tree_in_the_docstring_is_complete_and_right() -> None:
    assert drawn() == {name: kind.__mro__[1].__name__ for name, kind in CLASSES.items()}


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES.keys())
def test_every_error_says_in_a_sentence_what_it_means(kind: type[Exception]) -> None:
    assert issubclass(kind, WavagentError)
    assert re.fullmatch(r"[A-Z][^\n]+\.", (kind.__doc__ or "").split("\n\n")[0])


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES.keys())
def test_an_errors_text_is_its_message_alone(kind: type[Exception]) -> None:
    error = kind("it broke", {}) if issubclass(kind, RunError) else kind("it broke")
    assert str(error) == "it broke"


def test_a_run_error_keeps_what_failed_and_why() -> None:
    failures: dict[str, Exception] = {"call": errors.Refused("no")}
    error = RunError("one call failed", failures)
    failures.clear()
    assert list(error.failures) == ["call"]
