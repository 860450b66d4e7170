"""Encoding and muxing by FFmpeg, through PyAV: what wav, flac, m4b and opus have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wavagent.errors import OutputError
from wavagent.export.stream import LAYOUTS, av_frames, opened
from wavagent.programme import Programme
from wavagent.text import one_line

if TYPE_CHECKING:
    from av.container.core import Chapter

BITEXACT = {"fflags": "+bitexact"}
"""Containers without the encoder's version, random serial numbers or the time."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How FFmpeg is asked to write: names and options are its own. `bit_rates` are bits a second, by channels."""

    container: str
    codec: Literal["pcm_s24le", "pcm_f32le", "flac", "aac", "libopus"]
    form: Literal["flt", "fltp", "s32"]  # of the samples the codec takes
    bit_rates: Mapping[int, int] = field(default_factory=dict)
    rates: tuple[int, ...] = ()  # hertz; empty: any
    codec_options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)


def require_rate(rate: int, rates: tuple[int, ...], name: str) -> None:
    """Raises OutputError when a format cannot be written at `rate`."""
    if rates and rate not in rates:
        known = ", ".join(str(each) for each in rates)
        raise OutputError(f"{name} cannot be written at {rate} Hz; it takes {known} Hz")


def encode(
    programme: Programme,
    path: Path,
    encoding: Encoding,
    metadata: Mapping[str, str],
    language: str = "",
    chapters: bool = False,
) -> None:
    """Write all of `programme` to `path` with container tags `metadata` and, if asked, its chapters."""
    import av

    require_rate(programme.rate, encoding.rates, encoding.container)
    channels, blocks = opened(programme)
    options = {**BITEXACT, **encoding.container_options}
    with av.open(str(path), "w", format=encoding.container, options=options) as output:
        stream = output.add_stream(
            encoding.codec,
            rate=programme.rate,
            layout=LAYOUTS[channels],
            options={"flags": "+bitexact", **encoding.codec_options},
        )
        stream.format = encoding.form  # else the codec's first choice: 16 bits
        if channels in encoding.bit_rates:
            stream.bit_rate = encoding.bit_rates[channels]
        if language:
            stream.metadata["language"] = language
        output.metadata.update(metadata)
        if chapters:
            output.set_chapters(_chapters(programme))
        for frame in av_frames(blocks, encoding.form, programme.rate):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _chapters(programme: Programme) -> list["Chapter"]:
    return [
        {
            "id": number,
            "start": round(mark.start * 1000),
            "end": round(mark.end * 1000),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": one_line(mark.title)},
        }
        for number, mark in enumerate(programme.chapters, 1)
    ]
