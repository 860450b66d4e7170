"""One demand of a specification, and whether what was found meets it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

Span = tuple[float, float]
"""The least and the most that is allowed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One demand: what was found and what was wanted, for people, and whether they agree."""

    name: str
    found: str
    wanted: str
    passed: bool

    def to_json(self) -> dict[str, JsonValue]:
        return {"name": self.name, "found": self.found, "wanted": self.wanted, "passed": self.passed}


def near(name: str, value: float, target: float, tolerance: float, unit: str) -> Check:
    right = math.isfinite(value) and abs(value - target) <= tolerance
    return Check(name, level(value, unit), f"{number(target)} ± {tolerance:g} {unit}", right)


def at_most(name: str, value: float, most: float, unit: str) -> Check:
    return Check(name, level(value, unit), f"≤ {number(most)} {unit}", value <= most)


def within(name: str, value: float, span: Span, unit: str) -> Check:
    low, high = span
    wanted = f"{number(low)} {unit}" if low == high else f"{number(low)} to {number(high)} {unit}"
    return Check(name, level(value, unit), wanted, low <= value <= high)


def among(name: str, value: str | int, allowed: Sequence[str | int], unit: str = "") -> Check:
    wanted = " or ".join(f"{one}{unit}" for one in allowed)
    return Check(name, f"{value}{unit}", wanted, value in allowed)


def yes(name: str, passed: bool) -> Check:
    """A demand that is met or not, and nothing between."""
    return Check(name, "yes" if passed else "no", "yes", passed)


def level(value: float, unit: str) -> str:
    return f"{number(round(value, 2))} {unit}" if math.isfinite(value) else "silence"


def number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
