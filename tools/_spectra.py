"""A wave as spectra over time, and back."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Spectra = NDArray[np.complex128]
"""Shape (moments, bins)."""

OVERLAP = 4
"""Spectra over any moment."""

SQUARED = 1.5
"""What the squares of so many Hann windows come to, wherever they overlap."""


def size_of(seconds: float, rate: int) -> int:
    """The power of two that is nearest to `seconds`, in frames."""
    return 1 << max(4, round(math.log2(seconds * rate)))


def spectra(wave: NDArray[np.floating], size: int) -> Spectra:
    """The spectra of `wave`, (frames,), through Hann windows of `size` frames, a quarter of it apart."""
    hop = size // OVERLAP
    padded = np.pad(wave, (size, size + -len(wave) % hop))
    found: Spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * _window(size), axis=1)
    return found


def wave_of(found: Spectra, size: int, frames: int) -> Floats:
    """The wave, (frames,), whose spectra come nearest to `found`; that of spectra as they were is the wave itself."""
    hop = size // OVERLAP
    rows = np.fft.irfft(found, size, axis=1) * _window(size)
    made = np.zeros((len(rows) + OVERLAP) * hop)
    for offset in range(OVERLAP):  # windows that do not overlap lie side by side
        beside = rows[offset::OVERLAP]
        made[offset * hop : offset * hop + beside.size] += beside.reshape(-1)
    wave: Floats = made[size : size + frames] / SQUARED
    return wave


def _window(size: int) -> Floats:
    return np.hanning(size + 1)[:-1]
