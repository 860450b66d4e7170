"""Loudness of programmes and clips: ITU-R BS.1770-4, EBU R 128, EBU Tech 3341 and 3342.

Units: LUFS and LU. Energies are mean squares of the K-weighted samples, summed over the channels with the weights
of BS.1770 (1.0 in front, 1.41 at the sides, 0.0 for the LFE), one for each `hop` of 100 ms. All measures follow
from those, so a `Loudness` is small (0.3 MB an hour), can be stored, and joins to that of a longer programme.
Measured in hops of 10 ms it is ten times as large; joined, it can be that of hops of 100 ms again.

Silence has no loudness: every measure is -inf for it, and for less sound than the measure's window; never NaN.
"""

import math
import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from wavagent.audio import Samples
from wavagent.dsp.gain import power_decibels
from wavagent.dsp.kweight import LOWEST_RATE, Floats, KWeighting
from wavagent.dsp.resample import resampled

OFFSET = -0.691
"""BS.1770-4: what makes a 997 Hz sine of 0 dBFS in one channel read -3.01 LUFS."""

SILENCE = -70.0
"""LUFS; the absolute gate: what is quieter is not programme."""

_HEADER = struct.Struct("<4sIIQ")
_MAGIC = b"LUF1"


def hop_frames(rate: int, hops: int = 10) -> int:
    """Frames in 1/`hops` of a second, the grid of all windows: 100 ms, rounded to a frame as libebur128 does."""
    return (rate + hops // 2) // hops


def channel_weights(channels: int) -> tuple[float, ...]:
    """BS.1770-4, table 3, for the usual orders: L R C, L R Ls Rs, L R C Ls Rs, L R C LFE Ls Rs."""
    surround = {4: (1.0, 1.0, 1.41, 1.41), 5: (1.0, 1.0, 1.0, 1.41, 1.41), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}
    return surround.get(channels, (1.0,) * channels)


def lufs(energy: float) -> float:
    """The loudness of a weighted mean square; -inf for none."""
    return OFFSET + power_decibels(energy)


def _energy(level: float) -> float:
    return math.exp((level - OFFSET) * math.log(10.0) / 10.0)


@dataclass(frozen=True, slots=True, eq=False)
class Loudness:
    """The energies of a programme, one per whole hop; `frames` is its full length, the unfinished hop included.

    `hops` is the number of hops in a second: 10, or 100 when momentary maxima must be exact (Tech 3341, cases
    13 and 14, want an update every 10 ms).
    """

    energies: Floats
    frames: int
    rate: int
    hops: int = 10

    @classmethod
    def of(cls, samples: Samples, rate: int, hops: int = 10) -> Self:
        """The loudness of all of `samples`."""
        meter = Meter(rate, samples.shape[1], hops)
        meter.feed(samples)
        found = meter.loudness()
        return cls(found.energies, found.frames, found.rate, found.hops)

    @classmethod
    def joined(cls, parts: Iterable["Loudness"], hops: int | None = None) -> Self:
        """The loudness of a programme from that of its parts, in order; gating blocks reach across the seams.

        Each part but the last is a whole number of hops long, and each was metered from silence, so the filter's
        ringing over a seam (some 50 ms below 100 Hz) is left out. `hops` a second are kept, those of the parts or
        fewer; the parts are taken one at a time. Raises ValueError when there are no parts or they do not fit.
        """
        splice: Splice | None = None
        for part in parts:
            if splice is None:
                splice = Splice(part.rate, part.hops, hops or part.hops)
            splice.add(part)
        if splice is None:
            raise ValueError("no loudness to join; there must be at least one part")
        return cls(np.array(splice.energies), splice.frames, splice.rate, splice.hops)

    def windows(self, seconds: float) -> Floats:
        """The mean energy of every window of so many seconds (a multiple of 0.1), one per hop."""
        width = round(seconds * self.hops)
        if len(self.energies) < width:
            return np.zeros(0)
        # sums of slices, not differences of a running sum: after a bang, silence must stay silence
        count = len(self.energies) - width + 1
        total = np.zeros(count)
        for lag in range(width):
            total += self.energies[lag : lag + count]
        return total / width

    @property
    def integrated(self) -> float:
        """LUFS over all, with both gates: 400 ms blocks every 100 ms above -70 LUFS, then above their mean - 10 LU."""
        return lufs(_gated_mean(self.windows(0.4)[:: self.hops // 10], 10.0))

    @property
    def momentary(self) -> Floats:
        """LUFS of every 400 ms window."""
        return _levels(self.windows(0.4))

    @property
    def short_term(self) -> Floats:
        """LUFS of every 3 s window."""
        return _levels(self.windows(3.0))

    @property
    def max_momentary(self) -> float:
        """LUFS of the loudest 400 ms."""
        return lufs(float(self.windows(0.4).max(initial=0.0)))

    @property
    def max_short_term(self) -> float:
        """LUFS of the loudest 3 s."""
        return lufs(float(self.windows(3.0).max(initial=0.0)))

    @property
    def range(self) -> float:
        """LRA in LU (EBU Tech 3342): from the 10th to the 95th percentile of the gated short-term loudness.

        The percentiles are of the ranks that Tech 3342 gives. FFmpeg takes the one below for the 10th, which in a
        clip of 5 s, of 20 windows, can be more than 1 LU lower, and in a minute is nothing.
        """
        windows = self.windows(3.0)[:: self.hops // 10]
        kept = np.sort(windows[windows >= _gate(windows, 20.0)])
        if not len(kept):
            return 0.0
        low, high = (kept[math.floor((len(kept) - 1) * share + 0.5)] for share in (0.10, 0.95))
        return lufs(float(high)) - lufs(float(low))

    def to_bytes(self) -> bytes:
        """A form to store; `from_bytes` reads it back, equal to the bit."""
        header = _HEADER.pack(_MAGIC, self.rate, self.hops, self.frames)
        return header + self.energies.astype("<f8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` wrote. Raises ValueError for anything else."""
        if len(data) < _HEADER.size or data[:4] != _MAGIC or (len(data) - _HEADER.size) % 8:
            raise ValueError(f"{len(data)} bytes are no stored loudness; measure it again")
        _, rate, hops, frames = _HEADER.unpack_from(data)
        return cls(np.frombuffer(data, "<f8", offset=_HEADER.size).astype(np.float64), frames, rate, hops)


def _gate(windows: Floats, below: float) -> float:
    """The energy that counts: the absolute gate, or `below` LU under the mean of what passes it."""
    absolute = _energy(SILENCE)
    loud = windows[windows >= absolute]
    return max(absolute, float(loud.mean()) * 10.0 ** (-below / 10.0)) if len(loud) else absolute


def _gated_mean(windows: Floats, below: float) -> float:
    kept = windows[windows >= _gate(windows, below)]
    return float(kept.mean()) if len(kept) else 0.0


def _levels(energies: Floats) -> Floats:
    levels = np.full(len(energies), -np.inf)
    np.log10(energies, out=levels, where=energies > 0.0)
    return OFFSET + 10.0 * levels


class Splice:
    """Joins parts measured in `finer` hops a second to a programme of `hops` a second; it holds no part."""

    def __init__(self, rate: int, finer: int, hops: int) -> None:
        """Raises ValueError when the one hop is no whole number of the other."""
        self.rate, self.hops, self.frames = rate, hops, 0
        self.energies = array("d")
        self._finer, self._hop = finer, hop_frames(rate, finer)
        self._fold, rest = divmod(hop_frames(rate, hops), self._hop)
        self._left = np.zeros(0)
        if rest:
            raise ValueError(f"{finer} hops a second cannot be joined to {hops} at {rate} Hz; keep them as they are")

    def add(self, part: Loudness) -> None:
        """Join what comes next. Raises ValueError when it does not fit."""
        if (part.rate, part.hops) != (self.rate, self._finer):
            raise ValueError("loudness can only be joined at one rate and one hop; meter all parts alike")
        if self.frames % self._hop:
            raise ValueError(f"a seam at frame {self.frames} is not on a multiple of {self._hop}; cut programmes there")
        waiting = np.concatenate([self._left, part.energies])
        whole = len(waiting) // self._fold * self._fold
        self.energies.frombytes(waiting[:whole].reshape(-1, self._fold).mean(axis=1).tobytes())
        self._left = waiting[whole:]
        self.frames += part.frames


class Meter:
    """A loudness meter that is fed blocks of any size; the result does not depend on how they were cut.

    It keeps less than a hop of samples and eight bytes for each hop.
    """

    def __init__(self, rate: int, channels: int, hops: int = 10) -> None:
        """`hops` per second: 10 or 100 (see Loudness). Raises ValueError for others, or a rate below 4000 Hz."""
        if hops not in (10, 100):
            raise ValueError(f"a loudness meter makes 10 or 100 hops a second, not {hops}")
        self._rate, self._hops = rate, hops
        self._hop = hop_frames(rate, hops)
        self._weights = np.array(channel_weights(channels))
        self._filter = KWeighting(rate, channels, self._hop)
        self._rest = np.zeros((0, channels), np.float32)
        self._energies = array("d")

    def feed(self, samples: Samples) -> None:
        """Meter what comes next, shape (frames, channels). No second of it is held longer than a hop."""
        taken = 0
        if len(self._rest):
            taken = min(self._hop - len(self._rest), len(samples))
            self._rest = np.concatenate([self._rest, samples[:taken]])
            if len(self._rest) < self._hop:
                return
            self._measure(self._rest)
        whole = taken + (len(samples) - taken) // self._hop * self._hop
        stretch = max(self._rate // self._hop, 1) * self._hop  # a second at a time stays in the processor's cache
        for start in range(taken, whole, stretch):
            self._measure(samples[start : min(start + stretch, whole)])
        self._rest = samples[whole:].copy()

    def _measure(self, samples: Samples) -> None:
        weighted = self._filter.feed(samples).reshape(samples.shape[1], -1, self._hop)
        powers = np.einsum("chf,chf->ch", weighted, weighted)
        self._energies.frombytes((self._weights @ powers / self._hop).tobytes())

    def loudness(self) -> Loudness:
        """What was fed so far; feeding may go on."""
        energies = np.array(self._energies)
        frames = len(energies) * self._hop + len(self._rest)
        return Loudness(energies, frames, self._rate, self._hops)


def clip_loudness(samples: Samples, rate: int) -> float:
    """LUFS of the active part of a clip of any length, for setting clips of one role to one level.

    The active part runs from the first to the last 10 ms within 20 LU of the loudest, so that a click is as loud
    in 20 ms as in a second of silence around it. From 400 ms on this is the integrated loudness of that part;
    shorter, its mean. Near silence (below -70 LUFS) it is -inf: such a clip must not be brought to any level.
    """
    if rate < LOWEST_RATE:
        return clip_loudness(resampled(samples, rate, LOWEST_RATE), LOWEST_RATE)
    hop = hop_frames(rate, 100)
    whole = np.concatenate([samples, np.zeros((-len(samples) % hop, samples.shape[1]), np.float32)])
    found = Loudness.of(whole, rate, 100)
    active = np.flatnonzero(found.energies >= found.energies.max(initial=0.0) * 0.01)
    if not len(active):
        return -math.inf
    part = Loudness(found.energies[active[0] : active[-1] + 1], found.frames, rate, 100)
    blocks = part.windows(0.4)[::10] if len(part.energies) >= 40 else part.energies.mean(keepdims=True)
    level = lufs(_gated_mean(blocks, 10.0))
    return level if level >= SILENCE else -math.inf
