import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Stereo at -16 LUFS."""
    path = tmp_path / "tone.wav"
    wave = 10 ** (-16.0 / 20) * np.sin(2 * np.pi * 997 * np.arange(48_000 * 6) / 48_000)
    soundfile.write(path, np.stack([wave, wave], 1), 48_000, "PCM_24")
    return path


def test_a_file_that_passes_is_exit_code_0(wavagent: Run, tone: Path) -> None:
    done = wavagent("certify", tone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "universal: PASS" in done.stdout and "−16 LUFS" in done.stdout


def test_several_profiles_are_several_tables_and_one_miss_is_exit_code_3(wavagent: Run, tone: Path) -> None:
    done = wavagent("certify", tone, "--profile", "universal,spotify")
    assert done.returncode == 3
    assert "universal: PASS" in done.stdout and "spotify: FAIL" in done.stdout


def test_json_is_one_certificate_or_a_list(wavagent: Run, tone: Path) -> None:
    one = json.loads(wavagent("certify", tone, "--json").stdout)
    assert (one["profile"], one["passed"]) == ("universal", True)
    every = json.loads(wavagent("certify", tone, "--profile", "all", "--json").stdout)
    assert len(every) > 10 and {"acx", "ebu", "m4b"} <= {each["profile"] for each in every}


def test_the_picture_is_written(wavagent: Run, tone: Path, tmp_path: Path) -> None:
    done = wavagent("certify", tone, "--picture", tmp_path / "a.svg")
    assert done.returncode == 0
    assert ET.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.wav"], "no file 'missing.wav'"),
        (["tone.wav", "--profile", "vinyl"], "no profile is called 'vinyl'"),
        (["tone.wav", "--picture", "a.png"], "'a.png' is no .svg"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    wavagent: Run, tone: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tone.parent)
    done = wavagent("certify", *arguments)
    assert done.returncode == 1
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
