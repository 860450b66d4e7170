"""The few building blocks of every procedural sound.

Signals are float64 arrays at `RATE`, shape (frames,) or (frames, 2). *Circular* means that the last frame runs
into the first: such a signal loops with no seam. Filters are applied as spectra, causal by their phase.

Sources: P. Cook, *Real Sound Synthesis for Interactive Applications*, 2002 (modal, particle and source-filter
models); A. Farnell, *Designing Sound*, 2010 (wind, fire, water, engines).
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import RATE, Samples

Signal = NDArray[np.float64]
Spectrum = NDArray[np.complexfloating[Any, Any]]
Response = Callable[[Signal], Spectrum]
"""Hertz to a complex gain."""

Formant = tuple[float, float, float]
"""(hertz, bandwidth in hertz, gain)."""


def span(seconds: float) -> int:
    """Frames in `seconds`, at least one."""
    return max(1, round(seconds * RATE))


def times(frames: int) -> Signal:
    """The seconds at which `frames` frames sound."""
    return np.arange(frames, dtype=np.float64) / RATE


@cache
def quick(frames: int) -> int:
    """The least length 2^a 3^b 5^c of at least `frames`, at which a Fourier transform is quick."""
    best = 1 << max(0, frames - 1).bit_length()
    five = 1
    while five < best:
        odd = five
        while odd < best:
            best = min(best, odd << max(0, -(-frames // odd) - 1).bit_length())
            odd *= 3
        five *= 5
    return best


def hertz(length: int) -> Signal:
    """The frequencies of a real transform of `length` frames."""
    return np.arange(length // 2 + 1, dtype=np.float64) * (RATE / length)


# ---- responses


def band(low: float, high: float, order: int = 1) -> Response:
    """One-pole high-pass at `low` and low-pass at `high`, each `order` times. `low` 0: no high-pass."""

    def response(frequency: Signal) -> Spectrum:
        gain: Spectrum = 1 / (1 + 1j * (frequency / high))
        if low > 0:
            rise = 1j * (frequency / low)
            gain *= rise / (1 + rise)
        whole = gain
        for _ in range(order - 1):
            whole = whole * gain
        return whole

    return response


def peaks(*formants: Formant) -> Response:
    """Resonances in parallel, each of unit gain at its centre times its own gain."""

    def response(frequency: Signal) -> Spectrum:
        total = np.zeros(len(frequency), complex)
        square = frequency**2
        for centre, width, gain in formants:
            damped = 1j * (width * frequency)
            total += gain * damped / (centre**2 - square + damped)
        return total

    return response


def both(*responses: Response) -> Response:
    """Responses one after the other."""

    def response(frequency: Signal) -> Spectrum:
        gain = responses[0](frequency)
        for other in responses[1:]:
            gain = gain * other(frequency)
        return gain

    return response


# ---- sources


def noise(rng: np.random.Generator, frames: int, response: Response, channels: int = 1) -> Signal:
    """Circular Gaussian noise of unit RMS with the spectrum of `response`, shape (frames[, channels])."""
    fold = min(frames // 4, 4096)
    length = quick(frames + fold)
    gain = np.abs(response(hertz(length)))
    gain[0] = 0.0
    chance = rng.standard_normal((channels, len(gain), 2)).view(np.complex128)[..., 0]
    x = np.fft.irfft(chance * gain, length)[:, : frames + fold]
    if fold:  # the end runs on into the beginning at equal power: the two are not alike
        angle = np.linspace(0, np.pi / 2, fold, endpoint=False)
        x[:, :fold] = x[:, :fold] * np.sin(angle) + x[:, frames:] * np.cos(angle)
    x = unit(x[:, :frames])
    return x[0] if channels == 1 else np.ascontiguousarray(x.T)


def tone(pitch: Signal, circular: bool = False) -> Signal:
    """A sine at `pitch` hertz, one value for each frame; `circular` bends it to a whole number of cycles."""
    return np.sin(2 * np.pi * _cycles(pitch, circular))


def voiced(pitch: Signal, tilt: float = 1.0, circular: bool = False) -> Signal:
    """A buzz at `pitch` hertz: harmonics k up to 16 kHz at k**-tilt, in phase as a glottis or an exhaust gives them."""
    top = max(1, int(16_000 / float(np.max(pitch))))
    table = _wave(min(top, 400), tilt)
    at = _cycles(pitch, circular) * len(table)
    return table[at.astype(np.int64) % len(table)]


def pulses(pitch: Signal, circular: bool = False) -> Signal:
    """One click in every cycle of `pitch` hertz, all frequencies alike: what sticks and slips, flaps or fires."""
    turns = np.floor(_cycles(pitch, circular) + 0.5)
    return np.diff(turns, prepend=0.0)


def _cycles(pitch: Signal, circular: bool) -> Signal:
    cycles = np.cumsum(pitch) / RATE
    if circular and cycles[-1] > 0:
        cycles *= max(1, round(float(cycles[-1]))) / cycles[-1]
    return cycles


@cache
def _wave(harmonics: int, tilt: float) -> Signal:
    spectrum = np.zeros(4097, complex)
    numbers = np.arange(1, harmonics + 1)
    spectrum[1 : harmonics + 1] = 1 / numbers**tilt
    return unit(np.fft.irfft(spectrum))


def modes(seconds: float, *partials: tuple[float, float, float]) -> Signal:
    """Struck modes, each (hertz, seconds to fall by 1/e, gain): decaying sines that begin at zero."""
    frames = span(seconds)
    block = 1024
    coarse, fine = np.arange(-(-frames // block)) * block, np.arange(block)
    total = np.zeros(frames)
    for frequency, decay, gain in partials:
        rate = (-1 / decay + 2j * np.pi * frequency) / RATE
        # exp(r(a+b)) = exp(ra) exp(rb): one multiplication a frame instead of a sine and an exponential
        total += gain * np.outer(np.exp(rate * coarse), np.exp(rate * fine)).ravel()[:frames].imag
    return total


def burst(rng: np.random.Generator, seconds: float, decay: float, response: Response) -> Signal:
    """A burst of noise of unit RMS before its exponential decay (1/e in `decay` seconds)."""
    frames = span(seconds)
    return noise(rng, frames, response) * fall(frames, decay) * swell(frames, 0.0005, 0.2 * seconds)


# ---- envelopes


def fall(frames: int, decay: float) -> Signal:
    """An exponential from 1, falling by 1/e in `decay` seconds."""
    return np.exp(times(frames) / -decay)


def swell(frames: int, attack: float, release: float) -> Signal:
    """One, with raised-cosine edges of `attack` and `release` seconds."""
    envelope = np.ones(frames)
    rise, drop = min(span(attack), frames // 2), min(span(release), frames // 2)
    envelope[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / max(rise, 1))
    envelope[frames - drop :] = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, drop + 1) / max(drop, 1))
    return envelope


def glide(frames: int, *points: tuple[float, float]) -> Signal:
    """Straight lines through (fraction of the length, value)."""
    return np.interp(np.linspace(0, 1, frames), [at for at, _ in points], [value for _, value in points])


def wander(rng: np.random.Generator, frames: int, seconds: float) -> Signal:
    """A circular slow drift between 0 and 1, turning about every `seconds`."""
    knots = rng.random(max(3, round(frames / (seconds * RATE))))
    at = np.linspace(0, len(knots), max(8, frames // 256), endpoint=False)
    first = at.astype(np.int64)
    ease = 0.5 - 0.5 * np.cos(np.pi * (at - first))
    slow = knots[first] * (1 - ease) + knots[(first + 1) % len(knots)] * ease
    grid = np.linspace(0, frames, len(slow) + 1)
    drift: Signal = np.interp(np.arange(frames), grid, np.append(slow, slow[0]))
    return drift


# ---- filters and placing


def unit(x: Signal) -> Signal:
    """`x` at an RMS of one; silence stays silence."""
    level = rms(x)
    return x / level if level > 0 else x


def rms(x: Signal) -> float:
    """The root of the mean square of all samples."""
    flat = x.ravel(order="K")
    # not a dot product: BLAS sums in an order that depends on its threads, and the same request must give the same bits
    return float(np.sqrt(np.einsum("i,i->", flat, flat) / max(1, flat.size)))


def top(x: Signal | Samples) -> float:
    """The largest magnitude; 0 for nothing."""
    return float(max(x.max(), -x.min())) if x.size else 0.0


def filtered(x: Signal, response: Response, circular: bool = False) -> Signal:
    """`x`, mono, through `response`; a circular one keeps its loop, another loses what rings past its end."""
    length = quick(len(x) + min(len(x), RATE // 4))
    y = np.fft.irfft(np.fft.rfft(x, length) * response(hertz(length)), length)
    return _folded(y, len(x)) if circular else y[: len(x)]


def convolved(x: Signal, kernel: Signal, circular: bool = False) -> Signal:
    """`x` and `kernel`, both mono, convolved; as long as `x`, whose loop a circular one keeps."""
    length = quick(len(x) + len(kernel))
    y = np.fft.irfft(np.fft.rfft(x, length) * np.fft.rfft(kernel, length), length)
    return _folded(y[: len(x) + len(kernel)], len(x)) if circular else y[: len(x)]


def _folded(y: Signal, frames: int) -> Signal:
    """`y` wound around a circle of `frames`."""
    around = y[:frames].copy()
    for start in range(frames, len(y), frames):
        rest = y[start : start + frames]
        around[: len(rest)] += rest
    return around


def stereo(x: Signal, pan: float = 0.0) -> Signal:
    """Mono at `pan` (-1 left to 1 right, equal power; the centre at unit gain); stereo as it is."""
    if x.ndim == 2:
        return x
    angle = (pan + 1) * np.pi / 4
    left, right = np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)
    return np.stack([left * x, right * x], axis=1)


def place(canvas: Signal, start: int, grain: Signal, pan: float = 0.0, gain: float = 1.0) -> None:
    """Adds `grain` to `canvas` (frames, 2) from frame `start` on; what passes the end goes on at the beginning."""
    frames = len(canvas)
    grain = gain * stereo(grain[:frames], pan)
    start %= frames
    first = min(len(grain), frames - start)
    canvas[start : start + first] += grain[:first]
    canvas[: len(grain) - first] += grain[first:]


def canvas(frames: int) -> Signal:
    """Silence to place grains on, shape (frames, 2)."""
    return np.zeros((frames, 2))


def dust(rng: np.random.Generator, frames: int, rate: float, kernels: Sequence[Signal], spread: float = 0.8) -> Signal:
    """`rate` grains a second at random moments, places and log-normal levels (`spread`); circular, (frames, 2)."""
    hits = max(1, int(rng.poisson(rate * frames / RATE)))
    at, which = rng.integers(0, frames, hits), rng.integers(0, len(kernels), hits)
    level, angle = rng.lognormal(0, spread, hits), rng.random(hits) * np.pi / 2
    left, right = np.zeros((2, frames + max(map(len, kernels))))
    sides = np.stack([level * np.cos(angle), level * np.sin(angle)], axis=1)
    for start, kind, (to_left, to_right) in zip(at.tolist(), which.tolist(), sides, strict=True):
        grain = kernels[kind]
        left[start : start + len(grain)] += to_left * grain
        right[start : start + len(grain)] += to_right * grain
    return unit(np.stack([_folded(left, frames), _folded(right, frames)], axis=1))
