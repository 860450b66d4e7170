"""`wavagent takes`, on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile

Run = Callable[..., Any]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    from wavagent.project import save
    from wavagent.script import Scene, Script, Sound, Speech

    elements = (Speech(id="e1", text="Good night, all of you."), Sound(id="n1", what="a door slams"))
    save(Script(title="Night", seed=3, scenes=(Scene(id="s", elements=elements),)), tmp_path / "night")
    return tmp_path / "night"


def test_takes_are_listed_written_and_remembered(wavagent: Run, project: Path, tmp_path: Path) -> None:
    assert wavagent("render", project, "--takes", "2", "-q").returncode in (0, 3)
    report = json.loads((project / "report.json").read_text())
    assert {one["element"]: len(one["takes"]) for one in report["takes"]} == {"e1": 1, "n1": 2}
    done = wavagent("takes", project, "n1", "--export", tmp_path / "wavs", "--json", "-q")
    assert done.returncode == 0, done.stderr
    (one,) = json.loads(done.stdout)
    assert (one["element"], one["tool"], len(one["takes"])) == ("n1", "foley", 2)
    written = sorted((tmp_path / "wavs").iterdir())
    assert [path.name for path in written] == ["n1.take-0.wav", "n1.take-1.wav"]
    assert soundfile.info(written[0]).frames == round(one["takes"][0]["seconds"] * 48_000)
    table = wavagent("takes", project, "--takes", "1")
    assert table.returncode == 0
    assert [line.split()[:2] for line in table.stdout.splitlines()] == [["element", "take"], ["e1", "0"], ["n1", "0"]]


def test_an_element_that_is_not_there_is_named(wavagent: Run, project: Path) -> None:
    done = wavagent("takes", project, "e9")
    assert done.returncode == 1
    assert "there are no takes of 'e9'" in done.stderr
