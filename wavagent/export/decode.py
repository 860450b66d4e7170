"""Audio files read back, as the players of listeners hear them.

FFmpeg decodes (through PyAV), because it alone reads every format that is written here, and cuts encoder delay and
padding by the LAME tag, the edit list or the Opus header: what comes back is as long as what went in. Its playlists,
which may name other files and addresses, are left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wavagent.audio import Samples
from wavagent.errors import InputError

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "aac,aiff,asf,caf,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp2,mp3,ogg,rf64,w64,wav",
}


@dataclass(frozen=True, slots=True)
class Track:
    """A file's sound: `kbps` is the mean bit rate, of the sound alone where the container tells it apart."""

    path: Path
    container: str  # FFmpeg's name, or names
    codec: str
    rate: int
    channels: int
    kbps: float
    chapters: tuple[float, ...]  # where each starts, in seconds
    titles: tuple[str, ...] = ()  # what each is called
    ends: tuple[float, ...] = ()  # where each ends
    cover: tuple[str, int, int] | None = None  # its codec, width and height

    def blocks(self) -> Iterator[Samples]:
        """The decoded sound in blocks of about a second. Raises InputError where it cannot be decoded."""
        with opened(self.path) as (container, stream):
            held: list[Samples] = []
            frames = 0
            for part in _parts(container, stream, self):
                held.append(part)
                frames += len(part)
                if frames >= self.rate:
                    yield np.concatenate(held)
                    held, frames = [], 0
            if held:
                yield np.concatenate(held)


def track(path: Path) -> Track:
    """What `path` holds. Raises InputError when it is missing, no audio, or broken."""
    with opened(path) as (container, stream):
        if stream.rate < 1 or stream.channels < 1:
            raise InputError(f"'{path}' does not say its rate and channels; it is damaged")
        bits = stream.bit_rate or container.bit_rate or 0
        chapters = container.chapters()
        return Track(
            path,
            container.format.name,
            stream.codec_context.codec.canonical_name,
            stream.rate,
            stream.channels,
            bits / 1000,
            tuple(float(chapter["start"] * (chapter["time_base"] or 0)) for chapter in chapters),
            tuple(str(chapter["metadata"].get("title", "")) for chapter in chapters),
            tuple(float(chapter["end"] * (chapter["time_base"] or 0)) for chapter in chapters),
            _cover(container),
        )


def _cover(container: "InputContainer") -> tuple[str, int, int] | None:
    """The picture that goes with the sound; containers show it as a video of one frame, and say that it is none."""
    from av.stream import Disposition

    for picture in container.streams.video:
        if picture.disposition & Disposition.attached_pic and picture.codec_context is not None:
            return picture.codec_context.codec.canonical_name, picture.width, picture.height
    return None


def decode(path: Path) -> Iterator[Samples]:
    """The sound of a file in blocks of about a second, as `track(path)` describes it. Raises InputError."""
    return track(path).blocks()


@contextmanager
def opened(path: Path) -> Iterator[tuple["InputContainer", "AudioStream"]]:
    """A file's container and its first audio stream. Raises InputError, for what fails inside the block too."""
    import av

    if path.is_dir():
        raise InputError(f"'{path}' is a folder; name an audio file")
    try:
        with av.open(str(path.absolute()), options=_OPTIONS) as container:
            # FFmpeg lists a stream that it has no decoder for, and PyAV gives it no codec context
            if not container.streams.audio or container.streams.audio[0].codec_context is None:
                raise InputError(f"'{path}' holds no sound, or in a codec that is not known; name an audio file")
            yield container, container.streams.audio[0]
    except FileNotFoundError:
        raise InputError(f"there is no file '{path}'; check the name") from None
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {(error.strerror or str(error)).lower()}") from error
    except av.FFmpegError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"'{path}' is no audio file, or damaged: {reason}; give one that plays") from error


def _parts(container: "InputContainer", stream: "AudioStream", track: Track) -> Iterator[Samples]:
    last: AudioFrame | None = None
    for frame in container.decode(stream):
        if (frame.sample_rate, frame.layout.nb_channels) != (track.rate, track.channels):
            raise InputError(f"'{track.path}' changes its rate or channels on the way; join sound before encoding")
        if last is not None:
            yield _samples(last)
        last = frame
    if last is not None:
        yield _samples(last)[: _lasting(last)]


def _lasting(frame: "AudioFrame") -> int:
    """The frames of the last frame that belong to the sound: MP4 says so, and FFmpeg does not cut there."""
    exact = frame.time_base is not None and frame.time_base * frame.sample_rate == 1
    return min(frame.samples, frame.duration) if exact and frame.duration else frame.samples


def _samples(frame: "AudioFrame") -> Samples:
    found = frame.to_ndarray()
    if not frame.format.is_planar:
        found = found.reshape(-1, frame.layout.nb_channels).T
    if found.dtype.kind == "u":
        found = found.astype(np.int16) - 128
        return (found.T / 128.0).astype(np.float32)
    if found.dtype.kind == "i":
        return (found.T * 2.0 ** (1 - 8 * found.dtype.itemsize)).astype(np.float32)
    return found.T.astype(np.float32, copy=False)
