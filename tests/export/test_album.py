"""Files together: what only shows when they are laid side by side."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.export.album import Album, together
from wavagent.export.certificate import Certificate, certify
from wavagent.export.coding import Coding
from wavagent.export.mp3 import write
from wavagent.export.profile import PROFILES
from wavagent.programme import Programme

Make = Callable[..., Programme]
Voice = Callable[..., Samples]


@pytest.fixture
def section(programme_of: Make, voice: Voice, tmp_path: Path) -> Callable[..., Certificate]:
    """The ACX certificate of a section so many dB louder than another."""

    def make(
        db: float = 0.0, rate: int = 44_100, channels: int = 1, kbps: int = 192, joint: bool = False
    ) -> Certificate:
        path = tmp_path / f"{db}-{rate}-{channels}-{kbps}-{joint}.mp3"
        sound = voice(4.0, rate, channels, 0.2 * 10 ** (db / 20))
        write(programme_of(sound, rate), path, Coding(kbps, joint=joint))
        return certify(path, PROFILES["acx"])

    return make


Section = Callable[..., Certificate]


def missed(album: Album) -> list[str]:
    return [check.name for check in album.checks if not check.passed]


def test_sections_of_one_kind_and_level_belong_together(section: Section) -> None:
    album = together([section(), section(2.5)], PROFILES["acx"])
    assert missed(album) == []
    assert {check.name: check.found for check in album.checks} == {
        "kind of file": "mp3 192 kbps, 44100 Hz, mono",
        "level spread (RMS)": "2.5 dB",
    }


def test_levels_more_than_3_db_apart_are_noticed(section: Section) -> None:
    assert missed(together([section(), section(1.0), section(3.2)], PROFILES["acx"])) == ["level spread (RMS)"]


@pytest.mark.parametrize("other", [{"rate": 48_000}, {"channels": 2}, {"kbps": 256}])
def test_files_of_two_kinds_are_noticed(section: Section, other: dict[str, int]) -> None:
    assert missed(together([section(), section(0.3, **other)], PROFILES["acx"])) == ["kind of file"]


def test_stereo_and_joint_stereo_are_two_kinds(section: Section) -> None:
    parts = [section(channels=2), section(channels=2, joint=True)]
    (kind,) = [check for check in together(parts, PROFILES["acx"]).checks if check.name == "kind of file"]
    assert not kind.passed and "joint stereo" in kind.found and "(1)" in kind.found


def test_a_set_passes_when_its_files_do(section: Section) -> None:
    parts = [section(), section(0.5)]
    whole = [replace(part, checks=()) for part in parts]
    assert not together(parts, PROFILES["acx"]).passed and together(whole, PROFILES["acx"]).passed


def test_apple_books_takes_25_files_of_an_hour_each(section: Section) -> None:
    one = section()
    assert missed(together([one] * 26, PROFILES["apple_books"])) == ["files", "lengths"]
    assert missed(together([one], PROFILES["apple_books"])) == []


def test_silence_has_no_level_to_be_near_to(section: Section, programme_of: Make, tmp_path: Path) -> None:
    write(programme_of(np.zeros((44_100, 1), np.float32), 44_100), tmp_path / "s.mp3", Coding(192))
    silence = certify(tmp_path / "s.mp3", PROFILES["acx"])
    album = together([section(), silence], PROFILES["acx"])
    assert missed(album) == ["level spread (RMS)"]


def test_it_can_be_stored_and_read(section: Section) -> None:
    album = together([section(), section(3.5)], PROFILES["acx"])
    written = album.to_json()
    assert (written["profile"], written["files"], written["passed"]) == ("acx", 2, False)
    assert str(album).splitlines()[0] == "2 files together: acx not passed"
