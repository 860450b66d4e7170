"""Pause marks in text: `[pause:1.5s]`, `[pause 800ms]`, `[pause]`, `<break time="1s"/>`."""

import re

from wavagent.reading.document import Part

_MARK = re.compile(
    r"\[pause(?:[:= ]\s*(?P<number>\d{1,4}(?:\.\d{1,3})?)\s*(?P<unit>ms|s|sec|seconds)?)?\s*\]"
    r"|<break\s+time\s*=\s*[\"']?(?P<time>\d{1,4}(?:\.\d{1,3})?)(?P<of>ms|s)[\"']?\s*/?>",
    re.IGNORECASE,
)
USUAL = 1.0
"""Seconds, where a mark says none."""
LONGEST = 60.0
"""Seconds; a longer pause is a slip of the pen."""


def pauses(text: str) -> tuple[str, list[Part]]:
    """`text` without its pause marks, and the pauses where they stood."""
    pieces: list[str] = []
    parts: list[Part] = []
    length = last = 0
    for match in _MARK.finditer(text):
        pieces.append(text[last : match.start()])
        length += match.start() - last
        last = match.end()
        parts.append(Part(length, length, "pause", seconds=_seconds(match)))
    pieces.append(text[last:])
    return "".join(pieces), parts


def _seconds(match: re.Match[str]) -> float:
    number = match["number"] or match["time"]
    unit = (match["unit"] or match["of"] or "s").lower()
    return min(LONGEST, float(number) * (0.001 if unit == "ms" else 1.0)) if number else USUAL
