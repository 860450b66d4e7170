"""A story with everything that the forms speak of: a lighthouse, a storm, two explosions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wavagent.grammar import Focus, Understood, understand
from wavagent.script import Script
from wavagent.script.file import read


@pytest.fixture(scope="session")
def lighthouse() -> Script:
    return read(Path(__file__).parent / "lighthouse.json")


Ask = Callable[..., Understood]


@pytest.fixture
def ask(lighthouse: Script) -> Ask:
    """`ask(text, *answers)`: what is understood in the end, each answer given to the question before it."""

    def asked(text: str, *answers: str, script: Script = lighthouse, focus: Focus | None = None) -> Understood:
        found = understand(text, script, focus)
        for answer in answers:
            assert found.question is not None, found.sentence
            found = understand(answer, script, found.focus)
        return found

    return asked
