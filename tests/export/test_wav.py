from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from wavagent.export import wav
from wavagent.programme import Programme

Make = Callable[..., Programme]


def test_it_is_24_bit_pcm_to_other_readers(programme: Make, tmp_path: Path) -> None:
    wav.write(programme(0.5), tmp_path / "a.wav")
    info = soundfile.info(tmp_path / "a.wav")
    assert (info.subtype, info.samplerate, info.channels, info.frames) == ("PCM_24", 48_000, 2, 24_000)
    heard, _ = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert np.abs(heard - np.concatenate(list(programme(0.5).blocks()))).max() <= 2.0**-24


def test_room_is_kept_for_the_header_of_a_file_past_4_gb(programme: Make, tmp_path: Path) -> None:
    wav.write(programme(0.1), tmp_path / "a.wav")
    head = (tmp_path / "a.wav").read_bytes()[:16]
    assert head[:4] == b"RIFF" and head[8:16] == b"WAVEJUNK"  # FFmpeg turns these into RF64 and ds64
