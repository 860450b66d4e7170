from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wavagent.export import mp3
from wavagent.export.mpeg import mpeg_frames
from wavagent.programme import Programme


def test_every_frame_of_ours_has_one_bit_rate(programme: Callable[..., Programme], tmp_path: Path) -> None:
    mp3.write(programme(2.0), tmp_path / "a.mp3")
    found = mpeg_frames(tmp_path / "a.mp3")
    assert found.kbps == {192} and found.modes <= {"stereo", "joint stereo"}


@pytest.mark.parametrize(("mode", "single"), [("CONSTANT", True), ("VARIABLE", False)])
def test_another_encoders_files_are_told_apart(tmp_path: Path, mode: str, single: bool) -> None:
    noise = np.random.default_rng(0).standard_normal((96_000, 1)) * np.linspace(0, 0.3, 96_000)[:, np.newaxis]
    with soundfile.SoundFile(tmp_path / "a.mp3", "w", 44_100, 1, bitrate_mode=mode, compression_level=0.5) as file:
        file.write(noise)
    found = mpeg_frames(tmp_path / "a.mp3")
    assert (len(found.kbps) == 1) is single and found.modes == {"mono"}
