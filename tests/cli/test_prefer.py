"""`--prefer`: the tools that a person wants before all others."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]

NOTHING = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "WAVAGENT_SPEECH_URL": ""}


def test_a_preferred_tool_speaks_for_everybody(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    assert wavagent("plan", tale, "-o", tmp_path / "story").returncode == 0
    server = {**NOTHING, "WAVAGENT_SPEECH_URL": "http://127.0.0.1:9/v1"}

    def voices(*how: str, **env: str) -> set[str]:
        done = wavagent("cast", tmp_path / "story", "--json", *how, **{**server, **env})
        assert done.returncode == 0, done.stderr
        return {person["voice"].split()[0] for person in json.loads(done.stdout)}

    assert voices() == {"espeak"}
    assert voices("--prefer", "openai_speech") == {"openai_speech"}
    assert voices(WAVAGENT_PREFER="openai_speech") == {"openai_speech"}


def test_what_cannot_be_preferred_is_said_at_once(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    for name, why in (("openai_speech", "set OPENAI_API_KEY"), ("nobody", "no tool is called 'nobody'")):
        done = wavagent("make", tale, "-o", tmp_path / "out.mp3", "--prefer", name, **NOTHING)
        assert done.returncode == 1
        assert why in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.mp3").exists()


def test_a_server_that_is_not_there_is_said_so_when_it_is_asked_for_its_voices(wavagent: Run) -> None:
    done = wavagent("voices", "--ask", "openai_speech", **{**NOTHING, "WAVAGENT_SPEECH_URL": "http://127.0.0.1:9/v1"})
    assert done.returncode == 1
    assert "http://127.0.0.1:9/v1" in done.stderr
    assert "Traceback" not in done.stderr
