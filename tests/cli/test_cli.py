import json
import subprocess
from collections.abc import Callable

import pytest

import wavagent as package

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_version_is_printed(wavagent: Run) -> None:
    assert wavagent("--version").stdout == f"wavagent {package.__version__}\n"


def test_help_names_every_command(wavagent: Run) -> None:
    said = wavagent("--help").stdout
    for command in ("make", "plan", "render", "tools", "voices", "doctor"):
        assert command in said


def test_tools_are_listed_for_machines(wavagent: Run) -> None:
    said = json.loads(wavagent("tools", "--json").stdout)
    assert {"espeak", "score", "foley", "recording"} <= {card["name"] for card in said["tools"]}
    assert said["faults"] == {}


@pytest.mark.parametrize("task", ["speech", "music", "sound"])
def test_tools_can_be_asked_for_by_task(wavagent: Run, task: str) -> None:
    said = wavagent("tools", "--task", task)
    assert said.returncode == 0
    assert task in said.stdout


def test_voices_can_be_asked_for_by_language(wavagent: Run) -> None:
    voices = json.loads(wavagent("voices", "--language", "fr", "--json").stdout)
    found = {voice["language"].partition("-")[0] for voice in voices}
    assert "fr" in found
    assert found <= {"fr", "mul"}  # and those that speak every language of their tool, French among them


def test_the_doctor_has_every_embedded_tool_make_a_clip(wavagent: Run) -> None:
    done = wavagent("doctor", "--json")
    found = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert {"python", "tool espeak", "tool score", "tool foley", "store"} <= found.keys()


def test_the_doctor_names_a_store_that_cannot_be_written(wavagent: Run) -> None:
    done = wavagent("doctor", WAVAGENT_STORE="/dev/null/store")
    assert done.returncode == 1
    assert "✗ store" in done.stdout
