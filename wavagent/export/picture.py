"""A certificate as a picture: loudness and peaks over time, the chapters, and what sounds when, as SVG or PNG.

Written directly: a few hundred lines and rectangles need no library. Everything that comes from outside is escaped.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wavagent.errors import OutputError
from wavagent.export.certificate import Certificate
from wavagent.export.check import number
from wavagent.export.clock import short
from wavagent.export.lane import lanes
from wavagent.export.place import replacing, write_text
from wavagent.export.profile import PROFILES, Profile
from wavagent.export.raster import FONTS, png, require_png
from wavagent.programme import Programme
from wavagent.text import one_line

WIDTH, LEFT, RIGHT = 1200, 110, 30
PLOT = WIDTH - LEFT - RIGHT
"""Pixels of the time axis; nothing is drawn finer."""

LOUDEST, QUIETEST = -5.0, -42.0  # LUFS that the loudness panel shows
HIGHEST, LOWEST = 0.0, -40.0  # dBFS that the peak panel shows
LANE = 16

INK, FAINT, GRID, LIGHT = "#1b1f24", "#6a737d", "#e3e6ea", "#b9d4f0"
BLUE, GREEN, RED, BAND = "#1f6fc5", "#237a3b", "#c4271b", "#e6f4ea"
COLOURS = ("#1f6fc5", "#b5590f", "#6d49b5", "#0f7f7a", "#a8327e", "#6b6f12", "#35509c", "#8a3b2c")

_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
_CHANNELS = {1: "mono", 2: "stereo"}
_CHARACTER = 6.6  # pixels, about, of a character of 12


def save(certificate: Certificate, path: Path, programme: Programme | None = None) -> None:
    """Write the picture to `path`, an .svg or a .png. Raises OutputError."""
    picturable(path)
    drawn = picture(certificate, programme)
    if path.suffix.lower() == ".svg":
        write_text(path, drawn)
        return
    with replacing(path) as fresh:
        fresh.write_bytes(png(drawn))


def picturable(path: Path) -> None:
    """Raises OutputError when no picture can be written to a file called so."""
    suffix = path.suffix.lower()
    if suffix not in (".svg", ".png"):
        raise OutputError(f"'{path.name}' is no picture; name it .svg, or .png")
    if suffix == ".png":
        require_png()


def picture(certificate: Certificate, programme: Programme | None = None) -> str:
    """The picture as SVG; with the `programme` that the file was made from, its cues too."""
    seconds = certificate.measured.seconds
    panels = (
        _head(certificate),
        _loudness(certificate),
        _peaks(certificate),
        _chapters(certificate, seconds),
        _cues(programme, seconds),
        _axis(seconds),
    )
    drawn: list[str] = []
    top = 0
    for height, parts in panels:
        drawn.append(f'<g transform="translate(0 {top})">{"".join(parts)}</g>')
        top += height
    title = escape(one_line(certificate.path.name))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        f'font-family="{FONTS}" font-size="12">'
        f'<title>{title}</title><rect width="{WIDTH}" height="{top}" fill="#ffffff"/>' + "\n".join(drawn) + "</svg>\n"
    )


Panel = tuple[int, Iterable[str]]
"""A height, and what is drawn in it, from its upper edge."""


def _head(certificate: Certificate) -> Panel:
    found = certificate.measured
    verdict, colour = ("passed", GREEN) if certificate.passed else ("not passed", RED)
    facts = [
        short(found.seconds),
        f"{found.track.codec} {found.kbps:.0f} kbps",
        f"{found.track.rate} Hz",
        _CHANNELS.get(found.track.channels, ""),
    ]
    parts = [
        _text(LEFT, 34, certificate.path.name, 18, weight="600"),
        _text(LEFT, 58, f"{certificate.profile}: {verdict}", 13, colour, weight="600"),
        _text(WIDTH - RIGHT, 34, " · ".join(facts), 12, FAINT, "end"),
    ]
    missed = [f"{check.name} {check.found}, wanted {check.wanted}" for check in certificate.checks if not check.passed]
    parts += [_text(LEFT, 76 + 16 * row, line, 12, RED) for row, line in enumerate(missed)]
    return 78 + 16 * len(missed), parts


def _loudness(certificate: Certificate) -> Panel:
    height, found, profile = 180, certificate.measured, PROFILES.get(certificate.profile)
    parts = list(_panel("loudness", "LUFS", height, LOUDEST, QUIETEST, 10))

    def y(level: float) -> float:
        return _y(level, height, LOUDEST, QUIETEST)

    if profile and profile.tolerance is not None:
        top, bottom = y(profile.target + profile.tolerance), y(profile.target - profile.tolerance)
        parts.insert(0, _box(LEFT, top, PLOT, bottom - top, BAND))
    loudness = found.loudness
    for levels, window, colour, width in ((loudness.momentary, 0.4, LIGHT, 1.0), (loudness.short_term, 3.0, BLUE, 1.6)):
        if len(levels):
            parts.append(_line(_columns(levels, window / found.seconds), y, colour, width))
    if np.isfinite(loudness.integrated):
        at = y(loudness.integrated)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{INK}" stroke-dasharray="6 4"/>')
        words = f"integrated {loudness.integrated:.1f} LUFS, range {loudness.range:.1f} LU".replace("-", "−")
        parts.append(_text(WIDTH - RIGHT - 4, height - 16, words, 11, anchor="end"))
    parts.append(_text(LEFT + 8, height - 16, "momentary (0.4 s)", 11, "#6f9ccb"))
    parts.append(_text(LEFT + 124, height - 16, "short-term (3 s)", 11, BLUE))
    if profile and profile.tolerance is not None:
        parts.append(_text(LEFT + 228, height - 16, f"wanted {_wanted(profile)}", 11, GREEN))
    return height + 24, parts


def _wanted(profile: Profile) -> str:
    return f"{number(profile.target)} ± {profile.tolerance:g} LUFS"


def _peaks(certificate: Certificate) -> Panel:
    height, found, profile = 84, certificate.measured, PROFILES.get(certificate.profile)
    with np.errstate(divide="ignore"):
        levels = 20.0 * np.log10(found.peaks.astype(np.float64))
    parts = list(_panel("peaks", "dBFS", height, HIGHEST, LOWEST, 20))
    for x, level in enumerate(_columns(levels, 0.0)):
        if level > LOWEST:
            at = _y(level, height, HIGHEST, LOWEST)
            parts.append(f'<path d="M{LEFT + x + 0.5} {height}V{at:.1f}" stroke="{LIGHT}"/>')
    if profile:
        limit = profile.true_peak if profile.sample_peak is None else profile.sample_peak
        at = _y(limit, height, HIGHEST, LOWEST)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{RED}"/>')
        unit = "dBTP" if profile.sample_peak is None else "dBFS"
        parts.append(_text(LEFT + 8, height - 6, f"at most {number(limit)} {unit}", 11, RED))
    if np.isfinite(certificate.true_peak):
        words = f"true peak {certificate.true_peak:.1f} dBTP".replace("-", "−")
        parts.append(_text(WIDTH - RIGHT - 4, height - 6, words, 11, anchor="end"))
    return height + 24, parts


def _chapters(certificate: Certificate, seconds: float) -> Panel:
    track = certificate.measured.track
    if not track.chapters:
        return 0, ()
    ends = [*track.chapters[1:], seconds]
    parts = [_text(LEFT - 10, 15, "chapters", 12, FAINT, "end")]
    for at, (start, end) in enumerate(zip(track.chapters, ends, strict=True)):
        x, width = _x(start, seconds), _x(end, seconds) - _x(start, seconds)
        parts.append(_box(x, 0, max(0.5, width - 1), 22, "#dde5ee" if at % 2 else "#eef2f6"))
        title = track.titles[at] if at < len(track.titles) else ""
        if label := _cut(one_line(title), width - 8):
            parts.append(_text(x + 4, 15, label, 12))
    return 34, parts


def _cues(programme: Programme | None, seconds: float) -> Panel:
    if programme is None:
        return 0, ()
    parts: list[str] = []
    rows = lanes(programme.placed, programme.names)
    for row, (name, placed) in enumerate(rows.items()):
        top, colour = row * LANE, COLOURS[row % len(COLOURS)]
        parts.append(_text(LEFT - 10, top + 11, _cut(one_line(name), LEFT - 20), 12, FAINT, "end"))
        parts.append(_box(LEFT, top + LANE - 1, PLOT, 1, GRID))
        for one in placed:
            x = _x(one.start / programme.rate, seconds)
            width = max(0.8, _x(one.end / programme.rate, seconds) - x)
            parts.append(_box(x, top + 2, width, LANE - 5, colour))
    return len(rows) * LANE + 6 * bool(rows), parts


def _axis(seconds: float) -> Panel:
    step = next((tick for tick in _TICKS if seconds / tick <= 12), 36_000)
    marks = np.arange(0.0, seconds, step)
    parts = [f'<path d="M{LEFT} 0.5H{WIDTH - RIGHT}" stroke="{FAINT}"/>']
    for mark in marks:
        x = _x(float(mark), seconds)
        parts.append(
            f'<path d="M{x:.1f} 0V5" stroke="{FAINT}"/>' + _text(x, 19, short(float(mark)), 11, FAINT, "middle")
        )
    return 32, parts


def _panel(name: str, unit: str, height: int, high: float, low: float, step: int) -> Iterator[str]:
    """The grid and the scale of a panel."""
    yield _text(14, 14, name, 12, FAINT)
    yield _text(14, 30, unit, 11, FAINT)
    for level in range(int(-(-low // step) * step), int(high) + 1, step):
        y = _y(level, height, high, low)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
        yield _text(LEFT - 10, y + 4, f"{level}".replace("-", "−"), 11, FAINT, "end")


def _columns(levels: NDArray[np.float64], late: float) -> list[float]:
    """The highest of `levels` in each column of the plot; the first stands `late`, a share of the whole, in it."""
    shift = min(PLOT - 1, round(late * PLOT))
    edges = np.linspace(0, len(levels), PLOT - shift + 1).astype(int)[:-1]
    return [-np.inf] * shift + [
        float(level) for level in np.maximum.reduceat(levels, np.minimum(edges, len(levels) - 1))
    ]


def _line(levels: Sequence[float], y: Callable[[float], float], colour: str, width: float) -> str:
    """A line through the levels; it breaks where there is silence."""
    path, drawing = [], False
    for x, level in enumerate(levels):
        inside = level > QUIETEST
        if inside:
            path.append(f"{'L' if drawing else 'M'}{LEFT + x} {y(min(level, LOUDEST)):.1f}")
        drawing = inside
    return f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'


def _x(seconds: float, whole: float) -> float:
    return LEFT + PLOT * min(1.0, seconds / whole)


def _y(level: float, height: int, high: float, low: float) -> float:
    return height * (high - min(max(level, low), high)) / (high - low)


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def _text(x: float, y: float, text: str, size: int, fill: str = INK, anchor: str = "start", weight: str = "400") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
        f"{escape(one_line(text))}</text>"
    )


def _cut(text: str, pixels: float) -> str:
    """`text` as far as it fits; empty when less than two characters do."""
    room = int(pixels / _CHARACTER)
    if len(text) <= room:
        return text
    return text[: room - 1].rstrip() + "…" if room >= 3 else ""
