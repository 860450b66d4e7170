"""What people ask for, through the grammar: the right things change, nothing else does, and it can be undone."""

import pytest

from tests.requests.compare import compared
from tests.requests.conftest import WANTED, Wanted, called, script_of
from wavagent.grammar import Understood, understand
from wavagent.script import Script
from wavagent.script.file import dumps
from wavagent.script.patch import apply, invert
from wavagent.tool import Toolbox

COVERED = [one for one in WANTED if one.grammar and one.expect is not None]
REFUSED = [one for one in WANTED if one.grammar and one.expect is None]
BEYOND = [one for one in WANTED if not one.grammar]


def _asked(wanted: Wanted, script: Script, toolbox: Toolbox) -> Understood:
    found = understand(wanted.say, script, toolbox=toolbox)
    for answer in wanted.answers:
        found = understand(answer, script, found.focus, toolbox)
    return found


@pytest.mark.parametrize("wanted", COVERED, ids=called)
def test_what_was_asked_for_changes_and_nothing_else_and_is_undone(wanted: Wanted, toolbox: Toolbox) -> None:
    script = script_of(wanted)
    found = _asked(wanted, script, toolbox)
    assert found.patch is not None, found.sentence or found.question
    after = apply(script, found.patch)
    assert compared(script, after) == wanted.expect
    assert dumps(apply(after, invert(script, found.patch))) == dumps(script)


@pytest.mark.parametrize("wanted", REFUSED, ids=called)
def test_what_was_taken_back_changes_nothing(wanted: Wanted, toolbox: Toolbox) -> None:
    found = _asked(wanted, script_of(wanted), toolbox)
    assert found.sentence and found.patch is None


@pytest.mark.parametrize("wanted", BEYOND, ids=called)
def test_what_only_a_model_understands_is_never_half_understood(wanted: Wanted, toolbox: Toolbox) -> None:
    found = understand(wanted.say, script_of(wanted), toolbox=toolbox)
    assert found.patch is None and found.call is None


def test_there_are_more_than_sixty_requests_and_most_need_no_model() -> None:
    assert len(WANTED) > 60
    assert len(COVERED) + len(REFUSED) > 0.8 * len(WANTED)
