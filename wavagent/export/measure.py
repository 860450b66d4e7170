"""A file measured as it is heard, in one pass and little memory (3 MB an hour)."""

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.dsp.gain import decibels, peak, power_decibels
from wavagent.dsp.kweight import LOWEST_RATE
from wavagent.dsp.loudness import Loudness, Meter
from wavagent.dsp.truepeak import TruePeak
from wavagent.errors import InputError
from wavagent.export import id3
from wavagent.export.book import Book, read_book, rules
from wavagent.export.boxes import Boxes, boxes
from wavagent.export.check import Check
from wavagent.export.decode import Track, track
from wavagent.export.mpeg import MpegFrames, mpeg_frames

QUIET = -50.0
"""dBFS; what is quieter than this at the beginning and the end of a file counts as silence."""

_FLOOR_WINDOW = 50  # hops of 10 ms: ACX looks at half a second


@dataclass(frozen=True)
class Measurement:
    """What was found in a file. Peaks are linear, `dc` the largest mean of a channel, `frames` a number."""

    track: Track
    frames: int
    loudness: Loudness
    true_peak: float
    sample_peak: float
    dc: float
    power: float  # the mean square over all channels
    powers: NDArray[np.float32]  # the same for every 10 ms
    peaks: NDArray[np.float32]  # the highest sample of every 10 ms
    mpeg: MpegFrames | None = None
    boxes: Boxes | None = None
    id3: int | None = None  # the version of its tags, 4 for 2.4
    rules: tuple[Check, ...] = ()  # what the format itself asks of a book, whatever the profile

    @property
    def seconds(self) -> float:
        return self.frames / self.track.rate

    @property
    def rms(self) -> float:
        """dBFS over the whole file: a full-scale square wave is 0 dB."""
        return power_decibels(self.power)

    @cached_property
    def noise_floor(self) -> float:
        """dBFS of the quietest half second; of a shorter file, its RMS."""
        if len(self.powers) < _FLOOR_WINDOW:
            return self.rms
        count = len(self.powers) - _FLOOR_WINDOW + 1
        total = np.zeros(count)
        for lag in range(_FLOOR_WINDOW):
            total += self.powers[lag : lag + count]
        return power_decibels(float(total.min()) / _FLOOR_WINDOW)

    @property
    def head(self) -> float:
        """Seconds before the first 10 ms above QUIET; all of them when there are none."""
        return self._silence(self.powers)

    @property
    def tail(self) -> float:
        """Seconds after the last 10 ms above QUIET."""
        return self._silence(self.powers[::-1])

    def _silence(self, powers: NDArray[np.float32]) -> float:
        loud = np.flatnonzero(powers > 10.0 ** (QUIET / 10.0))
        return float(loud[0]) / 100 if len(loud) else self.seconds

    @property
    def cbr(self) -> bool | None:
        """Whether every frame has the same bit rate; None where that is not known."""
        return len(self.mpeg.kbps) == 1 if self.mpeg else None

    @property
    def kbps(self) -> float:
        return float(max(self.mpeg.kbps)) if self.mpeg and self.cbr else self.track.kbps

    def to_json(self) -> dict[str, float | int | str | bool | None]:
        """The numbers, rounded; null for the level of silence."""
        levels = {
            "loudness_lufs": self.loudness.integrated,
            "loudness_range_lu": self.loudness.range,
            "max_momentary_lufs": self.loudness.max_momentary,
            "max_short_term_lufs": self.loudness.max_short_term,
            "true_peak_dbtp": decibels(self.true_peak),
            "sample_peak_dbfs": decibels(self.sample_peak),
            "rms_dbfs": self.rms,
            "noise_floor_dbfs": self.noise_floor,
        }
        return {
            **{name: round(value, 2) if math.isfinite(value) else None for name, value in levels.items()},
            "dc": round(self.dc, 6),
            "seconds": round(self.seconds, 3),
            "head_seconds": round(self.head, 2),
            "tail_seconds": round(self.tail, 2),
            "codec": self.track.codec,
            "kbps": round(self.kbps, 1),
            "cbr": self.cbr,
            "rate": self.track.rate,
            "channels": self.track.channels,
            "chapters": len(self.track.chapters),
        }


def measure(path: Path) -> Measurement:
    """Decode all of `path` and measure it; of a book, its sounds one after the other, and how they fit its text.

    Raises InputError when it cannot be decoded, or holds no sound.
    """
    if path.suffix.lower() == ".epub":
        return _measured_book(read_book(path))
    found = track(path)
    return replace(
        _measured(found, found.blocks()),
        mpeg=mpeg_frames(path) if found.codec == "mp3" else None,
        boxes=boxes(path) if "mp4" in found.container else None,
        id3=id3.version(path),
    )


def _measured_book(book: Book) -> Measurement:
    with book.unpacked() as paths:
        tracks = [track(path) for path in paths]
        first = tracks[0]
        if any((one.rate, one.channels, one.codec) != (first.rate, first.channels, first.codec) for one in tracks):
            raise InputError(f"'{book.path}' holds sounds of more than one kind; make them all alike")
        starts: list[float] = []
        frames = [0]

        def blocks() -> Iterator[Samples]:
            for one in tracks:
                starts.append(sum(frames) / first.rate)
                frames.append(0)
                for block in one.blocks():
                    frames[-1] += len(block)
                    yield block

        whole = replace(first, path=book.path, container="epub", chapters=(), titles=(), ends=(), cover=None)
        found = _measured(whole, blocks())
        kinds = [mpeg_frames(path) for path in paths] if first.codec == "mp3" else []
        return replace(
            found,
            track=replace(whole, chapters=tuple(starts), ends=(*starts[1:], found.seconds)),
            mpeg=MpegFrames.union(kinds) if kinds else None,
            rules=tuple(rules(book, [count / first.rate for count in frames[1:]])),
        )


def _measured(found: Track, blocks: Iterable[Samples]) -> Measurement:
    if found.rate < LOWEST_RATE:
        raise InputError(f"'{found.path}' has a rate of {found.rate} Hz; loudness is defined from {LOWEST_RATE} Hz on")
    loudness, true_peak = Meter(found.rate, found.channels), TruePeak(found.channels)
    levels = _Levels(found.rate, found.channels)
    for block in blocks:
        loudness.feed(block)
        true_peak.feed(block)
        levels.feed(block)
    if not levels.frames:
        raise InputError(f"'{found.path}' holds no sound at all; it may have been cut off while it was written")
    return Measurement(
        found,
        levels.frames,
        loudness.loudness(),
        true_peak.peak,
        levels.peak,
        float(np.abs(levels.sums).max() / levels.frames),
        levels.power / (levels.frames * found.channels),
        np.frombuffer(levels.powers, np.float32),
        np.frombuffer(levels.peaks, np.float32),
    )


class _Levels:
    """What it is fed, summed up: samples by channel, their squares and their peaks, together and for every 10 ms."""

    def __init__(self, rate: int, channels: int) -> None:
        self._hop = rate // 100
        self._rest = np.zeros((0, channels), np.float32)
        self.frames = 0
        self.peak = 0.0
        self.power = 0.0
        self.sums = np.zeros(channels)
        self.powers = array("f")
        self.peaks = array("f")

    def feed(self, samples: Samples) -> None:
        self.frames += len(samples)
        self.peak = max(self.peak, peak(samples))
        self.sums += samples.sum(axis=0, dtype=np.float64)
        held = np.concatenate([self._rest, samples])
        whole = len(held) // self._hop * self._hop
        hops = held[:whole].reshape(-1, self._hop * samples.shape[1])
        self.power += float(np.vdot(samples, samples))
        self.powers.frombytes((np.einsum("hs,hs->h", hops, hops) / hops.shape[1]).astype(np.float32).tobytes())
        self.peaks.frombytes(np.maximum(hops.max(axis=1), -hops.min(axis=1)).astype(np.float32).tobytes())
        self._rest = held[whole:]
