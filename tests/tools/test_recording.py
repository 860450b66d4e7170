"""A user's own files as clips: read to the sample, or refused in one sentence."""

import hashlib
import importlib
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

recording = importlib.import_module("wavagent.tools.recording")
TOOL = recording.TOOL
EDGE = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "audio_edge"


def read(path: Path, **stretch: Any) -> Audio:
    sha256 = hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()
    (result,) = TOOL([Request(accept(TOOL, {"file": path, "sha256": sha256, **stretch}))])
    assert isinstance(result.audio, Audio)
    return result.audio


def tone(seconds: float, rate: int = 48_000, channels: int = 2) -> NDArray[np.float32]:
    """A sine that is not the same in any two channels."""
    time = np.arange(round(seconds * rate)) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * (440 + 110 * n) * time) for n in range(channels)], 1).astype(np.float32)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """One second at 48 kHz, stereo, in floats."""
    soundfile.write(tmp_path / "a.wav", tone(1.0), 48_000, subtype="FLOAT")
    return tmp_path / "a.wav"


def test_a_file_of_the_mixs_own_kind_is_read_bit_for_bit(wav: Path) -> None:
    audio = read(wav)
    assert audio.rate == 48_000
    assert np.array_equal(audio.samples, tone(1.0))


@pytest.mark.parametrize(
    ("start", "end"), [(0.0, 0.25), (0.1, None), (0.25, 0.5), (1 / 48_000, 2 / 48_000), (0.12345, 0.98765), (0.5, 9.0)]
)
def test_a_stretch_is_cut_to_the_sample(wav: Path, start: float, end: float | None) -> None:
    last = 48_000 if end is None else min(48_000, round(end * 48_000))
    assert np.array_equal(read(wav, start=start, end=end).samples, tone(1.0)[round(start * 48_000) : last])


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_becomes_the_mixs_own(tmp_path: Path, rate: int, channels: int) -> None:
    soundfile.write(tmp_path / "a.flac", tone(1.0, rate, channels), rate, subtype="PCM_24")
    audio = read(tmp_path / "a.flac")
    assert audio.channels == 2
    assert abs(audio.frames - 48_000) <= 16
    middle = slice(4_800, 43_200)
    assert np.abs(audio.samples[middle, 0] - tone(1.0)[middle, 0]).max() < 0.01


def test_mono_sounds_as_loud_in_both_channels(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(0.5, channels=1), 48_000, subtype="FLOAT")
    samples = read(tmp_path / "a.wav").samples
    assert np.allclose(samples, np.repeat(tone(0.5, channels=1), 2, axis=1), atol=1e-6)


def _encode(path: Path, codec: str, samples: NDArray[np.float32], rate: int = 48_000) -> None:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.rate, frame.pts = rate, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.opus", "libopus")])
def test_a_lossy_file_is_read_in_time(tmp_path: Path, name: str, codec: str) -> None:
    """What an encoder puts before the sound is not heard: the tone comes within 2 ms of where it was."""
    samples = np.concatenate([np.zeros((24_000, 2), np.float32), tone(0.5)])
    _encode(tmp_path / name, codec, samples)
    heard = np.abs(read(tmp_path / name).samples[:, 0])
    assert abs(int(np.argmax(heard > 0.1)) - 24_000) < 96
    assert np.isfinite(heard).all()


def test_a_file_that_changes_on_its_way_is_read_to_its_end(tmp_path: Path) -> None:
    """FLAC streams may be joined: a second of stereo at 44.1 kHz, then a second of mono."""
    for name, channels in (("a", 2), ("b", 1)):
        soundfile.write(tmp_path / f"{name}.flac", tone(1.0, 44_100, channels), 44_100)
    joined = (tmp_path / "a.flac").read_bytes() + (tmp_path / "b.flac").read_bytes()
    (tmp_path / "ab.flac").write_bytes(joined)
    assert read(tmp_path / "ab.flac").seconds > 1.5


def test_values_that_are_no_numbers_become_some(tmp_path: Path) -> None:
    samples = tone(0.1)
    samples[10], samples[20], samples[30] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "a.wav", samples, 48_000, subtype="FLOAT")
    read_back = read(tmp_path / "a.wav").samples
    assert [tuple(read_back[at]) for at in (10, 20, 30)] == [(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0)]


def test_a_file_cut_short_gives_what_there_is(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", tone(2.0), 48_000)
    whole = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(whole[: len(whole) // 2])
    assert 0.5 < read(tmp_path / "a.flac").seconds < 1.5


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("empty.wav", b"", "'empty.wav' cannot be read as sound"),
        ("text.mp3", b"This is a story.\n" * 99, "cannot be read as sound"),
        ("noise.flac", bytes(range(256)) * 40, "cannot be read as sound|has no sound"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://localhost:9/a.wav\n#EXT-X-ENDLIST\n", "cannot be read as sound"),
        ("list.ffconcat", b"ffconcat version 1.0\nfile a.wav\n", "cannot be read as sound"),
    ],
)
def test_what_is_no_sound_is_refused(wav: Path, name: str, content: bytes, fault: str) -> None:
    """A list of other files is no recording either, be they here (`a.wav` is) or in a network."""
    path = wav.with_name(name)
    path.write_bytes(content)
    with pytest.raises(Refused, match=fault) as caught:
        read(path)
    assert str(caught.value).isprintable()
    assert str(path.parent) not in str(caught.value)


def test_silence_of_no_length_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 2), np.float32), 48_000)
    with pytest.raises(Refused, match=r"'a\.wav' has no sound"):
        read(tmp_path / "a.wav")


def test_a_stretch_after_the_end_is_refused(wav: Path) -> None:
    with pytest.raises(Refused, match=r"'a\.wav' has no sound from 2 s on; give another file or stretch"):
        read(wav, start=2.0)


def test_a_picture_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream: Any = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    with pytest.raises(Refused, match=r"'a\.mp4' has no sound in it; give an audio file"):
        read(tmp_path / "a.mp4")


def test_what_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"'gone\.wav' cannot be read as sound \(No such file or directory\)"):
        read(tmp_path / "gone.wav")
    with pytest.raises(Refused, match="cannot be read as sound"):
        read(tmp_path)


@pytest.mark.parametrize(
    "name", ['a b\'s "c" $(d) %s.wav', "ünï שלום \N{GRINNING FACE}.wav", "concat:a.wav", "a|b#c?.wav"]
)
def test_a_name_is_only_a_name(wav: Path, name: str) -> None:
    path = wav.with_name(name)
    wav.rename(path)
    assert read(path).seconds == 1.0


@pytest.mark.parametrize("wrong", [{"start": -1}, {"end": 0}, {"sha256": "x"}, {"start": float("nan")}])
def test_a_stretch_is_checked(wav: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="tool 'recording' does not take"):
        accept(TOOL, {"file": wav, "sha256": "0" * 64, **wrong})


def test_the_key_of_a_clip_is_the_files_content_not_its_place(wav: Path) -> None:
    params = accept(TOOL, {"file": wav, "sha256": "0" * 64})
    assert params.model_dump(mode="json") == {"sha256": "0" * 64, "start": 0.0, "end": None}


def test_another_file_than_the_script_was_compiled_with_is_never_heard(wav: Path, tmp_path: Path) -> None:
    asked = Request(accept(TOOL, {"file": wav, "sha256": hashlib.sha256(wav.read_bytes()).hexdigest()}))
    TOOL([asked])
    soundfile.write(tmp_path / "else.wav", -tone(1.0), 48_000, subtype="FLOAT")
    wav.unlink()
    wav.symlink_to(tmp_path / "else.wav")
    with pytest.raises(Refused, match=r"'a\.wav' is no longer the file that the script was compiled with"):
        TOOL([asked])


def test_a_file_that_is_overwritten_while_it_is_read_is_refused(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = recording._decoded

    def meanwhile(container: Any) -> Any:
        for frame in theirs(container):
            yield frame
            soundfile.write(wav, -tone(1.0), 48_000, subtype="FLOAT")

    monkeypatch.setattr(recording, "_decoded", meanwhile)
    with pytest.raises(Refused, match="no longer the file"):
        read(wav)


def test_every_odd_file_is_read_or_refused() -> None:
    """Faulty, truncated, mislabelled and uncommon: never a crash, never a value that is no number."""
    if not EDGE.is_dir():
        pytest.skip("the collection of odd files (../shared/data/audio_edge) is not here")
    read_at_all = 0
    for path in sorted(path for path in EDGE.rglob("*") if path.is_file()):
        try:
            audio = read(path)
        except Refused as refused:
            assert repr(path.name)[1:-1] in str(refused)
            continue
        assert audio.rate == 48_000 and audio.channels == 2 and audio.frames > 0
        assert np.isfinite(audio.samples).all()
        read_at_all += 1
    assert read_at_all >= 40


@pytest.mark.parametrize(("start", "end", "long"), [(0.0, None, 1.0), (0.25, None, 0.75), (0.25, 0.5, 0.25)])
def test_how_long_a_stretch_is_is_known_before_it_is_read(
    wav: Path, start: float, end: float | None, long: float
) -> None:
    asked = accept(TOOL, {"file": wav, "sha256": "0" * 64, "start": start, "end": end})
    assert TOOL.seconds(asked) == pytest.approx(long)


def test_of_what_is_no_sound_a_length_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("nonsense")
    for name in ("a.wav", "gone.wav"):
        assert TOOL.seconds(accept(TOOL, {"file": tmp_path / name, "sha256": "0" * 64})) == 5.0
