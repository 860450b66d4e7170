"""A project with a recording is the same from whatever folder a command is given in."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wavagent.project import Project
from wavagent.script import Recording
from wavagent.script.patch import Add, Patch

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(planned: Path) -> Path:
    """A planned story that ends with a recording, which a new plan has to leave as it is."""
    (planned / "audio").mkdir()
    time = np.arange(16_000) / 16_000
    soundfile.write(planned / "audio" / "knock.wav", 0.1 * np.sin(2 * np.pi * 220 * time), 16_000)
    script = Project.open(planned).script
    knock = Recording(id="knock", file="audio/knock.wav", licence="own", locked=True)
    Project.open(planned).commit(Patch.of(script, Add(element=knock, last_in=script.scenes[-1].id)))
    return planned


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


@pytest.mark.parametrize("command", ["make", "render"])
def test_its_recording_is_heard(wavagent: Run, project: Path, tale: Path, elsewhere: Path, command: str) -> None:
    arguments = ("make", "../tale.txt", "-o", "../story") if command == "make" else ("render", "../story")
    done = wavagent(*arguments, cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    calls = json.loads((project / "wavagent.lock").read_text("utf-8"))["calls"]
    assert calls["knock.0"]["tool"] == "recording"
    assert json.loads((project / "report.json").read_text("utf-8"))["findings"] == []
    assert "knock" in {one.id for one in Project.open(project).script.elements}


@pytest.mark.parametrize(
    "arguments",
    [
        ("quote", "../story"),
        ("explain", "../story", "knock"),
        ("graph", "../story"),
        ("script", "check", "../story"),
        ("export", "../story", "-o", "story.srt", "-q"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_it_is_looked_at_and_written(wavagent: Run, project: Path, elsewhere: Path, arguments: tuple[str, ...]) -> None:
    done = wavagent(*arguments, cwd=elsewhere)
    assert done.returncode == 0, done.stderr
