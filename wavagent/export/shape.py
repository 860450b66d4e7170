"""The shape of a delivery: the rate, the channels and the coding that a profile and a format ask for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from wavagent.audio import Samples
from wavagent.dsp.pan import to_mono, to_stereo
from wavagent.dsp.resample import resampled_frames
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.profile import Profile
from wavagent.export.table import Format
from wavagent.programme import Placed, Programme


@dataclass(frozen=True, slots=True)
class Shape:
    """`rate` in hertz and `channels`, 1 or 2; None: those of the programme."""

    rate: int | None = None
    channels: int | None = None
    coding: Coding = PLAIN


def shape_for(form: Format, profile: Profile, programme: Programme, coding: Coding = PLAIN) -> Shape:
    """How `programme` is to be written in the format `form` to meet `profile`; a bit rate that is asked for stays."""
    channels = 1 if profile.mono else programme.channels
    rate = form.rate or programme.rate
    if profile.rates and rate not in profile.rates:
        rate = profile.rates[0]
    if coding.kbps is None and not coding.vbr:
        coding = replace(coding, kbps=_kbps(form, profile, channels))
    coding = replace(coding, joint=coding.joint and profile.joint_stereo, id3=profile.id3 or coding.id3)
    return Shape(rate, channels, coding)


def _kbps(form: Format, profile: Profile, channels: int) -> int | None:
    """The format's own bit rate, moved into what the profile allows; None where that leaves it as it is."""
    own, allowed = form.kbps.get(channels), profile.kbps.get(channels)
    if own is None or allowed is None:
        return None
    low, high = allowed
    wanted = int(min(max(own, low), high))
    return None if wanted == own else wanted


def shaped(programme: Programme, shape: Shape) -> Programme:
    """`programme` at the rate and with the channels of `shape`, in the same time; itself where it has them."""
    rate, channels = shape.rate or programme.rate, shape.channels or programme.channels
    if (rate, channels) == (programme.rate, programme.channels):
        return programme
    mix_down = to_mono if channels == 1 else to_stereo
    frames = resampled_frames(programme.frames, programme.rate, rate)

    def blocks() -> Iterator[Samples]:
        return _resampled((mix_down(block) for block in programme.blocks()), channels, programme.rate, rate, frames)

    return replace(
        programme,
        frames=frames,
        blocks=blocks,
        since=None,
        rate=rate,
        channels=channels,
        placed=tuple(_moved(one, programme.rate, rate) for one in programme.placed),
    )


def _moved(one: Placed, old: int, new: int) -> Placed:
    return replace(one, start=resampled_frames(one.start, old, new), end=resampled_frames(one.end, old, new))


def _resampled(blocks: Iterator[Samples], channels: int, old: int, new: int, frames: int) -> Iterator[Samples]:
    """`blocks` from rate `old` to rate `new`, `frames` of them: soxr's own rounding is off by a frame at times."""
    if old == new:
        yield from blocks
        return
    import soxr

    stream = soxr.ResampleStream(old, new, channels, dtype="float32", quality="HQ")
    made = 0
    for block in blocks:
        part: Samples = stream.resample_chunk(np.ascontiguousarray(block)).reshape(-1, channels)[: frames - made]
        made += len(part)
        if len(part):
            yield part
    rest: Samples = stream.resample_chunk(np.zeros((0, channels), np.float32), last=True).reshape(-1, channels)
    rest = rest[: frames - made]
    yield np.concatenate([rest, np.zeros((frames - made - len(rest), channels), np.float32)])
