"""A chart as SVG: a row for every slot of a pool and every step, the tools in colour, the critical path underlined.

Written directly: rectangles and text need no library. Everything that comes from outside is escaped.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from wavagent.chart.chart import STEPS, Bar, Chart
from wavagent.text import one_line

WIDTH, LEFT, RIGHT = 1200, 110, 30
PLOT = WIDTH - LEFT - RIGHT
"""Pixels of the time axis; nothing is drawn finer."""

ROW, BAR = 30, 22
NARROW = 4.0
"""Pixels: neighbours that are narrower are drawn as one, so that ten thousand calls stay a picture."""

INK, FAINT, GRID, RED, STEP = "#1b1f24", "#6a737d", "#e3e6ea", "#c4271b", "#8b949e"
COLOURS = ("#1f6fc5", "#b5590f", "#6d49b5", "#0f7f7a", "#a8327e", "#6b6f12", "#35509c", "#8a3b2c")

_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400)
_CHARACTER = 6.6  # pixels, about, of a character of 12

Panel = tuple[int, Iterable[str]]
"""A height, and what is drawn in it, from its upper edge."""


def svg(chart: Chart) -> str:
    """The chart as an SVG document."""
    colours = {share.tool: COLOURS[place % len(COLOURS)] for place, share in enumerate(chart.shares)}
    scale = _Scale(max(chart.seconds, *(share.saved for share in chart.shares), 0.1, 0.0))
    drawn: list[str] = []
    top = 0
    for height, parts in (
        _head(chart),
        _legend(chart, colours),
        _rows(chart, colours, scale),
        _saved(chart, colours, scale),
        _axis(scale),
        _path(chart),
    ):
        drawn.append(f'<g transform="translate(0 {top})">{"".join(parts)}</g>')
        top += height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        f"font-family=\"system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\" font-size=\"12\">"
        f'<title>{escape(one_line(chart.title))}</title><rect width="{WIDTH}" height="{top}" fill="#ffffff"/>'
        + "\n".join(drawn)
        + "</svg>\n"
    )


class _Scale:
    """Seconds as pixels."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def x(self, seconds: float) -> float:
        return LEFT + PLOT * min(1.0, seconds / self.seconds)


def _head(chart: Chart) -> Panel:
    kind = "as it was measured" if chart.measured else "as it is expected"
    kept = sum(share.kept for share in chart.shares)
    facts = [counted(len(chart.graph), "call"), *([f"{kept} kept"] if kept else [])]
    return 64, [
        _text(LEFT, 34, _cut(one_line(chart.title), PLOT - 260), 18, weight="600"),
        _text(LEFT, 56, f"{clock(chart.seconds)}, {kind}", 13, FAINT),
        _text(WIDTH - RIGHT, 34, " · ".join(facts), 12, FAINT, "end"),
    ]


def _legend(chart: Chart, colours: Mapping[str, str]) -> Panel:
    parts, x, line = [], float(LEFT), 0
    for share in chart.shares:
        label = f"{share.tool}: {counted(share.calls, 'call')}, {clock(share.took)} of work"
        width = 20 + len(label) * _CHARACTER
        if x > LEFT and x + width > WIDTH - RIGHT:
            x, line = float(LEFT), line + 1
        parts += [_box(x, 8 + 20 * line, 11, 11, colours[share.tool]), _text(x + 17, 18 + 20 * line, label, 12)]
        x += width + 16
    return 38 + 20 * line, parts


def _rows(chart: Chart, colours: Mapping[str, str], scale: _Scale) -> Panel:
    critical = set(chart.critical)
    rows = [row for row in chart.rows if _worth(chart, row)]
    height = ROW * len(rows)
    parts = [f'<path d="M{scale.x(tick):.1f} 0V{height}" stroke="{GRID}"/>' for tick in _ticks(scale.seconds)]
    for place, row in enumerate(rows):
        top = ROW * place
        parts.append(_text(LEFT - 10, top + 19, _cut(row, LEFT - 20), 12, FAINT, "end"))
        parts.append(_box(LEFT, top + ROW - 0.5, PLOT, 1, GRID))
        for bar in _merged([bar for bar in chart.bars if bar.row == row], scale):
            parts.extend(_bar(bar, top + 4, colours.get(bar.tool, STEP), scale, critical))
    return height, parts


def _worth(chart: Chart, row: str) -> bool:
    """Whether a row is more than a hair: the captions of a story are written in no time."""
    return sum(bar.took for bar in chart.bars if bar.row == row) > chart.seconds / 400


def _bar(bar: Bar, top: float, colour: str, scale: _Scale, critical: set[str]) -> Iterator[str]:
    x, width = scale.x(bar.start), max(1.0, scale.x(bar.end) - scale.x(bar.start) - 0.6)
    what = clock(bar.took) if bar.tool == STEPS else _called(bar)
    tip = f"{bar.row if bar.tool == STEPS else bar.tool}: {what}; {clock(bar.start)} to {clock(bar.end)}"
    yield f"<g><title>{escape(tip)}</title>{_box(x, top, width, BAR, colour, 2)}"
    if label := _cut(what, width - 8):
        yield _text(x + 5, top + 15, label, 11, "#ffffff")
    if not critical.isdisjoint(bar.calls):
        yield _box(x, top + BAR - 3, width, 4, RED)
    yield "</g>"


def _called(bar: Bar) -> str:
    return bar.calls[0] if len(bar.calls) == 1 else f"{len(bar.calls)} calls, from {bar.calls[0]}"


def _merged(bars: Sequence[Bar], scale: _Scale) -> Iterator[Bar]:
    """`bars` of one row in order, narrow neighbours joined."""
    group: list[Bar] = []
    for bar in bars:
        if group and not _joins(group, bar, scale):
            yield _joined(group)
            group = []
        group.append(bar)
    if group:
        yield _joined(group)


def _joins(group: Sequence[Bar], bar: Bar, scale: _Scale) -> bool:
    """Whether a bar is one with those before it: both are narrow, or one is and they are of one tool."""
    last = group[-1]
    widths = (scale.x(last.end) - scale.x(group[0].start), scale.x(bar.end) - scale.x(bar.start))
    close = scale.x(bar.start) - scale.x(last.end) < 1.0
    same = last.tool == bar.tool
    return close and STEPS not in (last.tool, bar.tool) and (min(widths) if same else max(widths)) < NARROW


def _joined(group: Sequence[Bar]) -> Bar:
    """The bars as one, of the tool that took longest."""
    took: dict[str, float] = {}
    for bar in group:
        took[bar.tool] = took.get(bar.tool, 0.0) + bar.took
    calls = tuple(call for bar in group for call in bar.calls)
    return Bar(
        group[0].row, max(took, key=lambda tool: took[tool]), group[0].start, group[-1].end - group[0].start, calls
    )


def _saved(chart: Chart, colours: Mapping[str, str], scale: _Scale) -> Panel:
    """What the store saved: pale, for nothing of it runs."""
    kept = [share for share in chart.shares if share.kept]
    if not kept:
        return 0, ()
    parts, at = [_text(LEFT - 10, 19, "kept", 12, FAINT, "end")], 0.0
    for share in kept:
        x, width = scale.x(at), max(1.0, scale.x(at + share.saved) - scale.x(at) - 0.6)
        colour = colours[share.tool]
        tip = f"{share.tool}: {counted(share.kept, 'call')} kept, which saves {clock(share.saved)}"
        parts.append(f'<g opacity="0.3"><title>{escape(tip)}</title>{_box(x, 4, width, BAR, colour, 2)}</g>')
        if label := _cut(counted(share.kept, "call"), width - 8):
            parts.append(_text(x + 5, 19, label, 11))
        at += share.saved
    parts.append(_text(scale.x(at) + 8, 19, f"saves {clock(sum(share.saved for share in kept))} of work", 11, FAINT))
    return ROW + 4, parts


def _axis(scale: _Scale) -> Panel:
    parts = [f'<path d="M{LEFT} 0.5H{WIDTH - RIGHT}" stroke="{FAINT}"/>']
    for tick in _ticks(scale.seconds):
        x = scale.x(tick)
        parts.append(f'<path d="M{x:.1f} 0V5" stroke="{FAINT}"/>' + _text(x, 19, clock(tick), 11, FAINT, "middle"))
    return 32, parts


def _path(chart: Chart) -> Panel:
    if not chart.critical:
        return 8, ()
    took = sum(chart.took.get(call, 0.0) for call in chart.critical)
    ids = chart.critical if len(chart.critical) <= 6 else (*chart.critical[:3], "…", *chart.critical[-2:])
    words = f"critical path, {clock(took)}: " + " → ".join(map(one_line, ids))
    return 30, [_box(LEFT, 9, 11, 4, RED), _text(LEFT + 17, 15, _cut(words, PLOT - 20), 12)]


def counted(number: int, what: str) -> str:
    """How many there are: 1 call, 2 calls."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def clock(seconds: float) -> str:
    """Seconds as people write them: 0.35 s, 12.5 s, 3:20, 1:02:03."""
    if seconds < 60:
        return f"{seconds:.2f} s" if 0 < seconds < 0.995 else f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _ticks(seconds: float) -> list[float]:
    step = next((tick for tick in _TICKS if seconds / tick <= 14), 36_000)
    return [round(step * count, 3) for count in range(int(seconds / step) + 1)]


def _box(x: float, y: float, width: float, height: float, fill: str, round: float = 0) -> str:
    corners = f' rx="{round:g}"' if round else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{corners}/>'


def _text(x: float, y: float, text: str, size: int, fill: str = INK, anchor: str = "start", weight: str = "400") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(one_line(text))}</text>'
    )


def _cut(text: str, pixels: float) -> str:
    """`text` as far as it fits; empty when less than three characters do."""
    room = int(pixels / _CHARACTER)
    if len(text) <= room:
        return text
    return text[: room - 1].rstrip() + "…" if room >= 4 else ""
