"""What a few seconds of sound are made of: non-negative matrix factorisation of the power spectra, by the updates of
Lee and Seung (2001) for the Kullback-Leibler divergence."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._spectra import Floats, Spectra, size_of, spectra, wave_of

COUNT = 16
"""Components of a piece. Of 6 to 24, in pieces of 2 to 8 s, on magnitudes and on powers, these gave the most."""

ROUNDS = 40

FRAME = 0.043
"""Seconds of one spectrum."""

LEAST = 1e-12
"""A power that is as good as none, beside a mean of 1."""

Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Components:
    """Each has a spectrum, (components, bins), and how strong it is from moment to moment, (moments, components)."""

    strengths: Single
    spectra: Single

    @property
    def powers(self) -> Single:
        """How much of all power each has, (components,); they add up to 1."""
        found = self.strengths.sum(axis=0) * self.spectra.sum(axis=1)
        parts: Single = found / max(float(found.sum()), LEAST)
        return parts

    def mask(self, weights: NDArray[np.floating]) -> Single:
        """What passes at each moment of each bin when each component passes by its weight, from 0 to 1."""
        whole = self.strengths @ self.spectra
        passing = (self.strengths * weights.astype(np.float32)) @ self.spectra
        share: Single = np.clip(passing / np.maximum(whole, LEAST), 0.0, 1.0)
        return share

    def waves(self, wave: Floats, rate: int) -> Iterator[Floats]:
        """The sound of each by itself, of those that `wave` was decomposed into, as loud as the whole."""
        size = size_of(FRAME, rate)
        found, level = spectra(wave, size), _level(wave)
        for one in np.eye(len(self.spectra)):
            made = wave_of(found * self.mask(one), size, len(wave))
            yield made * (level / max(_level(made), 1e-3 * level, LEAST))


def decomposed(samples: NDArray[np.floating], rate: int) -> Components:
    """The components of `samples`, (frames, channels): of all channels' powers together. The same each time."""
    size = size_of(FRAME, rate)
    power = sum(np.abs(spectra(channel, size)) ** 2 for channel in samples.T)
    return _factors(np.asarray(power / max(float(np.mean(power)), LEAST), np.float32))


def passed(wave: Floats, rate: int, mask: Single) -> Floats:
    """What of `wave` passes `mask`."""
    size = size_of(FRAME, rate)
    kept: Spectra = spectra(wave, size) * mask
    return wave_of(kept, size, len(wave))


def _factors(power: Single) -> Components:
    random = np.random.default_rng(0)
    moments, bins = power.shape
    shapes = random.random((COUNT, bins), np.float32) + 0.1
    strengths = random.random((moments, COUNT), np.float32) + 0.1
    for _ in range(ROUNDS):
        strengths *= (_missing(power, strengths, shapes) @ shapes.T) / (shapes.sum(axis=1) + LEAST)
        shapes *= (strengths.T @ _missing(power, strengths, shapes)) / (strengths.sum(axis=0)[:, np.newaxis] + LEAST)
        sizes = shapes.sum(axis=1)
        shapes /= sizes[:, np.newaxis] + LEAST
        strengths *= sizes
    return Components(strengths, shapes)


def _missing(power: Single, strengths: Single, shapes: Single) -> Single:
    return power / (strengths @ shapes + LEAST)


def _level(wave: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(wave)))) if len(wave) else 0.0
