"""The user's own recordings: a file, or a stretch of it, as a clip."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool

LONGEST = 4 * 3600.0
"""Seconds of the longest stretch that is read at once."""

_CLOSED = {
    "protocol_whitelist": "file",
    "format_whitelist": "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,"
    "ogg,qoa,tta,voc,w64,wav,wv",
}
"""No playlists: a recording is one file, and leads neither to other files nor into a network."""


class RecordingParams(Params):
    """Seconds `start` to `end` (None: to its end) of `file`. The key of the clip is its `sha256`, not its place."""

    file: Path = Field(exclude=True)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    start: float = Field(default=0.0, ge=0.0)
    end: float | None = Field(default=None, gt=0.0)


class Recording(Tool):
    """Reads whatever libsndfile or FFmpeg reads, at 48 kHz, mono or stereo."""

    card: ClassVar[Card] = Card(
        name="recording",
        version="1",
        task="recording",
        summary="A file of the project, or a stretch of it.",
        rate=48_000,
        channels=2,
        longest=LONGEST,
        speed=200.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        requires=("av",),
        install="pip install av",
    )
    params: ClassVar[type[Params]] = RecordingParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(self._read(request.params)) for request in requests]

    def seconds(self, params: Any) -> float:
        """How long the stretch is; the end of the file is looked up in its header. 5.0 when nobody can say."""
        end = params.end if params.end is not None else _duration(params.file)
        return 5.0 if end is None else max(0.0, end - params.start)

    def _read(self, params: RecordingParams) -> Audio:
        samples = np.concatenate([np.zeros((0, 2), np.float32), *_blocks(params)])
        if not len(samples):
            raise Refused(f"'{params.file.name}' has no sound from {params.start:g} s on; give another file or stretch")
        return Audio(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), self.card.rate)


def _duration(file: Path) -> float | None:
    """Seconds that a file says it lasts."""
    import av

    try:
        with av.open(f"file:{file.absolute()}", options=_CLOSED) as container:
            return container.duration / av.time_base if container.duration else None
    except (av.FFmpegError, OSError, ValueError):
        return None


def _blocks(params: RecordingParams) -> list[Any]:
    """The stretch's samples in blocks of shape (n, 2), float32. Raises Refused when the file cannot be decoded."""
    import av

    end = min(params.end if params.end is not None else LONGEST + params.start, LONGEST + params.start)
    first, last = round(params.start * Recording.card.rate), round(end * Recording.card.rate)
    blocks, done = [], 0
    try:
        with _opened(params) as container:
            if not container.streams.audio:
                raise Refused(f"'{params.file.name}' has no sound in it; give an audio file")
            for frame in _resampled(_decoded(container)):
                block = np.broadcast_to(frame.to_ndarray().T, (frame.samples, 2))
                blocks.append(block[max(0, first - done) : max(0, last - done)])
                done += len(block)
                if done >= last:
                    break
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"'{params.file.name}' cannot be read as sound ({reason}); give an audio file") from error
    return blocks


@contextmanager
def _opened(params: RecordingParams) -> Iterator[Any]:
    """The file, for as long as the block lasts, as FFmpeg reads it.

    Raises Refused after the block when it was not what the script was compiled with: by then nothing of it was kept,
    and what was swapped or overwritten meanwhile is found, too.
    """
    import av

    with params.file.open("rb") as file:
        with av.open(file, options=_CLOSED) as container:
            yield container
        file.seek(0)
        if hashlib.file_digest(file, "sha256").hexdigest() != params.sha256:
            raise Refused(
                f"'{params.file.name}' is no longer the file that the script was compiled with; run the command again"
            )


def _decoded(container: Any) -> Iterator[Any]:
    """Every frame of the first audio stream; a damaged packet is passed over."""
    import av

    for packet in container.demux(audio=0):
        with suppress(av.InvalidDataError):
            yield from packet.decode()


def _resampled(frames: Iterable[Any]) -> Iterator[Any]:
    """`frames` at the clip's rate, in one or two channels; a file may change its own on the way."""
    import av

    for (layout, *_), alike in groupby(frames, lambda frame: (frame.layout.name, frame.rate, frame.format.name)):
        one = av.AudioLayout(layout).nb_channels == 1  # FFmpeg would make it 3 dB quieter as two
        resampler = av.AudioResampler("fltp", "mono" if one else "stereo", Recording.card.rate)
        for frame in alike:
            yield from resampler.resample(frame)
        yield from resampler.resample(None)


TOOL = Recording()
