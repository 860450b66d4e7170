"""MP3 by LAME, of constant or variable bit rate, with an Info frame, by which players cut the encoder's delay, and
ID3v2 tags.

LAME is the slowest part of making a story, so stretches of a programme are encoded side by side. Without the bit
reservoir every frame stands for itself, and what LAME remembers of the past is shorter than the lead that each
stretch is given and then robbed of: joined, the frames are those of one encoder that ran over the whole, bit for
bit. Stretches are of one length whatever the machine, so that the file never depends on the number of workers. At
44.1 kHz some frames are a byte longer than others, by a pattern of 49 frames; every stretch begins with the pattern.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from wavagent.audio import Samples
from wavagent.errors import OutputError
from wavagent.export import id3
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.encode import BITEXACT, require_rate
from wavagent.export.mpeg import MPEG_1
from wavagent.export.place import replacing
from wavagent.export.stream import LAYOUTS, av_frames, opened
from wavagent.programme import Programme

if TYPE_CHECKING:
    from av import Packet

RATES = (48_000, 44_100, 32_000)
BIT_RATES = {1: 96, 2: 192}
"""kbps, by channels."""

GAINS = {192: -0.26, 224: -0.18, 256: 0.0, 320: 0.0}
"""dB that LAME adds at these kbps, by its presets; what is less is in GAIN. Measured on speech and music."""

GAIN = -0.45
"""dB, up to 160 kbps: measured -0.448 to -0.457."""

VBR_QUALITY = 4
"""LAME's -V, from 0, the best, to 9: about 165 kbps for music in stereo, less for speech."""

FRAME = 1152
"""Samples in a frame of MPEG-1 layer III."""

STRETCH, LEAD, TRAIL = 980, 49, 2
"""Frames of a stretch (24 s), and those encoded before and after it and dropped; the first two multiples of 49.

Without a lead of two frames and a trail of one there would be a gap at the seam. The rest of the lead is for what
LAME remembers of loudness: with 8 frames one in some thousands was quantised otherwise than by one encoder over the
whole, with 48 none, measured on speech, music, noise and steps of level.
"""

QUALITY = "7"
"""LAME's -q. Half again as fast as 5, and at these bit rates no further below the masking threshold: measured.

Both channels of stereo are coded by themselves: a third faster again, and at 192 kbps as near to the original (37 dB
in the active parts of a story, below 10 kHz) as joint stereo at 160.
"""

_QP_TO_LAMBDA = 118  # FFmpeg's unit of quality

WORKERS = min(4, os.cpu_count() or 1)

Item = TypeVar("Item")
Made = TypeVar("Made")


def write(programme: Programme, path: Path, coding: Coding = PLAIN) -> None:
    """Write `programme` to `path`. Raises OutputError, also for a rate or bit rate that MPEG-1 does not have."""
    require_rate(programme.rate, RATES, "mp3")
    if coding.kbps is not None and coding.kbps not in MPEG_1[1:]:
        known = ", ".join(map(str, MPEG_1[1:]))
        raise OutputError(f"mp3 cannot be written at {coding.kbps} kbps; it takes {known}")
    with replacing(path) as fresh:
        _encode(programme, fresh, coding)
        id3.tag(programme, fresh, coding.id3)


def gain(coding: Coding, channels: int) -> float:
    """dB that the level changes by."""
    return 0.0 if coding.vbr else GAINS.get(coding.kbps or BIT_RATES[channels], GAIN)


def _encode(programme: Programme, path: Path, coding: Coding) -> None:
    import av

    channels, blocks = opened(programme)
    # the tag is written later, by mutagen: FFmpeg's counts chapters in a byte, and goes wrong past 255
    options = BITEXACT | {"id3v2_version": "0"}
    with av.open(str(path), "w", format="mp3", options=options) as output:
        stream = output.add_stream("libmp3lame", rate=programme.rate, layout=LAYOUTS[channels])
        if not coding.vbr:
            stream.bit_rate = _bits(coding, channels)
        for packets in side_by_side(lambda stretch: encoded(stretch, programme.rate, coding), stretches(blocks)):
            for packet in packets:
                packet.stream = stream
                output.mux(packet)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of a programme with its lead and trail: samples from frame `start`; packets `first` to `last` count."""

    samples: Samples
    start: int
    first: int
    last: int | None  # None: to the end


def stretches(blocks: Iterable[Samples]) -> Iterator[Stretch]:
    """The stretches of a programme. The last is the one with nothing behind its trail."""
    held: list[Samples] = []
    frames, start, lead = 0, 0, 0  # `start` is the first frame held, `lead` how much of it belongs to the past
    for block in blocks:
        held.append(block)
        frames += len(block)
        while frames > (size := (lead + STRETCH + TRAIL) * FRAME):
            samples = np.concatenate(held)
            yield Stretch(samples[:size], start, lead, lead + STRETCH)
            passed = (lead + STRETCH - LEAD) * FRAME
            held, frames, start, lead = [samples[passed:]], frames - passed, start + passed, LEAD
    yield Stretch(np.concatenate(held), start, lead, None)


def _bits(coding: Coding, channels: int) -> int:
    return 1000 * (coding.kbps or BIT_RATES[channels])


def encoded(stretch: Stretch, rate: int, coding: Coding = PLAIN) -> list["Packet[Any]"]:
    """The packets of a stretch, timed for the whole programme."""
    import av

    channels = stretch.samples.shape[1]
    lame = av.CodecContext.create("libmp3lame", "w")
    lame.sample_rate, lame.format, lame.layout = rate, "fltp", LAYOUTS[channels]
    options = {"reservoir": "0", "compression_level": QUALITY, "joint_stereo": str(int(coding.joint))}
    if coding.vbr:
        options |= {"flags": "+qscale", "global_quality": str(VBR_QUALITY * _QP_TO_LAMBDA)}
    else:
        lame.bit_rate = _bits(coding, channels)
    lame.options = options
    packets = []
    for frame in av_frames((stretch.samples,), "fltp", rate, stretch.start):
        packets += lame.encode(frame)
    packets += lame.encode(None)
    if stretch.last is None:
        _gather_padding(packets[-2:])
    return packets[stretch.first : stretch.last]


def _gather_padding(packets: Sequence["Packet[Any]"]) -> None:
    """Say on the last packet how much of the end is padding, all of it: the Info frame is made from that one alone.

    The frames to discard stand in bytes 4 to 8 of FFmpeg's AV_PKT_DATA_SKIP_SAMPLES; LAME's padding may be longer
    than a packet, and FFmpeg then spreads it over two.
    """
    notes = [packet.get_sidedata("skip_samples") for packet in packets if packet.has_sidedata("skip_samples")]
    padding = sum(int.from_bytes(bytes(note)[4:8], "little") for note in notes)
    last = packets[-1].get_sidedata("skip_samples")
    last.update(bytes(4) + padding.to_bytes(4, "little") + bytes(2))
    packets[-1].set_sidedata(last)


def side_by_side(work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """`work` of every item, in order, in threads; no more items are taken than there are workers and one."""
    with ThreadPoolExecutor(WORKERS, "mp3") as pool:
        under_way: deque[Future[Made]] = deque()
        for item in items:
            under_way.append(pool.submit(work, item))
            if len(under_way) > WORKERS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
