import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from wavagent.errors import OutputError
from wavagent.export import flac, raster
from wavagent.export.certificate import Certificate, certify
from wavagent.export.picture import PLOT, picture, save
from wavagent.export.profile import PROFILES
from wavagent.programme import Mark, Placed, Programme

Make = Callable[..., Programme]
Place = Callable[..., Placed]

EVIL = '</text><script>alert("1 & 2")</script>'


def drawn(svg: str) -> ET.Element:
    """The picture as XML: it must be well-formed."""
    return ET.fromstring(svg)


def words(svg: str) -> list[str]:
    return [element.text or "" for element in drawn(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def told(programme: Make, placed: Place) -> Programme:
    lines = (placed(0.5, 1.5, "a"), placed(2.0, 3.0, "b", "mary"), placed(0.0, 6.0, "calm", role="music"))
    sounding = tuple(Placed(replace(one.cue, clip="c"), one.start, one.end) for one in lines)
    return programme(6.0, placed=sounding, chapters=(Mark("One & two", 0.0, 3.0), Mark(EVIL, 3.0, 6.0)))


@pytest.fixture
def certificate(told: Programme, tmp_path: Path) -> Certificate:
    flac.write(told, tmp_path / "<a> & b.flac")
    return certify(tmp_path / "<a> & b.flac", PROFILES["universal"])


def test_it_names_file_verdict_levels_and_chapters(certificate: Certificate) -> None:
    found = words(picture(certificate))
    assert "<a> & b.flac" in found
    assert "universal: not passed" in found
    assert any(word.startswith("loudness −") and "wanted −16 ± 1 LUFS" in word for word in found)
    assert "0:03" in found


def test_what_comes_from_outside_is_text(certificate: Certificate, told: Programme) -> None:
    evil = replace(told, names={"mary": EVIL, "narrator": "A\x00\x1b[31m"})
    svg = picture(certificate, evil)
    assert not list(drawn(svg).iter("{http://www.w3.org/2000/svg}script"))
    assert "<script" not in svg


def test_with_the_programme_every_cue_has_its_place(certificate: Certificate, told: Programme) -> None:
    svg = picture(certificate, told)
    assert [name for name in words(svg) if name in ("Narrator", "Mary", "Music")] == ["Narrator", "Mary", "Music"]
    boxes = [float(box.get("width", 0)) for box in drawn(svg).iter("{http://www.w3.org/2000/svg}rect")]
    assert sum(abs(width - PLOT / 6.0) < 0.2 for width in boxes) == 2


@pytest.mark.parametrize("seconds", [0.05, 1.0, 700.0])
def test_silence_and_any_length_can_be_drawn(tmp_path: Path, seconds: float) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(round(8_000 * seconds)), 8_000, "PCM_16")
    svg = picture(certify(tmp_path / "a.wav", PROFILES["acx"]))
    assert "nan" not in svg and "inf" not in svg
    assert drawn(svg).get("width") == "1200"


def test_a_picture_is_small_however_long_the_sound(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).standard_normal(8_000 * 1200) * 0.1
    soundfile.write(tmp_path / "a.wav", noise, 8_000, "PCM_16")
    assert len(picture(certify(tmp_path / "a.wav", PROFILES["ebu"]))) < 120_000


def test_the_name_says_which_picture_it_is(
    certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("resvg_py", reason="resvg-py is not installed here")
    monkeypatch.setattr(raster, "_has_fonts", lambda: True)
    save(certificate, tmp_path / "a.SVG")
    save(certificate, tmp_path / "a.png")
    assert drawn((tmp_path / "a.SVG").read_text("utf-8")) is not None
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(OutputError, match=r"'a\.gif' is no picture; name it \.svg, or \.png"):
        save(certificate, tmp_path / "a.gif")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["<a> & b.flac", "a.SVG", "a.png"]
