import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    for name in ("rain", "wind"):
        soundfile.write(tmp_path / f"{name}.wav", 0.1 * np.sin(np.arange(48_000) * 0.05), 48_000)
        (tmp_path / f"{name}.txt").write_text(f"heavy {name}")
    return tmp_path


def test_what_needs_no_expert_is_measured_and_the_rest_says_what_to_type(wavagent: Run, clips: Path) -> None:
    done = wavagent("eval", clips, "--each", XDG_DATA_HOME=str(clips / "nowhere"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "wavagent tools fetch clap" in " ".join(done.stdout.split())
    assert "LUFS" in done.stdout and "rain" in done.stdout


def test_json_has_the_figures_and_every_clip(wavagent: Run, clips: Path) -> None:
    (clips / "broken.wav").write_text("no sound")
    done = wavagent("eval", clips, "--json", XDG_DATA_HOME=str(clips / "nowhere"))
    said = json.loads(done.stdout)
    assert done.returncode == 3 and "broken" in done.stderr
    assert said["scores"]["length"]["value"] == pytest.approx(1.0) and set(said["clips"]) == {"rain", "wind"}
    assert said["scores"]["FAD"]["value"] is None and "--reference" in said["scores"]["FAD"]["lack"]


def test_a_folder_without_sounds_is_exit_code_1(wavagent: Run, tmp_path: Path) -> None:
    done = wavagent("eval", tmp_path)
    assert done.returncode == 1 and "names no clip" in done.stderr


@pytest.mark.parametrize(("command", "tool"), [("transcribe", "whisper"), ("caption", "qwen_audio")])
def test_without_weights_it_says_what_to_type(wavagent: Run, clips: Path, command: str, tool: str) -> None:
    done = wavagent(command, clips / "rain.wav", XDG_DATA_HOME=str(clips / "nowhere"))
    assert done.returncode == 1 and f"wavagent tools fetch {tool}" in done.stderr
