"""A certificate: what was measured on a delivered file, and whether that is what a profile asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from wavagent.dsp.gain import decibels
from wavagent.export.boxes import MOST
from wavagent.export.check import Check, among, at_most, near, number, within, yes
from wavagent.export.decode import Track
from wavagent.export.measure import Measurement, measure
from wavagent.export.profile import Profile

MOST_DC = 0.001
"""Of full scale: a mean that is further from zero shifts the waveform, and clicks at every cut."""


@dataclass(frozen=True)
class Certificate:
    """The checks of a `profile` on the file `path`, and what it asks that no file can show. `print` shows a table."""

    path: Path
    profile: str
    measured: Measurement
    checks: tuple[Check, ...]
    note: str = ""
    unmeasured: tuple[str, ...] = ()

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
        found: dict[str, JsonValue] = {**self.measured.to_json()}
        return {
            "file": self.path.name,
            "profile": self.profile,
            "passed": self.passed,
            "checks": [check.to_json() for check in self.checks],
            "measured": found,
            "note": self.note,
            "not_measured": list(self.unmeasured),
        }

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "not passed"
        note = [f"({self.note})"] if self.note else []
        rest = [f"not measured: {one}" for one in self.unmeasured]
        return "\n".join([f"{self.path.name}: {self.profile} {verdict}", *rows(self.checks), *note, *rest])


def certify(path: Path, profile: Profile) -> Certificate:
    """Decode and measure `path`, an audio file or a book, and hold it against `profile`. Raises InputError."""
    return certified(measure(path), profile)


def certified(found: Measurement, profile: Profile) -> Certificate:
    """What was measured, held against `profile`."""
    checks = (*_levels(found, profile), *_times(found, profile), *_coding(found, profile), *_whole(found, profile))
    unmeasured = profile.unmeasured
    if profile.cover and found.track.cover is None:
        unmeasured += (f"the cover, {_cover(profile)}: there is none in the file",)
    return Certificate(found.track.path, profile.name, found, checks, profile.note, unmeasured)


def _levels(found: Measurement, profile: Profile) -> Iterator[Check]:
    loudness = found.loudness.integrated
    if profile.tolerance is not None:
        yield near("loudness", loudness, profile.target, profile.tolerance, "LUFS")
    if profile.sample_peak is not None:
        yield at_most("sample peak", decibels(found.sample_peak), profile.sample_peak, "dBFS")
    else:
        yield at_most("true peak", decibels(found.true_peak), profile.true_peak, "dBTP")
    if profile.rms:
        yield within("RMS", found.rms, profile.rms, "dB")
    if profile.noise_floor:
        yield within("noise floor", found.noise_floor, profile.noise_floor, "dB")
    yield Check("DC offset", f"{found.dc:.4f}", f"≤ {MOST_DC}", found.dc <= MOST_DC)


def _times(found: Measurement, profile: Profile) -> Iterator[Check]:
    spans = (("silence at start", found.head, profile.head), ("silence at end", found.tail, profile.tail))
    for name, seconds, span in (*spans, ("length", found.seconds, profile.seconds)):
        if span:
            yield within(name, seconds, span, "s")
    if profile.chapters:
        yield from _chapters(found.track, found.seconds)
        if found.boxes and found.boxes.nero:
            yield _lists(found.track.chapters, found.boxes.nero)


def _chapters(track: Track, seconds: float) -> Iterator[Check]:
    starts, ends = track.chapters, track.ends
    first = f", first at {starts[0]:.3f} s" if starts else ""
    yield Check(
        "chapters", f"{len(starts)}{first}", "at least 1, first at 0 s", bool(starts) and abs(starts[0]) < 0.001
    )
    if starts:
        gap = max((abs(end - start) for start, end in zip(starts[1:], ends, strict=False)), default=0.0)
        yield at_most("between chapters", round(1000 * gap, 1), 1.0, "ms")
        yield at_most("last chapter's end off by", round(1000 * abs(ends[-1] - seconds), 1), 50.0, "ms")


def _lists(starts: Sequence[float], nero: Sequence[float]) -> Check:
    """The two lists of chapters that an MP4 has; the older one cannot name them all."""
    off = max((abs(one - other) for one, other in zip(starts, nero, strict=False)), default=0.0)
    found = f"{len(starts)} and {len(nero)}, {number(round(1000 * off, 1))} ms apart"
    right = len(nero) == min(len(starts), MOST) and off <= 0.001
    return Check("both lists of chapters", found, "the same, ≤ 1 ms apart", right)


def _coding(found: Measurement, profile: Profile) -> Iterator[Check]:
    track = found.track
    codec = "pcm" if track.codec.startswith("pcm_") else track.codec
    if profile.codecs:
        yield among("codec", codec, profile.codecs)
    if track.channels in profile.kbps and codec not in ("pcm", "flac", "alac"):
        yield within("bit rate", round(found.kbps, 1), profile.kbps[track.channels], "kbps")
    if profile.cbr and found.cbr is not None:
        yield yes("constant bit rate", found.cbr)
    if not profile.joint_stereo and found.mpeg:
        modes = ", ".join(sorted(found.mpeg.modes))
        right = len(found.mpeg.modes) == 1 and "joint stereo" not in found.mpeg.modes
        yield Check("channel mode", modes, "one for all frames, not joint stereo", right)
    if profile.rates:
        yield among("sample rate", track.rate, profile.rates, " Hz")
    if profile.channels:
        yield among("channels", track.channels, profile.channels)


def _whole(found: Measurement, profile: Profile) -> Iterator[Check]:
    """What is asked of the file around the sound."""
    if profile.id3 and found.track.codec == "mp3":
        tags = f"ID3 2.{found.id3}" if found.id3 else "none"
        yield Check("tags", tags, f"ID3 2.{profile.id3}", found.id3 == profile.id3)
    if profile.faststart and found.boxes is not None:
        yield yes("index before the sound", found.boxes.faststart)
    if profile.cover and found.track.cover is not None:
        codec, width, height = found.track.cover
        right = width == height and profile.cover[0] <= width <= profile.cover[1]
        yield Check("cover", f"{_PICTURES.get(codec, codec)}, {width} × {height} px", _cover(profile), right)
    yield from found.rules


_PICTURES = {"mjpeg": "JPEG", "png": "PNG"}


def _cover(profile: Profile) -> str:
    low, high = profile.cover or (0, 0)
    return f"square, {low:g} to {high:g} px" if high < float("inf") else f"square, ≥ {low:g} px"


def rows(checks: Sequence[Check]) -> list[str]:
    """The checks as lines of a table."""
    cells = [(check.name, check.found, check.wanted, "ok" if check.passed else "MISSED") for check in checks]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
