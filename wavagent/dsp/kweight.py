"""K-weighting (ITU-R BS.1770-4, Annex 1): a high shelf for the head and a high-pass, at any rate.

The recommendation gives coefficients for 48 kHz only. They are the bilinear transform of two analog sections;
here they are transformed back and forth again, each warped so that its own corner frequency stays, so that the
response at any rate is that at 48 kHz, and at 48 kHz the coefficients are the published ones.

The filter is recursive, which numpy cannot do sample by sample. It is run as a state-space system over blocks
of `width` frames: within a block the output is a product with a triangular matrix of the impulse response, from
block to block only the four states of the cascade recur, and those are found in logarithmically many steps
because the system is linear (Blelloch, "Prefix Sums and Their Applications", 1990). All of it is matrix
products; the result is that of the sample-by-sample filter to rounding.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.dsp.product import product

Floats = NDArray[np.float64]

PUBLISHED_RATE = 48_000
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""BS.1770-4, tables 1 and 2: numerator and denominator in powers of z^-1, at 48 kHz."""

LOWEST_RATE = 4_000
"""Below this the shelf's corner is too near to Nyquist for the transform to mean anything."""

_WIDEST = 32  # wider blocks cost more multiplications, narrower ones more steps: measured


def coefficients(rate: int) -> Floats:
    """The two sections at `rate`, shape (2, 6), each b0 b1 b2 1 a1 a2 (the layout scipy calls sos).

    Raises ValueError for a rate below 4000 Hz.
    """
    if rate < LOWEST_RATE:
        raise ValueError(f"K-weighting needs a rate of at least {LOWEST_RATE} Hz, not {rate}; resample first")
    return np.array([_moved(b, a, rate) for b, a in (SHELF, HIGH_PASS)])


def _moved(b: Sequence[float], a: Sequence[float], rate: int) -> list[float]:
    """A section published at 48 kHz, at `rate`."""
    if rate == PUBLISHED_RATE:
        return [*b, *a]
    above, below = _bilinear(b), _bilinear(a)
    corner = math.sqrt(below[0] / below[2])  # tan(pi f0 / rate) of the section's corner f0
    stretch = corner / math.tan(math.atan(corner) * PUBLISHED_RATE / rate)
    powers = np.array([1.0, stretch, stretch * stretch])
    zeros, poles = _bilinear(above * powers), _bilinear(below * powers)
    return [*(zeros / poles[0]), *(poles / poles[0])]


def _bilinear(c: Sequence[float] | Floats) -> Floats:
    """A quadratic in z^-1 as one in w = (1 - z^-1) / (1 + z^-1), and, but for a factor of 4, back."""
    return np.array([c[0] + c[1] + c[2], 2.0 * (c[0] - c[2]), c[0] - c[1] + c[2]])


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The matrices that run the cascade over blocks of `width` frames; row vectors, states (4,)."""

    width: int
    entry: Floats  # (width, 4): what a block's input leaves in the states
    response: Floats  # (width + 4, width): what a block's input, and the states before it, do to its output
    strides: tuple[tuple[int, Floats], ...]  # (n, (4, 4)): what n blocks leave of the states, n = 1, 2, 4, ...


@lru_cache(maxsize=16)
def _blocks(rate: int, width: int) -> _Blocks:
    a, b, c, d = _state_space(coefficients(rate))
    powers = [np.eye(len(a))]
    for _ in range(width):
        powers.append(a @ powers[-1])
    impulse = np.array([d, *(float(c @ power @ b) for power in powers[: width - 1])])
    response = np.zeros((width, width))
    for row in range(width):
        response[row, row:] = impulse[: width - row]
    entry = np.array([power @ b for power in reversed(powers[:width])])
    ringing = np.array([c @ power for power in powers[:width]]).T
    return _Blocks(width, entry, np.vstack([response, ringing]), tuple(_strides(powers[width].T)))


def _state_space(sections: Floats) -> tuple[Floats, Floats, Floats, float]:
    """x' = A x + B u, y = C x + D u for sections in series (transposed direct form 2); (n, n), (n,), (n,), scalar."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for b0, b1, b2, _, a1, a2 in sections:
        inner = np.array([[-a1, 1.0], [-a2, 0.0]])
        entry = np.array([b1 - a1 * b0, b2 - a2 * b0])
        a = np.block([[a, np.zeros((len(a), 2))], [np.outer(entry, c), inner]])
        b = np.concatenate([b, entry * d])
        c = np.concatenate([c * b0, [1.0, 0.0]])
        d *= float(b0)
    return a, b, c, d


def _strides(step: Floats) -> list[tuple[int, Floats]]:
    """`step` to the powers 1, 2, 4, ... until nothing is left of the states."""
    found = []
    blocks = 1
    while np.abs(step).max() > 1e-18:
        found.append((blocks, step))
        step, blocks = step @ step, blocks * 2
    return found


class KWeighting:
    """A K-weighting filter that remembers its states. Feed it whole multiples of `grid` frames."""

    def __init__(self, rate: int, channels: int, grid: int) -> None:
        """`grid` is any number of frames; the filter is fast when it has a divisor near 32."""
        width = max(divisor for divisor in range(1, _WIDEST + 1) if grid % divisor == 0)
        self._blocks = _blocks(rate, width)
        self._states = np.zeros((channels, 4))

    def feed(self, samples: Samples) -> Floats:
        """`samples` weighted: (frames, channels) in, (channels, frames) of float64 out."""
        blocks = self._blocks
        frames, channels = samples.shape
        given = np.empty((channels, frames // blocks.width, blocks.width + 4))
        given[..., : blocks.width] = samples.T.reshape(channels, -1, blocks.width)
        states = np.empty((channels, given.shape[1] + 1, 4))
        states[:, 0] = self._states
        states[:, 1:] = product(given[..., : blocks.width], blocks.entry)
        for stride, passage in blocks.strides:
            if stride >= states.shape[1]:
                break
            states[:, stride:] += states[:, :-stride] @ passage
        self._states = states[:, -1].copy()
        given[..., blocks.width :] = states[:, :-1]
        return product(given, blocks.response).reshape(channels, -1)


def k_weighted(samples: Samples, rate: int) -> Floats:
    """All of a clip, K-weighted from silence: (frames, channels) float32 in, (frames, channels) float64 out."""
    frames, channels = samples.shape
    padded = np.zeros((-(-frames // _WIDEST) * _WIDEST, channels), np.float32)
    padded[:frames] = samples
    return KWeighting(rate, channels, _WIDEST).feed(padded).T[:frames]
