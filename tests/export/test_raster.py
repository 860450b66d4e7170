import sys
from pathlib import Path

import av
import pytest

from wavagent.errors import OutputError
from wavagent.export import raster

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="#ff0000"/></svg>'
)


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resvg_py", reason="resvg-py is not installed here")
    monkeypatch.setattr(raster, "_has_fonts", lambda: True)


def test_a_drawing_becomes_pixels_twice_as_many(fonts: None, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(raster.png(SVG))
    with av.open(str(path)) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert pixels.shape == (80, 120, 3) and (pixels == (255, 0, 0)).all()


def test_without_resvg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(OutputError, match=r"pip install 'wavagent\[png\]', or name the picture \.svg"):
        raster.png(SVG)


def test_without_a_font_no_mute_picture_is_drawn(fonts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "_has_fonts", lambda: False)
    with pytest.raises(OutputError, match="no font is installed here"):
        raster.png(SVG)


def test_fonts_are_seen_by_a_letter_that_leaves_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    for drawn, there in (({"M": b"ink", " ": b""}, True), ({"M": b"", " ": b""}, False)):
        raster._has_fonts.cache_clear()
        monkeypatch.setattr(raster, "_rendered", lambda svg, zoom, drawn=drawn: drawn["M" if "M</text" in svg else " "])
        assert raster._has_fonts() is there
    raster._has_fonts.cache_clear()
