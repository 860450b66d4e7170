"""What a project needs of a store: all that a render of it reads, as far as it is there."""

from pathlib import Path

import pytest

from wavagent.needed import needed
from wavagent.script import Script
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox


@pytest.fixture
def studio(tmp_path: Path, toolbox: Toolbox) -> Studio:
    return Studio(Settings(str(tmp_path / "store"), workers=1), toolbox)


def test_everything_that_a_render_keeps_is_needed_and_nothing_else(studio: Studio, script: Script) -> None:
    studio.render(script)
    kept = {file.name for file in studio.store.shelf.files() if file.name and file.kind != "clips"}
    assert needed(studio, script) >= kept
    studio.store.put_bytes("mix", "ab" * 32, b"another's")
    assert "ab" * 32 not in needed(studio, script)


def test_of_what_is_not_there_nothing_is_needed(studio: Studio, script: Script) -> None:
    assert needed(studio, script) == frozenset()
    assert list(studio.store.shelf.files()) == []


def test_a_call_that_is_gone_takes_nothing_else_with_it(studio: Studio, script: Script) -> None:
    studio.render(script)
    calls = [file for file in studio.store.shelf.files() if file.kind == "calls"]
    studio.store.shelf.drop(calls[0])
    assert calls[0].name not in needed(studio, script)
    assert len(needed(studio, script)) >= len(calls) // 2
