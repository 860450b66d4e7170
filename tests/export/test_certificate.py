import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from wavagent.audio import Samples
from wavagent.export.certificate import Certificate, certify
from wavagent.export.check import Check
from wavagent.export.coding import PLAIN
from wavagent.export.profile import PROFILES
from wavagent.export.table import FORMATS
from wavagent.programme import Mark, Programme, Tags

Make = Callable[..., Programme]
Voice = Callable[..., Samples]


@pytest.fixture
def certified(programme_of: Make, voice: Voice, tmp_path: Path) -> Callable[[str, str, float], Certificate]:
    """The certificate of a voice at so many LUFS, in a format, for a profile."""

    def make(suffix: str, profile: str, lufs: float) -> Certificate:
        soundfile.write(tmp_path / "v.wav", sound := voice(12.0), 48_000, "FLOAT")
        gain = lufs - certify(tmp_path / "v.wav", PROFILES["universal"]).loudness - FORMATS[suffix].gain(PLAIN, 2)
        told = programme_of(sound * np.float32(10 ** (gain / 20)), tags=Tags("A Voice"))
        FORMATS[suffix].write(told, tmp_path / f"a{suffix}")
        return certify(tmp_path / f"a{suffix}", PROFILES[profile])

    return make


Certified = Callable[[str, str, float], Certificate]


@pytest.mark.parametrize("suffix", [suffix for suffix, form in FORMATS.items() if form.kind == "audio"])
def test_a_voice_at_its_target_passes_in_every_format(certified: Certified, suffix: str) -> None:
    certificate = certified(suffix, "universal", -20.0)
    assert not certificate.passed
    assert [check.name for check in certificate.checks if not check.passed] == ["loudness"]
    assert certificate.loudness == pytest.approx(-20.0, abs=0.15)
    assert certified(suffix, "universal", -16.0).passed


def test_apple_takes_the_mp3_and_acx_says_what_is_wrong_with_it(certified: Certified, tmp_path: Path) -> None:
    assert certified(".mp3", "apple", -16.0).passed
    acx = certify(tmp_path / "a.mp3", PROFILES["acx"])
    missed = {check.name: (check.found, check.wanted) for check in acx.checks if not check.passed}
    assert "bit rate" not in missed
    assert missed["sample rate"] == ("48000 Hz", "44100 Hz")
    assert "constant bit rate" not in missed and "human narration" in acx.note


def test_an_m4b_needs_chapters_from_the_start(programme: Make, tmp_path: Path) -> None:
    for chapters, right in ((programme().chapters, True), ((), False)):
        FORMATS[".m4b"].write(replace(programme(), chapters=chapters), tmp_path / "a.m4b")
        found = certify(tmp_path / "a.m4b", PROFILES["m4b"])
        assert {check.name: check.passed for check in found.checks}["chapters"] is right


def checks(path: Path, profile: str) -> dict[str, Check]:
    return {check.name: check for check in certify(path, PROFILES[profile]).checks}


def test_chapters_of_an_m4b_leave_no_gap_and_its_two_lists_agree(programme: Make, tmp_path: Path) -> None:
    marks = tuple(Mark(f"{n} 章", n * 0.011, (n + 1) * 0.011) for n in range(300))
    FORMATS[".m4b"].write(programme(3.3, chapters=marks), tmp_path / "a.m4b")
    found = checks(tmp_path / "a.m4b", "m4b")
    names = ("chapters", "between chapters", "last chapter's end off by", "both lists of chapters")
    assert [found[name].passed for name in names] == [True] * 4
    assert found["both lists of chapters"].found.startswith("300 and 255")
    assert found["index before the sound"].passed


def test_a_gap_between_chapters_is_noticed(programme: Make, tmp_path: Path) -> None:
    """In Ogg, chapters only start; in MP3 they also end, so there a gap can be."""
    marks = (Mark("One", 0.0, 1.0), Mark("Two", 1.5, 3.0))
    FORMATS[".mp3"].write(programme(3.3, chapters=marks), tmp_path / "a.mp3")
    found = checks(tmp_path / "a.mp3", "m4b")
    assert (found["between chapters"].found, found["between chapters"].passed) == ("500 ms", False)
    assert not found["last chapter's end off by"].passed


def test_lists_of_chapters_that_differ_are_noticed(programme: Make, tmp_path: Path) -> None:
    FORMATS[".m4b"].write(programme(3.3), tmp_path / "a.m4b")
    whole = (tmp_path / "a.m4b").read_bytes()
    at = whole.index(b"chpl") + 4 + 5 + 4  # version and flags, reserved, count; then the first chapter's start
    (tmp_path / "a.m4b").write_bytes(whole[:at] + (5_000_000).to_bytes(8, "big") + whole[at + 8 :])
    assert not checks(tmp_path / "a.m4b", "m4b")["both lists of chapters"].passed


def test_an_index_behind_the_sound_is_noticed(programme: Make, tmp_path: Path) -> None:
    FORMATS[".m4b"].write(programme(3.3), tmp_path / "a.m4b")
    with av.open(str(tmp_path / "a.m4b")) as source, av.open(str(tmp_path / "b.m4a"), "w", format="mp4") as copy:
        stream = copy.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    assert not checks(tmp_path / "b.m4a", "m4b")["index before the sound"].passed


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".flac"])
@pytest.mark.parametrize(("size", "right"), [((1400, 1400), True), ((1400, 1399), False), ((500, 500), False)])
def test_a_cover_is_measured_where_there_is_one(
    programme: Make, tmp_path: Path, suffix: str, size: tuple[int, int], right: bool
) -> None:
    FORMATS[suffix].write(programme(1.0, tags=Tags("A", cover=png(*size))), tmp_path / f"a{suffix}")
    found = checks(tmp_path / f"a{suffix}", "apple")["cover"]
    assert (found.found, found.passed) == (f"PNG, {size[0]} × {size[1]} px", right)


def test_what_no_file_shows_is_said(programme: Make, tmp_path: Path) -> None:
    FORMATS[".mp3"].write(programme(1.0, tags=Tags("A")), tmp_path / "a.mp3")
    certificate = certify(tmp_path / "a.mp3", PROFILES["acx"])
    said = " ".join(certificate.unmeasured)
    assert "credits" in said and "retail sample" in said and "the cover, square, ≥ 2400 px: there is none" in said
    assert str(certificate).splitlines()[-1].startswith("not measured: the cover")
    assert certificate.to_json()["not_measured"] == list(certificate.unmeasured)


def test_it_can_be_stored_and_read(certified: Certified) -> None:
    certificate = certified(".mp3", "universal", -16.0)
    written = json.loads(json.dumps(certificate.to_json(), allow_nan=False))
    assert written["passed"] is True and written["profile"] == "universal" and written["file"] == "a.mp3"
    assert written["measured"]["loudness_lufs"] == pytest.approx(-16.0, abs=0.2)
    assert written["measured"]["cbr"] is True and written["measured"]["kbps"] == 192.0
    lines = str(certificate).splitlines()
    assert lines[0] == "a.mp3: universal passed" and len(lines) == 1 + len(certificate.checks)
    assert "LUFS" in lines[1] and "−16 ± 1 LUFS" in lines[1]


def test_silence_is_measured_and_misses_its_loudness(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((48_000, 2)), 48_000, "PCM_24")
    certificate = certify(tmp_path / "a.wav", PROFILES["universal"])
    assert [(check.name, check.found) for check in certificate.checks if not check.passed] == [("loudness", "silence")]
    json.dumps(certificate.to_json(), allow_nan=False)


def test_a_waveform_off_its_middle_is_noticed(programme: Make, voice: Voice, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", voice(2.0) + np.float32(0.01), 48_000, "PCM_24")
    checks = certify(tmp_path / "a.wav", PROFILES["universal"]).checks
    assert [check.passed for check in checks if check.name == "DC offset"] == [False]
