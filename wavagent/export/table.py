"""The formats, by the end of a file's name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from wavagent.errors import OutputError
from wavagent.export import chapters, flac, m4b, mp3, ogg, opus, srt, transcript, vtt, wav
from wavagent.programme import Programme

Kind = Literal["audio", "captions", "data"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how files of it are called and written, and what a mix must know of it.

    `ceiling` is the true peak, in dBTP, to limit a mix to so that the decoded file is likely to stay at or below -1
    dBTP (what a codec adds grows with how hard the mix is limited: 0.1 to 0.6 dB by 3 dB, 1 to 4 dB by 9 dB); `gain`
    what the codec does to the level, in dB, which a mix has to make good before it is written.
    """

    suffix: str
    kind: Kind
    mime: str
    write: Callable[[Programme, Path], None]
    lossy: bool = False
    ceiling: float = -1.0
    gain: float = 0.0


def _by_suffix(*formats: Format) -> Mapping[str, Format]:
    return MappingProxyType({form.suffix: form for form in formats})


FORMATS = _by_suffix(
    Format(".mp3", "audio", "audio/mpeg", mp3.write, lossy=True, ceiling=-2.0, gain=mp3.GAIN),
    Format(".m4b", "audio", "audio/mp4", m4b.write, lossy=True, ceiling=-1.5),
    Format(".m4a", "audio", "audio/mp4", m4b.write, lossy=True, ceiling=-1.5),
    Format(".opus", "audio", "audio/ogg; codecs=opus", opus.write, lossy=True, ceiling=-2.0),
    Format(".ogg", "audio", "audio/ogg; codecs=vorbis", ogg.write, lossy=True, ceiling=-1.5),
    Format(".flac", "audio", "audio/flac", flac.write),
    Format(".wav", "audio", "audio/wav", wav.write),
    Format(".srt", "captions", "application/x-subrip", srt.write),
    Format(".vtt", "captions", "text/vtt", vtt.write),
    Format(".chapters.json", "data", "application/json+chapters", chapters.write),
    Format(".transcript.json", "data", "application/json", transcript.write),
)
"""Every format, by suffix, dot included. Some suffixes have two dots."""


def format_for(path: Path) -> Format:
    """The format that `path` asks for by its name. Raises OutputError with the suffixes there are."""
    name = path.name.lower()
    for suffix, form in FORMATS.items():
        if name.endswith(suffix):
            return form
    known = ", ".join(FORMATS)
    found = f"ends in '{path.suffix}'" if path.suffix else "has no suffix"
    raise OutputError(f"'{path.name}' {found}, which is no format; name the file with one of {known}")
