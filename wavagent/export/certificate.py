"""A certificate: what was measured on a delivered file, and whether that is what a profile asks for."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from wavagent.dsp.gain import decibels
from wavagent.export.measure import Measurement, measure
from wavagent.export.profile import Profile, Span

MOST_DC = 0.001
"""Of full scale: a mean that is further from zero shifts the waveform, and clicks at every cut."""


@dataclass(frozen=True, slots=True)
class Check:
    """One demand: what was found and what was wanted, for people, and whether they agree."""

    name: str
    found: str
    wanted: str
    passed: bool


@dataclass(frozen=True)
class Certificate:
    """The checks of a `profile` on the file `path`. `print` shows a table."""

    path: Path
    profile: str
    measured: Measurement
    checks: tuple[Check, ...]
    note: str = ""

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def loudness(self) -> float:
        """LUFS of the whole file; -inf for silence."""
        return self.measured.loudness.integrated

    @property
    def true_peak(self) -> float:
        """dBTP; -inf for silence."""
        return decibels(self.measured.true_peak)

    def to_json(self) -> dict[str, JsonValue]:
        checks: list[JsonValue] = [
            {"name": check.name, "found": check.found, "wanted": check.wanted, "passed": check.passed}
            for check in self.checks
        ]
        found: dict[str, JsonValue] = {**self.measured.to_json()}
        return {
            "file": self.path.name,
            "profile": self.profile,
            "passed": self.passed,
            "checks": checks,
            "measured": found,
            "note": self.note,
        }

    def __str__(self) -> str:
        rows = [(check.name, check.found, check.wanted, "ok" if check.passed else "MISSED") for check in self.checks]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        verdict = "passed" if self.passed else "not passed"
        note = [f"({self.note})"] if self.note else []
        return "\n".join([f"{self.path.name}: {self.profile} {verdict}", *(line.rstrip() for line in lines), *note])


def certify(path: Path, profile: Profile) -> Certificate:
    """Decode and measure the audio file `path`, and hold it against `profile`. Raises InputError."""
    return certified(measure(path), profile)


def certified(found: Measurement, profile: Profile) -> Certificate:
    """What was measured, held against `profile`."""
    checks = (*_levels(found, profile), *_times(found, profile), *_coding(found, profile))
    return Certificate(found.track.path, profile.name, found, checks, profile.note)


def _levels(found: Measurement, profile: Profile) -> Iterator[Check]:
    loudness = found.loudness.integrated
    if profile.tolerance is not None:
        wanted = f"{_number(profile.target)} ± {profile.tolerance:g} LUFS"
        yield Check("loudness", _level(loudness, "LUFS"), wanted, _near(loudness, profile.target, profile.tolerance))
    if profile.sample_peak is not None:
        yield _at_most("sample peak", decibels(found.sample_peak), profile.sample_peak, "dBFS")
    else:
        yield _at_most("true peak", decibels(found.true_peak), profile.true_peak, "dBTP")
    if profile.rms:
        yield _within("RMS", found.rms, profile.rms, "dB")
    if profile.noise_floor:
        yield _within("noise floor", found.noise_floor, profile.noise_floor, "dB")
    yield Check("DC offset", f"{found.dc:.4f}", f"≤ {MOST_DC}", found.dc <= MOST_DC)


def _times(found: Measurement, profile: Profile) -> Iterator[Check]:
    spans = (("silence at start", found.head, profile.head), ("silence at end", found.tail, profile.tail))
    for name, seconds, span in (*spans, ("length", found.seconds, profile.seconds)):
        if span:
            yield _within(name, seconds, span, "s")
    if profile.chapters:
        starts = found.track.chapters
        first = f", first at {starts[0]:.3f} s" if starts else ""
        right = bool(starts) and abs(starts[0]) < 0.001
        yield Check("chapters", f"{len(starts)}{first}", "at least 1, first at 0 s", right)


def _coding(found: Measurement, profile: Profile) -> Iterator[Check]:
    track = found.track
    codec = "pcm" if track.codec.startswith("pcm_") else track.codec
    if profile.codecs:
        yield _among("codec", codec, profile.codecs, "")
    if track.channels in profile.kbps and codec not in ("pcm", "flac", "alac"):
        yield _within("bit rate", round(found.kbps, 1), profile.kbps[track.channels], "kbps")
    if profile.cbr and found.cbr is not None:
        yield Check("constant bit rate", "yes" if found.cbr else "no", "yes", found.cbr)
    if not profile.joint_stereo and found.mpeg:
        modes = ", ".join(sorted(found.mpeg.modes))
        right = len(found.mpeg.modes) == 1 and "joint stereo" not in found.mpeg.modes
        yield Check("channel mode", modes, "one for all frames, not joint stereo", right)
    if profile.rates:
        yield _among("sample rate", track.rate, profile.rates, " Hz")
    if profile.channels:
        yield _among("channels", track.channels, profile.channels, "")


def _near(value: float, target: float, tolerance: float) -> bool:
    return math.isfinite(value) and abs(value - target) <= tolerance


def _at_most(name: str, value: float, most: float, unit: str) -> Check:
    return Check(name, _level(value, unit), f"≤ {_number(most)} {unit}", value <= most)


def _within(name: str, value: float, span: Span, unit: str) -> Check:
    low, high = span
    wanted = f"{_number(low)} {unit}" if low == high else f"{_number(low)} to {_number(high)} {unit}"
    return Check(name, _level(value, unit), wanted, low <= value <= high)


def _among(name: str, value: str | int, allowed: Sequence[str | int], unit: str) -> Check:
    wanted = " or ".join(f"{one}{unit}" for one in allowed)
    return Check(name, f"{value}{unit}", wanted, value in allowed)


def _level(value: float, unit: str) -> str:
    return f"{_number(round(value, 2))} {unit}" if math.isfinite(value) else "silence"


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
