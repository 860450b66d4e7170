from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wavagent.errors import InputError
from wavagent.export.decode import decode, track
from wavagent.export.table import FORMATS
from wavagent.programme import Programme

Make = Callable[..., Programme]
ODD = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "audio_edge"


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_samples_of_every_kind_come_at_full_scale(tmp_path: Path, subtype: str, channels: int) -> None:
    sent = np.random.default_rng(1).uniform(-0.9, 0.9, (3000, channels)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", sent, 22_050, subtype)
    heard = np.concatenate(list(decode(tmp_path / "a.wav")))
    assert heard.dtype == np.float32 and heard.shape == sent.shape
    assert np.abs(heard - sent).max() < (0.01 if subtype == "PCM_U8" else 1e-4)


def test_a_track_says_what_the_file_holds(programme: Make, tmp_path: Path) -> None:
    FORMATS[".m4b"].write(programme(), tmp_path / "a.m4b")
    found = track(tmp_path / "a.m4b")
    assert (found.codec, found.rate, found.channels) == ("aac", 48_000, 2)
    assert found.chapters == pytest.approx((0.0, 1.65))


def test_blocks_are_about_a_second(programme: Make, tmp_path: Path) -> None:
    FORMATS[".mp3"].write(programme(5.0), tmp_path / "a.mp3")
    lengths = [len(block) for block in decode(tmp_path / "a.mp3")]
    assert all(48_000 <= length < 50_000 for length in lengths[:-1]) and sum(lengths) == 240_000


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5000, b"RIFF\xff\xff\xff\xffWAVE", b"ID3\x04" + b"\xff" * 100, b"text\n" * 99]
)
def test_what_is_no_audio_is_refused_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.mp3").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.mp3' (is no audio|holds no sound|does not say)"):
        list(decode(tmp_path / "a.mp3"))


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        track(tmp_path / "none.mp3")
    with pytest.raises(InputError, match="is a folder"):
        track(tmp_path)


def test_a_playlist_leads_nowhere(tmp_path: Path) -> None:
    """FFmpeg would open what it names, files elsewhere and addresses too."""
    soundfile.write(tmp_path / "secret.wav", np.zeros(4800), 48_000)
    (tmp_path / "a.mp3").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")
    (tmp_path / "b.mp3").write_text("ffconcat version 1.0\nfile secret.wav\n")
    for name in ("a.mp3", "b.mp3"):
        with pytest.raises(InputError):
            track(tmp_path / name)


@pytest.mark.skipif(not ODD.exists(), reason="the shared collection of odd files is not here")
def test_odd_and_broken_files_are_read_or_refused() -> None:
    outcomes = {True: 0, False: 0}
    for path in sorted(path for path in ODD.rglob("*") if path.is_file() and path.suffix != ".txt"):
        try:
            for block in decode(path):
                assert block.dtype == np.float32 and block.ndim == 2
            outcomes[True] += 1
        except InputError as error:
            assert str(path) in str(error)
            outcomes[False] += 1
    assert outcomes[True] > 40
