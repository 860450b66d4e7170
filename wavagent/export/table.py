"""The formats, by the end of a file's name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from wavagent.errors import OutputError
from wavagent.export import (
    chapters,
    credits,
    epub,
    flac,
    m4b,
    mp3,
    notice,
    ogg,
    opus,
    otio,
    rpp,
    srt,
    transcript,
    vtt,
    wav,
)
from wavagent.export.coding import Coding
from wavagent.programme import Programme

Kind = Literal["audio", "book", "captions", "data"]
"""What is mastered, read back and certified are audio and books."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how files of it are called and written, and what a mix must know of it.

    `ceiling` is the true peak, in dBTP, to limit a mix to so that the decoded file is likely to stay at or below -1
    dBTP (what a codec adds grows with how hard the mix is limited: 0.1 to 0.6 dB by 3 dB, 1 to 4 dB by 9 dB); `gain`
    what the codec does to the level, in dB, which a mix has to make good before it is written. `code` is `write` with
    a coding, where there is a choice, and `kbps` the bit rates it chooses itself, by channels. `rate`, in hertz, is
    the one that players of the format expect, where there is one.
    """

    suffix: str
    kind: Kind
    mime: str
    write: Callable[[Programme, Path], None]
    lossy: bool = False
    ceiling: float = -1.0
    gain: Callable[[Coding, int], float] = lambda coding, channels: 0.0
    code: Callable[[Programme, Path, Coding], None] | None = None
    kbps: Mapping[int, int] = field(default_factory=dict)
    rate: int | None = None

    def write_coded(self, programme: Programme, path: Path, coding: Coding) -> None:
        """Write `programme` to `path`, in `coding` where there is a choice. Raises OutputError."""
        if self.code is not None:
            self.code(programme, path, coding)
        else:
            self.write(programme, path)


def _by_suffix(*formats: Format) -> Mapping[str, Format]:
    return MappingProxyType({form.suffix: form for form in formats})


FORMATS = _by_suffix(
    Format(
        ".mp3",
        "audio",
        "audio/mpeg",
        mp3.write,
        lossy=True,
        ceiling=-2.0,
        gain=mp3.gain,
        code=mp3.write,
        kbps=mp3.BIT_RATES,
    ),
    Format(
        ".m4b",
        "audio",
        "audio/mp4",
        m4b.write,
        lossy=True,
        ceiling=-1.5,
        code=m4b.write,
        kbps=m4b.BIT_RATES,
        rate=44_100,
    ),
    Format(".m4a", "audio", "audio/mp4", m4b.write, lossy=True, ceiling=-1.5, code=m4b.write, kbps=m4b.BIT_RATES),
    Format(".opus", "audio", "audio/ogg; codecs=opus", opus.write, lossy=True, ceiling=-2.0),
    Format(".ogg", "audio", "audio/ogg; codecs=vorbis", ogg.write, lossy=True, ceiling=-1.5),
    Format(".flac", "audio", "audio/flac", flac.write),
    Format(".wav", "audio", "audio/wav", wav.write),
    Format(
        ".epub",
        "book",
        "application/epub+zip",
        epub.write,
        lossy=True,
        ceiling=-2.0,
        gain=mp3.gain,
        code=epub.write,
        kbps=mp3.BIT_RATES,
        rate=44_100,
    ),
    Format(".srt", "captions", "application/x-subrip", srt.write),
    Format(".vtt", "captions", "text/vtt", vtt.write),
    Format(".chapters.json", "data", "application/json+chapters", chapters.write),
    Format(".transcript.json", "data", "application/json", transcript.write),
    Format(".credits.md", "data", "text/markdown", notice.write),
    Format(".credits.json", "data", "application/json", credits.write),
    Format(".otio", "data", "application/json", otio.write),
    Format(".rpp", "data", "text/plain", rpp.write),
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
