"""Pictures of pixels, from those that are drawn: PNG by resvg, where it is installed."""

from functools import cache

from wavagent.errors import OutputError

SCALE = 2.0
"""Pixels for each of the drawing: sharp on the screens of today."""

FONTS = "system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', 'Liberation Sans', 'Noto Sans', sans-serif"
"""Of what is written in a picture: one of them is on most machines."""

_INSTALL = "pip install 'wavagent[png]', or name the picture .svg, which any browser shows"
_LETTER = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="{FONTS}">'
    '<text y="18" font-size="20">{}</text></svg>'
)


def png(svg: str) -> bytes:
    """The drawing `svg` as a PNG. Raises OutputError where that cannot be done."""
    require_png()
    return _rendered(svg, SCALE)


def require_png() -> None:
    """Raises OutputError when there is nothing to make a PNG with, or no font, without which it would be mute."""
    try:
        import resvg_py  # noqa: F401
    except ImportError:
        raise OutputError(f"a picture is made a PNG by resvg-py, which is not installed; {_INSTALL}") from None
    if not _has_fonts():
        raise OutputError("no font is installed here, and a PNG would have no words; name the picture .svg")


@cache
def _has_fonts() -> bool:
    return _rendered(_LETTER.format("M"), 1.0) != _rendered(_LETTER.format(" "), 1.0)


def _rendered(svg: str, zoom: float) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom))
