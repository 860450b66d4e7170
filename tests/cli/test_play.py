import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from wavagent.cli.play import UNKNOWN, head

Run = Callable[..., Any]


def test_a_narrative_is_played_into_a_file(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("play", tale, "-o", tmp_path / "a.wav")
    assert done.returncode == 0, done.stderr
    assert "first sound after" in done.stderr and done.stdout == ""
    sound, rate = soundfile.read(tmp_path / "a.wav")
    assert rate == 48_000 and sound.shape[1] == 2 and np.abs(sound).max() > 0.05


def test_what_is_played_is_what_is_exported_but_for_its_level(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    wavagent("play", tale, "-o", tmp_path / "a.wav")
    wavagent("make", tale, "-o", tmp_path / "b.wav")
    played, exported = (soundfile.read(tmp_path / name)[0] for name in ("a.wav", "b.wav"))
    assert len(played) == len(exported)
    level = np.vdot(played, exported) / np.vdot(played, played)
    assert abs(20 * np.log10(level)) < 3.0
    error = exported - level * played
    assert (error**2).mean() < 1e-3 * (exported**2).mean() + 1e-9


def test_a_pipe_gets_a_wav_without_an_end(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    wavagent("plan", tale, "-o", tmp_path / "story")
    command = list(wavagent("--version").args)[:-1]
    done = subprocess.run(
        [*command, "play", str(tmp_path / "story"), "--quiet"],
        capture_output=True,
        env={**os.environ, "WAVAGENT_STORE": str(tmp_path / "store")},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout[:4] == b"RIFF" and done.stdout[40:44] == (UNKNOWN - 36).to_bytes(4, "little")
    samples = np.frombuffer(done.stdout[44:], "<i2")
    assert len(samples) % 2 == 0 and np.abs(samples).max() > 1000


def test_a_listener_who_leaves_ends_it_without_a_fault(wavagent: Run, tale: Path) -> None:
    command = [str(part) for part in wavagent("--version").args][:-1]
    playing = subprocess.Popen(
        [*command, "play", str(tale), "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    )
    assert playing.stdout is not None and playing.stderr is not None
    assert playing.stdout.read(44)[:4] == b"RIFF"
    playing.stdout.close()
    said = playing.stderr.read()
    playing.stderr.close()
    assert (playing.wait(60), said) == (0, b"")


def test_the_head_is_that_of_a_wav() -> None:
    sound = np.arange(200, dtype="<i2")
    read, rate = soundfile.read(io.BytesIO(head(400) + sound.tobytes()), dtype="int16")
    assert rate == 48_000
    assert np.array_equal(read.ravel(), sound)


@pytest.mark.parametrize(("name", "said"), [("missing.txt", "no file"), ("missing.json", "missing.json")])
def test_what_cannot_be_played_is_one_sentence(wavagent: Run, tmp_path: Path, name: str, said: str) -> None:
    done = wavagent("play", tmp_path / name, "-o", tmp_path / "a.wav")
    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr
