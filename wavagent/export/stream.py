"""A programme's samples on their way to an encoder."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.errors import OutputError
from wavagent.programme import Programme

if TYPE_CHECKING:
    from av import AudioFrame

LAYOUTS = {1: "mono", 2: "stereo"}
"""FFmpeg's names for the channels that can be written."""

FULL_SCALE = 2**23
"""24-bit samples go from minus this to one below it."""


def require_sound(programme: Programme) -> None:
    """Raises OutputError when the programme has no frames: no format stands for nothing."""
    if programme.frames < 1:
        raise OutputError("the programme is empty; a file needs at least one line or sound")


def opened(programme: Programme) -> tuple[int, Iterator[Samples]]:
    """The channels of a programme and a pass over its blocks, none of them empty.

    Raises OutputError for no frames, or more than two channels; the pass raises ValueError at its end when it was
    not as long as the programme says, for then every chapter and caption would be wrong.
    """
    require_sound(programme)
    blocks = _counted(programme)
    first = next(blocks)
    channels = first.shape[1]
    if channels not in LAYOUTS:
        raise OutputError(f"the programme has {channels} channels; files are written in mono or stereo")
    return channels, chain((first,), blocks)


def _counted(programme: Programme) -> Iterator[Samples]:
    frames = 0
    for block in programme.blocks():
        frames += len(block)
        if len(block):
            yield block
    if frames != programme.frames:
        raise ValueError(f"the programme is {programme.frames} frames long but gave {frames}")


def cut(blocks: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The same samples in blocks of at most `size` frames."""
    for block in blocks:
        for start in range(0, len(block), size):
            yield block[start : start + size]


def av_frames(blocks: Iterable[Samples], form: str, rate: int, start: int = 0) -> Iterator["AudioFrame"]:
    """Blocks as FFmpeg's frames in its sample format `form`: 'fltp', 'flt' or 's32' (which holds 24 bits)."""
    from av import AudioFrame

    for block in cut(blocks, 65_536):
        frame = AudioFrame.from_ndarray(_shaped(block, form), format=form, layout=LAYOUTS[block.shape[1]])
        frame.sample_rate = rate
        frame.pts = start
        start += len(block)
        yield frame


def _shaped(block: Samples, form: str) -> NDArray[np.float32] | NDArray[np.int32]:
    if form == "fltp":
        return np.ascontiguousarray(block.T)
    if form == "s32":
        return (integers(block) << 8).reshape(1, -1)
    return np.ascontiguousarray(block).reshape(1, -1)


def integers(block: Samples) -> NDArray[np.int32]:
    """Samples as 24-bit integers, rounded; what is beyond full scale is clipped."""
    scaled = np.rint(np.multiply(block, FULL_SCALE, dtype=np.float64))
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int32)
