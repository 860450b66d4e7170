"""Deliveries of a synthetic voice, measured on the files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.export.certificate import Certificate
from wavagent.export.coding import Coding
from wavagent.export.profile import PROFILES
from wavagent.export.table import FORMATS
from wavagent.mix.deliver import Mastering, deliver
from wavagent.programme import Mark, Programme

SECONDS = 40.0


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Syllables at 110 Hz between pauses of digital silence, as a pre-master would have them, mono in the middle."""
    rng = np.random.default_rng(5)
    time = np.arange(round(SECONDS * 48_000)) / 48_000
    tone = sum(np.sin(2 * np.pi * 110 * n * time + n) / n for n in range(1, 40))
    level = np.repeat(rng.uniform(0.3, 1.6, round(SECONDS * 5)), 9600)
    speaking = (time % 5.0 < 3.5) & (time > 1.7) & (time < SECONDS - 6.0)
    voice = 0.06 * tone * level * np.abs(np.sin(2 * np.pi * 2.5 * time)) * speaking
    sound = np.stack([voice, voice], 1).astype(np.float32)

    def blocks() -> Iterator[Samples]:
        for start in range(0, len(sound), 30_011):
            yield sound[start : start + 30_011]

    return Programme(len(sound), blocks, chapters=(Mark("One", 0.0, SECONDS),))


CASES = [
    ("acx", ".mp3"),
    ("apple", ".mp3"),
    ("apple", ".wav"),
    ("apple_mono", ".mp3"),
    ("apple_books", ".mp3"),
    ("librivox", ".mp3"),
    ("m4b", ".m4b"),
    ("ebu", ".flac"),
    ("spotify", ".mp3"),
    ("amazon", ".m4a"),
    ("aes", ".opus"),
]


@pytest.mark.parametrize(("profile", "suffix"), CASES)
def test_a_file_for_a_profile_passes_it(programme: Programme, tmp_path: Path, profile: str, suffix: str) -> None:
    certificate = deliver(programme, tmp_path / f"a{suffix}", FORMATS[suffix], PROFILES[profile])
    assert certificate.passed, str(certificate)


def test_google_wants_256_kbps_and_five_minutes(programme: Programme, tmp_path: Path) -> None:
    certificate = deliver(programme, tmp_path / "a.mp3", FORMATS[".mp3"], PROFILES["google"])
    assert [check.name for check in certificate.checks if not check.passed] == ["length"]


def test_a_bit_rate_that_is_asked_for_is_given_and_what_it_breaks_is_said(programme: Programme, tmp_path: Path) -> None:
    certificate = deliver(programme, tmp_path / "a.mp3", FORMATS[".mp3"], PROFILES["acx"], Coding(128))
    assert [check.name for check in certificate.checks if not check.passed] == ["bit rate"]


def test_acx_has_a_room_and_not_digital_silence(programme: Programme, tmp_path: Path) -> None:
    measured = deliver(programme, tmp_path / "a.mp3", FORMATS[".mp3"], PROFILES["acx"]).measured
    assert -76.0 < measured.noise_floor < -68.0
    assert measured.head == pytest.approx(0.75, abs=0.05)
    assert measured.tail == pytest.approx(3.0, abs=0.1)


def test_silence_is_delivered_and_misses_its_loudness(tmp_path: Path) -> None:
    silent = Programme(96_000, lambda: iter([np.zeros((96_000, 2), np.float32)]))
    certificate = deliver(silent, tmp_path / "a.wav", FORMATS[".wav"], PROFILES["universal"])
    assert [check.name for check in certificate.checks if not check.passed] == ["loudness"]


@pytest.fixture
def certificate(programme: Programme, tmp_path: Path) -> Certificate:
    return deliver(programme, tmp_path / "a.wav", FORMATS[".wav"], PROFILES["universal"])


def test_too_quiet_is_made_louder_and_too_high_is_limited_lower(certificate: Certificate) -> None:
    master = Mastering(3.0, -1.0)
    louder = master.mended(certificate, replace(PROFILES["universal"], target=certificate.loudness + 2.0))
    assert louder == Mastering(5.0, -1.0, tries=2)
    peak = round(certificate.true_peak - 0.4, 2)
    lower = master.mended(certificate, replace(PROFILES["universal"], target=certificate.loudness, true_peak=peak))
    assert lower is not None
    assert lower.gain == 3.0
    assert lower.ceiling == pytest.approx(-1.5, abs=0.011)
    assert master.mended(certificate, PROFILES["universal"]) is None
