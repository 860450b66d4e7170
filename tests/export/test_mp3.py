from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

import numpy as np
import pytest
import soundfile
from mutagen.mp3 import MP3, BitrateMode

from wavagent.audio import Samples
from wavagent.errors import OutputError
from wavagent.export import mp3
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.mpeg import MpegFrames, mpeg_frames
from wavagent.programme import Programme

Make = Callable[..., Programme]
Voice = Callable[..., Samples]


def music(seconds: float) -> Samples:
    """Noise with bangs: what block switching, the part of LAME that looks around most, has to decide on."""
    rng = np.random.default_rng(3)
    frames = round(seconds * 48_000)
    bangs = np.exp(-(np.arange(frames) % 3001) / 200.0)
    return (rng.standard_normal((frames, 2)) * bangs[:, np.newaxis] * 0.3).astype(np.float32)


def packets(stretches: list[mp3.Stretch], rate: int, coding: Coding) -> list[bytes]:
    return [bytes(packet) for stretch in stretches for packet in mp3.encoded(stretch, rate, coding)]


CODINGS = [(48_000, PLAIN), (44_100, PLAIN), (44_100, Coding(192, joint=False)), (44_100, Coding(vbr=True))]


@pytest.mark.parametrize(
    ("tail", "rate", "coding"),
    [
        *((tail, *CODINGS[0]) for tail in (1, 1151, mp3.TRAIL * mp3.FRAME, mp3.TRAIL * mp3.FRAME + 1)),
        *((0, *each) for each in CODINGS),
    ],
)
def test_stretches_joined_are_the_frames_of_one_encoder(
    monkeypatch: pytest.MonkeyPatch, tail: int, rate: int, coding: Coding
) -> None:
    """So there is no seam to be heard, and nothing to be measured at one; at 44.1 kHz the padded frames fall alike."""
    monkeypatch.setattr(mp3, "STRETCH", 98)
    sound = music(7.5)[: 294 * mp3.FRAME + tail]
    cut = list(mp3.stretches(sound[start : start + 7_001] for start in range(0, len(sound), 7_001)))
    assert len(cut) == 3 + (tail > mp3.TRAIL * mp3.FRAME)
    assert packets(cut, rate, coding) == packets([mp3.Stretch(sound, 0, 0, None)], rate, coding)


def test_stretches_begin_with_the_pattern_of_padded_frames() -> None:
    assert mp3.STRETCH % 49 == mp3.LEAD % 49 == 0


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kbps", [64, 128, 192, 320])
def test_a_bit_rate_that_is_asked_for_is_every_frames(
    programme: Make, tmp_path: Path, channels: int, kbps: int
) -> None:
    coding = Coding(kbps, joint=False)
    mp3.write(programme(2.0, 44_100, channels), tmp_path / "a.mp3", coding)
    found = mpeg_frames(tmp_path / "a.mp3")
    assert found == MpegFrames(frozenset({kbps}), frozenset({"mono" if channels == 1 else "stereo"}))
    assert soundfile.info(tmp_path / "a.mp3").frames == 2 * 44_100


@pytest.mark.parametrize("coding", [PLAIN, Coding(192), Coding(256), Coding(vbr=True)])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_gain_of_the_encoder_is_known(
    programme_of: Make, voice: Voice, tmp_path: Path, coding: Coding, channels: int
) -> None:
    sound = voice(8.0, 44_100, channels)
    mp3.write(programme_of(sound, 44_100), tmp_path / "a.mp3", coding)
    decoded, _ = soundfile.read(tmp_path / "a.mp3", always_2d=True)
    change = 20 * np.log10(np.sqrt((decoded**2).mean() / (sound.astype(np.float64) ** 2).mean()))
    assert change == pytest.approx(mp3.gain(coding, channels), abs=0.06)


def test_variable_bit_rate_is_one_and_says_its_length(programme_of: Make, tmp_path: Path) -> None:
    mp3.write(programme_of(music(5.0)), tmp_path / "a.mp3", Coding(vbr=True))
    info = MP3(tmp_path / "a.mp3").info
    assert info is not None
    assert info.bitrate_mode == BitrateMode.VBR
    assert len(mpeg_frames(tmp_path / "a.mp3").kbps) > 1
    assert soundfile.info(tmp_path / "a.mp3").frames == 5 * 48_000


def test_a_bit_rate_that_mpeg_1_does_not_have_is_refused(programme: Make, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="100 kbps; it takes 32, 40"):
        mp3.write(programme(0.1), tmp_path / "a.mp3", Coding(100))


def test_the_file_does_not_depend_on_workers_or_blocks(
    monkeypatch: pytest.MonkeyPatch, programme_of: Make, tmp_path: Path
) -> None:
    monkeypatch.setattr(mp3, "STRETCH", 98)
    for workers, block in ((1, 100_000), (3, 777)):
        monkeypatch.setattr(mp3, "WORKERS", workers)
        mp3.write(programme_of(music(5.0), block=block), tmp_path / f"{workers}.mp3")
    assert (tmp_path / "1.mp3").read_bytes() == (tmp_path / "3.mp3").read_bytes()


def test_no_more_is_held_than_the_workers_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp3, "WORKERS", 2)
    lock, begun, done = Lock(), 0, 0

    def items() -> Iterator[int]:
        nonlocal begun
        for number in range(50):
            with lock:
                begun += 1
                assert begun - done <= mp3.WORKERS + 2
            yield number

    for number in mp3.side_by_side(lambda item: item, items()):
        assert number == done
        with lock:
            done += 1
    assert done == 50


def test_the_header_says_how_long_and_how(programme: Make, tmp_path: Path) -> None:
    mp3.write(programme(2.5), tmp_path / "a.mp3")
    info = MP3(tmp_path / "a.mp3").info
    assert soundfile.info(tmp_path / "a.mp3").frames == 2.5 * 48_000  # as libsndfile trims it, by the Info frame
    assert info is not None
    assert (info.bitrate, info.bitrate_mode) == (192_000, BitrateMode.CBR)
    assert b"Info" in (tmp_path / "a.mp3").read_bytes()


def test_rates_that_mpeg_1_does_not_have_are_refused(programme: Make, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="96000 Hz; it takes 48000, 44100, 32000"):
        mp3.write(programme(0.1, rate=96_000), tmp_path / "a.mp3")


def test_44100_hz_comes_back_whole(programme: Make, tmp_path: Path) -> None:
    mp3.write(programme(3.0, rate=44_100), tmp_path / "a.mp3")
    assert soundfile.info(tmp_path / "a.mp3").frames == 3 * 44_100
