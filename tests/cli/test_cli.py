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


def test_tools_are_listed_by_task_and_what_is_ready_comes_first(wavagent: Run) -> None:
    lines = wavagent("tools", XDG_DATA_HOME="/nonexistent", COLUMNS="200").stdout.splitlines()
    heads = [line.strip() for line in lines if line[:1].isalpha()]
    assert heads[:3] == ["speech", "convert voice", "music"] and len(heads) == len(set(heads))
    speech = lines[1 : lines.index(next(line for line in lines[1:] if line[:1].isalpha()))]
    assert speech[0].startswith("✓ espeak ") and all(line[0] in "– " for line in speech[1:])
    assert any("wavagent tools fetch bark" in line for line in speech)


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
