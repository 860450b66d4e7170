"""What a speech server sends back: sound in one of many containers, and not always in the one it was asked for."""

import io
import re
import struct
from typing import Any

import numpy as np

from wavagent.audio import Audio, Samples
from wavagent.errors import Broken, Transient

from .server import shown

RATE = 24_000
"""Of raw samples, when the server does not say: OpenAI's."""

_ENDLESS = 0x7FFF_0000
"""From here on the length in a WAV's head is no length: the server began to send before it knew the end."""

_CONTAINERS = ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"ID3", "mp3"), (b"\x1aE\xdf\xa3", "matroska"))


def sound(body: bytes, kind: str, asked: str) -> Audio:
    """The sound in `body`, whose content type is `kind`, of a server that was asked for the format `asked`.

    Raises Transient where it ends too early, and Broken where there is no sound in it.
    """
    if not body:
        raise Transient("an empty answer")
    if body[:4] == b"RIFF" and body[8:12] == b"WAVE":
        return _wav(body)
    container = _container(body)
    if container is not None:
        return _decoded(body, container)
    if asked == "pcm" and not kind.startswith(("text/", "application/json")):
        return _raw(body, kind)
    raise Broken(f"{kind or 'something'} that is no sound and begins '{shown(body[:120].decode('utf-8', 'replace'))}'")


def _container(body: bytes) -> str | None:
    """What holds the sound, by its first bytes, as FFmpeg calls it."""
    for mark, name in _CONTAINERS:
        if body.startswith(mark):
            return name
    if body[4:8] == b"ftyp":
        return "mp4"
    if len(body) > 1 and body[0] == 0xFF and body[1] & 0xE0 == 0xE0:
        return "mp3" if body[1] & 0x06 else "aac"  # the layer, which an AAC frame leaves at 0
    return None


def _wav(body: bytes) -> Audio:
    """A WAV, whose head may be of a stream that had no end yet."""
    import soundfile

    at = 12
    while at + 8 <= len(body):
        name, length = struct.unpack_from("<4sI", body, at)
        if name == b"data":
            break
        at += 8 + length + length % 2
    else:
        raise Transient("a WAV that was cut off before its samples")
    there = len(body) - at - 8
    if length > there and length < _ENDLESS:
        raise Transient(f"a WAV of which {there} of {length} bytes came")
    if length > there or length == 0:
        head = bytearray(body[: at + 8])
        struct.pack_into("<I", head, 4, at + there)
        struct.pack_into("<I", head, at + 4, there)
        body = bytes(head) + body[at + 8 :]
    try:
        samples, rate = soundfile.read(io.BytesIO(body), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, ValueError) as error:
        raise Broken(f"a WAV that cannot be read ({shown(str(error))})") from error
    return _heard(samples, rate)


def _raw(body: bytes, kind: str) -> Audio:
    """16 bit samples in little-endian order, mono."""
    said = re.search(r"rate\s*=\s*(\d{4,6})", kind)
    samples = np.frombuffer(body[: len(body) // 2 * 2], "<i2").astype(np.float32) / 32768
    return _heard(np.asarray(samples.reshape(-1, 1), np.float32), int(said[1]) if said else RATE)


def _decoded(body: bytes, container: str) -> Audio:
    """Anything else that FFmpeg reads; the container is named, so that nothing leads it to other files."""
    import av

    blocks: list[Samples] = []
    try:
        with av.open(io.BytesIO(body), "r", format=container) as opened:
            rate = opened.streams.audio[0].rate
            resampler = av.AudioResampler("fltp", rate=rate)
            for frame in opened.decode(audio=0):
                blocks += [_block(one) for one in resampler.resample(frame)]
            blocks += [_block(one) for one in resampler.resample(None)]
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise Transient(f"{container} that cannot be decoded ({shown(str(error))})") from error
    if not blocks:
        raise Transient(f"{container} without a sound in it")
    return _heard(np.concatenate(blocks), rate)


def _block(frame: Any) -> Samples:
    """The samples of a planar frame, of shape (n, channels)."""
    return np.ascontiguousarray(frame.to_ndarray().T, np.float32)


def _heard(samples: Samples, rate: int) -> Audio:
    if not len(samples):
        raise Transient("a file without a sample in it")
    return Audio(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), rate)
