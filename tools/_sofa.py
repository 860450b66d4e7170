"""A measured head: its responses from many directions, from a file in the format SOFA (AES69-2022).

Such a file is HDF5, and is read as that: nothing in it leads to another file, and only the direction that is wanted is
read. Directions are x to the front, y to the left, z up.
"""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from wavagent.dsp.resample import resampled
from wavagent.errors import Refused, Unavailable

Floats = NDArray[np.float64]

CONVENTION = "SimpleFreeFieldHRIR"
"""What the responses of a head in a free field are called there."""

RATES = (8_000, 384_000)
"""Hertz."""

LEAD = 64
"""The fewest frames before and after a response, in which what is no whole number of frames late rings."""

LONGEST = 65_536
"""Frames of a response, and of its delay: more than a second."""

MOST = 1 << 26
"""Numbers in a file's responses, and in what has to be unpacked for one of them."""


@dataclass(frozen=True, slots=True)
class Response:
    """What the ears hear of an impulse: (2, frames), left and right, at `rate` hertz, and by how many frames later."""

    samples: Floats
    delay: Floats
    rate: int

    @classmethod
    def nearest(cls, content: bytes, name: str, azimuth: float, elevation: float) -> Self:
        """The response measured nearest to a direction, in degrees to the right and upwards.

        `content` is that of the file `name`. Raises Refused when it is no such file, and Unavailable without h5py.
        """
        with _opened(content, name) as file:
            directions = _directions(file, name)
            at = int(np.argmax(np.round(directions @ towards(azimuth, elevation), 9)))
            responses = _data(file, name, "Data.IR", 3)
            if responses.shape[1] != 2 or not 0 < responses.shape[2] <= LONGEST:
                raise _refused(name, f"has responses of the shape {responses.shape}; each is for two ears")
            delays = _data(file, name, "Data.Delay", 2)
            ears = _ears(file, name)
            found = cls(
                np.asarray(responses[at], np.float64)[ears],
                np.asarray(delays[at if delays.shape[0] > 1 else 0], np.float64)[ears],
                _rate(file, name),
            )
        found.check(name)
        return found

    def check(self, name: str) -> None:
        """Raises Refused when it cannot be heard."""
        if not (np.isfinite(self.samples).all() and self.samples.any()):
            raise _refused(name, "has no response from there that can be heard")
        if not (np.isfinite(self.delay).all() and self.delay.min() >= 0 and self.delay.max() <= LONGEST):
            raise _refused(name, f"delays a response by {self.delay.tolist()} frames; 0 to {LONGEST} are taken")

    def at(self, rate: int) -> tuple[NDArray[np.float32], int]:
        """(frames, 2) for clips at `rate` hertz, and the frame that is the time of the impulse."""
        step = self.rate // math.gcd(self.rate, rate)  # as many frames as last a whole number of them at `rate`
        lead = -(-LEAD // step) * step
        padded = np.pad(self.samples, ((0, 0), (lead, LEAD + math.ceil(self.delay.max()))))
        turns = np.fft.rfftfreq(padded.shape[1]) * self.delay[:, np.newaxis]
        later = np.fft.irfft(np.fft.rfft(padded) * np.exp(-2j * np.pi * turns), padded.shape[1])
        there = resampled(np.ascontiguousarray(later.T, np.float32), self.rate, rate)
        return there * np.float32(self.rate / rate), lead * rate // self.rate  # a sum stands for an integral over time


def towards(azimuth: float, elevation: float) -> Floats:
    """The unit vector of a direction, in degrees to the right and upwards."""
    right, up = math.radians(azimuth), math.radians(elevation)
    return np.array([math.cos(up) * math.cos(right), -math.cos(up) * math.sin(right), math.sin(up)])


@contextmanager
def _opened(content: bytes, name: str) -> Iterator[Any]:
    try:
        import h5py
    except ImportError as error:
        raise Unavailable(f"reading the measured head '{name}' needs h5py: pip install 'wavagent[sofa]'") from error
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            kind = _text(file.attrs.get("SOFAConventions"))
            if kind != CONVENTION:
                raise _refused(name, f"holds {kind or 'no such responses'}; {CONVENTION} is what is wanted")
            yield file
    except (OSError, RuntimeError, ValueError, TypeError, LookupError, MemoryError, OverflowError) as error:
        raise _refused(
            name, f"cannot be read: {str(error).splitlines()[0] if str(error) else 'it is damaged'}"
        ) from error


def _data(file: Any, name: str, field: str, dimensions: int) -> Any:
    """A table of numbers of the file, not yet read. Raises Refused when it is not there, or in another file."""
    import h5py

    link = file.get(field, getlink=True)
    data = file[field] if isinstance(link, h5py.HardLink) else None
    if not isinstance(data, h5py.Dataset) or data.external or data.is_virtual:
        raise _refused(name, f"has no {field} in it")
    if len(data.shape) != dimensions or data.dtype.kind not in "fiu" or not data.size:
        raise _refused(name, f"has {field} of the shape {data.shape}; {dimensions} dimensions of numbers are wanted")
    if max(data.size, math.prod(data.chunks or ())) > MOST:
        raise _refused(name, f"has {data.size:,} numbers in {field}; {MOST:,} are the most")
    return data


def _directions(file: Any, name: str) -> Floats:
    """The unit vector of every measurement, (measurements, 3)."""
    measured = _data(file, name, "SourcePosition", 2)
    count = _data(file, name, "Data.IR", 3).shape[0]
    if measured.shape != (count, 3) or _data(file, name, "Data.Delay", 2).shape not in ((1, 2), (count, 2)):
        raise _refused(name, f"has {count} measurements, and directions or delays of another number")
    return _cartesian(measured)


def _cartesian(positions: Any) -> Floats:
    """Positions in the coordinates that they say they are in, (n, 3), as unit vectors."""
    values = np.asarray(positions, np.float64)
    if _text(positions.attrs.get("Type")).startswith("cartesian"):
        away: Floats = np.linalg.norm(values, axis=1, keepdims=True)
        return values / np.maximum(away, 1e-12)
    left, up = np.radians(values[:, 0]), np.radians(values[:, 1])
    return np.stack([np.cos(up) * np.cos(left), np.cos(up) * np.sin(left), np.sin(up)], axis=1)


def _ears(file: Any, name: str) -> list[int]:
    """The numbers of the left and the right ear among the receivers."""
    places = _data(file, name, "ReceiverPosition", 3)
    if places.shape[:2] != (2, 3):
        raise _refused(name, f"has receivers of the shape {places.shape}; two ears are wanted")
    values = np.asarray(places[:, :, 0], np.float64)
    spherical = not _text(places.attrs.get("Type")).startswith("cartesian")
    left = np.sin(np.radians(values[:, 0])) if spherical else values[:, 1]
    return [0, 1] if left[0] >= left[1] else [1, 0]


def _rate(file: Any, name: str) -> int:
    rate = float(_data(file, name, "Data.SamplingRate", 1)[0])
    if not RATES[0] <= rate <= RATES[1]:
        raise _refused(name, f"says that it was measured at {rate:g} Hz; {RATES[0]} to {RATES[1]} Hz are taken")
    return round(rate)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""


def _refused(name: str, why: str) -> Refused:
    return Refused(f"'{name}' {why}; give a SOFA file with the responses of a head")
