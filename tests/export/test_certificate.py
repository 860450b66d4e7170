import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wavagent.audio import Samples
from wavagent.export.certificate import Certificate, certify
from wavagent.export.coding import PLAIN
from wavagent.export.profile import PROFILES
from wavagent.export.table import FORMATS
from wavagent.programme import Programme

Make = Callable[..., Programme]
Voice = Callable[..., Samples]


@pytest.fixture
def certified(programme_of: Make, voice: Voice, tmp_path: Path) -> Callable[[str, str, float], Certificate]:
    """The certificate of a voice at so many LUFS, in a format, for a profile."""

    def make(suffix: str, profile: str, lufs: float) -> Certificate:
        soundfile.write(tmp_path / "v.wav", sound := voice(12.0), 48_000, "FLOAT")
        gain = lufs - certify(tmp_path / "v.wav", PROFILES["universal"]).loudness - FORMATS[suffix].gain(PLAIN, 2)
        FORMATS[suffix].write(programme_of(sound * np.float32(10 ** (gain / 20))), tmp_path / f"a{suffix}")
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
