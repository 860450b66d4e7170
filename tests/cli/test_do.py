"""`wavagent do` as a user has it: plain words, a recording, and what comes of them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Four seconds: two tones with a pause between, in noise."""
    rate = 16_000
    time = np.arange(4 * rate) / rate
    samples = 0.3 * np.sin(2 * np.pi * 220 * time) * (time % 2 < 1.2)
    samples += 0.01 * np.random.default_rng(0).standard_normal(len(time))
    soundfile.write(tmp_path / "My Talk.wav", samples, rate)
    return tmp_path / "My Talk.wav"


def test_words_become_a_plan_and_a_file(wavagent: Run, talk: Path, tmp_path: Path) -> None:
    before = talk.read_bytes()
    done = wavagent("do", "remove the noise, put rain behind it, fade out", talk, "-o", tmp_path / "a.wav", "--yes")
    assert done.returncode == 0, done.stderr
    for line in ("1. take the noise out", "2. fade in over 0 s, out over 2 s", "3. put ambience behind it: rain"):
        assert line in done.stderr
    assert soundfile.info(tmp_path / "a.wav").duration > 4.0
    assert talk.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"a.wav", "My Talk.wav"}


def test_steps_of_every_kind_go_through(wavagent: Run, talk: Path, tmp_path: Path) -> None:
    wish = "replace the beep from 0.5 to 0.9 s with a bell, remove the click from 2.1 to 2.15 s, low-pass at 3 kHz, "
    done = wavagent(
        "do", f"{wish} make it twice as fast, pan it to the left", talk, "-o", tmp_path / "a.wav", "--yes", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["calls"] == 8
    samples, _ = soundfile.read(tmp_path / "a.wav")
    left, right = np.square(samples).sum(axis=0)
    assert left > 1.25 * right


def test_a_folder_becomes_a_project_that_can_be_rendered_again(wavagent: Run, talk: Path, tmp_path: Path) -> None:
    done = wavagent("do", "trim to 1-3 s, put it in a church", talk, "-o", tmp_path / "p", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["calls"] == 3
    (copied,) = (tmp_path / "p" / "audio").iterdir()
    assert copied.read_bytes() == talk.read_bytes()
    talk.unlink()  # the project has all that it needs
    again = wavagent("render", tmp_path / "p", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["ran"] == 0


def test_a_model_may_plan(wavagent: Run, talk: Path, tmp_path: Path) -> None:
    plan = {"steps": [{"do": "speed", "times": 2.0}], "behind": [], "gain": 0, "unknown": ["make it tasty"]}
    (tmp_path / "answers").write_text(json.dumps(plan) + "\n")
    llm = f"replay:{tmp_path / 'answers'}"
    done = wavagent("do", "double time, and tasty", talk, "-o", tmp_path / "a.wav", "--yes", "--llm", llm)
    assert done.returncode == 3, done.stderr
    assert "1. play it 2 times as fast" in done.stderr
    assert "not understood, and left out: 'make it tasty'" in done.stderr
    assert soundfile.info(tmp_path / "a.wav").duration == pytest.approx(0.5 + 2.0 + 2.0, abs=0.1)


def test_nothing_is_done_when_nobody_agrees(wavagent: Run, talk: Path, tmp_path: Path) -> None:
    done = wavagent("do", "remove the noise", talk, "-o", tmp_path / "a.wav")
    assert done.returncode == 1
    assert "1. take the noise out" in done.stderr
    assert "give --yes to do it unasked" in done.stderr
    dry = wavagent("do", "remove the noise", talk, "-o", tmp_path / "p", "--dry-run")
    assert dry.returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"My Talk.wav"}


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("frobnicate it", "nothing in 'frobnicate it' was understood"),
        ("", "nothing in '' was understood"),
        ("keep the second speaker", "no tool here tells people apart who speak at once"),
        ("sing it", "no tool sings"),
        ("make it sound like slt", "no tool here gives a recording another voice: tool 'speecht5_convert' needs its"),
        ("remove the cough from 1 to 40 s", "it fills at most 30 s"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    wavagent: Run, talk: Path, tmp_path: Path, wish: str, said: str
) -> None:
    done = wavagent("do", wish, talk, "-o", tmp_path / "a.wav", "--yes")
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.wav").exists()


def test_the_recording_itself_is_never_written_over(wavagent: Run, talk: Path) -> None:
    before = talk.read_bytes()
    done = wavagent("do", "remove the noise", talk, "-o", talk, "--yes")
    assert done.returncode == 1
    assert "is the recording itself" in done.stderr
    assert talk.read_bytes() == before


def test_what_is_no_recording_is_said(wavagent: Run, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("words")
    for name in ("a.wav", "gone.wav"):
        done = wavagent("do", "remove the noise", tmp_path / name, "-o", tmp_path / "b.wav", "--yes")
        assert done.returncode == 1
        assert name in done.stderr and "Traceback" not in done.stderr
