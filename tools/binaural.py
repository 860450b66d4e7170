"""binaural: a clip where it is heard with headphones, by a spherical head, or by a head that was measured.

Two things tell the ears where a sound is: when it comes to each (Woodworth, 1938), and how much treble the head keeps
from the far one (the one-pole shadow of Brown and Duda, 1998). What the outer ear adds is not in the sphere: up and
down, and front and back, differ only as far as a sphere's ears, which sit a little behind its middle, hear them apart.
It is in the responses of a measured head, which a SOFA file holds.
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wavagent.audio import Audio
from wavagent.dsp.reverb import convolved
from wavagent.errors import Refused
from wavagent.tool import BinauralParams, Card, Licence, Params, Request, Result, Tool

from ._sofa import Response

RADIUS = 0.0875
"""Metres of the head, the usual mean."""

SOUND = 343.0
"""Metres a second."""

EARS = (-100.0, 100.0)
"""Azimuth of the left and the right ear, in degrees to the right: a little behind the middle."""

SHADOW, DEEPEST = 0.1, 150.0
"""The treble that is left where the shadow is deepest, and the angle from the ear at which that is, in degrees."""

TAPS, LEAD = 512, 32
"""Frames of a response, and those of them before its time: where what is no whole number of frames late rings."""

SMOOTH = 0.85
"""Of the highest frequency, from where on the treble is let fall, so that the ringing is short."""


LARGEST = 1 << 30
"""Bytes of the largest file of a measured head that is read."""


class HeadParams(BinauralParams):
    """What the spherical head takes; or `hrtf`, the SOFA file of a measured one. The key of the clip is its `sha256`,
    not its place, and no other file is read."""

    hrtf: Path | None = Field(default=None, exclude=True)
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class Binaural(Tool):
    """Takes the clip's channels together, and makes two of them, at the clip's rate."""

    card: ClassVar[Card] = Card(
        name="binaural",
        version="2",
        task="binaural",
        summary="A recording around a listener with headphones, by a spherical head or a SOFA file; no weights",
        rate=0,
        channels=2,
        speed=300.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params: ClassVar[type[Params]] = HeadParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(_placed(request)) for request in requests]

    def refusal(self, params: HeadParams) -> str | None:
        if params.hrtf is not None and importlib.util.find_spec("h5py") is None:
            return "reading a SOFA file needs h5py: pip install 'wavagent[sofa]'"
        return None


def _placed(request: Request) -> Audio:
    if "audio" not in request.inputs:
        raise Refused("tool 'binaural' works on the clip 'audio', and was given none")
    audio, params = request.inputs["audio"], request.params
    if not audio.frames:
        return audio
    middle = audio.samples.mean(axis=1, keepdims=True, dtype=np.float32)
    if params.hrtf is not None:
        measured = Response.nearest(_content(params), params.hrtf.name, params.azimuth, params.elevation)
        around, lead = measured.at(audio.rate)
        return Audio(np.ascontiguousarray(convolved(middle, around)[lead:]), audio.rate)
    heard = convolved(middle, response(params.azimuth, params.elevation, audio.rate))[LEAD:]
    latest = int(np.ceil((1 + np.pi / 2) * RADIUS / SOUND * audio.rate))
    return Audio(np.ascontiguousarray(heard[: audio.frames + latest]), audio.rate)


def _content(params: HeadParams) -> bytes:
    """The bytes of the SOFA file, which are those that the script was compiled with. Raises Refused."""
    assert params.hrtf is not None
    name = params.hrtf.name
    try:
        with params.hrtf.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise Refused(f"'{name}' cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if len(content) > LARGEST:
        raise Refused(f"'{name}' is larger than {LARGEST:,} bytes; give the responses of one head")
    if hashlib.sha256(content).hexdigest() != params.sha256:
        raise Refused(f"'{name}' is not the file that the script was compiled with; compile it again")
    return content


def response(azimuth: float, elevation: float, rate: int) -> NDArray[np.float32]:
    """What each ear hears of an impulse from there, (taps, 2): left, right; degrees to the right, and upwards.

    The impulse is at frame LEAD.
    """
    hertz = np.fft.rfftfreq(TAPS, 1 / rate).astype(np.float64)
    fall = np.clip((hertz * 2 / rate - SMOOTH) / (1.0 - SMOOTH), 0.0, 1.0)
    both = np.cos(fall * np.pi / 2) ** 2 * np.exp(-2j * np.pi * hertz * LEAD / rate)
    ears = [np.fft.irfft(both * _ear(_angle(azimuth, elevation, ear), hertz), TAPS) for ear in EARS]
    return np.stack(ears, axis=1).astype(np.float32)


def _angle(azimuth: float, elevation: float, ear: float) -> float:
    """Radians between the direction of a sound and an ear's."""
    level = np.cos(np.radians(elevation)) * np.cos(np.radians(azimuth - ear))
    return float(np.arccos(np.clip(level, -1.0, 1.0)))


def _ear(angle: float, hertz: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The spectrum at an ear, `angle` radians from the sound's direction: its shadow, and its delay."""
    least = 1 + SHADOW / 2
    treble = least + (1 - SHADOW / 2) * np.cos(angle / np.radians(DEEPEST) * np.pi)
    turn = 1j * hertz * 2 * np.pi / (2 * SOUND / RADIUS)
    path = -np.cos(angle) if angle < np.pi / 2 else angle - np.pi / 2  # in radii, from the middle of the head
    delay = (1.0 + path) * RADIUS / SOUND
    heard: NDArray[np.complex128] = (1 + treble * turn) / (1 + turn) * np.exp(-2j * np.pi * hertz * delay)
    return heard


TOOL = Binaural()
