"""The store: every result by the hash of what made it.

Two kinds of files, on anything fsspec reaches:

* `clips/ab/cdef….npy`: a clip by the digest of its own bytes, so that equal clips are kept once;
* `calls/ab/cdef….bin`, and the same for `mix`, `levels` and the like: what was made, by the key of what made it. Behind
  a seal of 32 bytes comes, for a call, JSON: the digest of its clip, the words' times, other data.

A file is there whole or not at all, and since every file is checked when it is read, a damaged one is removed and made
again. Any number of processes may use one store at once, and none waits for another.
"""

import hashlib
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import mmap
from typing import TYPE_CHECKING, Any

import numpy as np
from xxhash import xxh3_128_digest

from wavagent.audio import Audio, Samples, Word
from wavagent.dsp.loudness import clip_loudness
from wavagent.shelf import Shelf

if TYPE_CHECKING:  # a mix that reads a store needs neither of them, and they take as long to import as numpy
    from pydantic import JsonValue

    from wavagent.tool import Result

_SEALED = b"wavagent xxh3128"
"""The second half of a seal. The first is a checksum that finds damage many times faster than a sha256 would."""

_LONG = 1 << 20
"""Bytes of samples; smaller pieces of memory fit into the gaps that others left."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a call made: its clip by `digest`, `frames` at `rate`, with what else the tool said.

    `loudness` is that of the clip's active part in LUFS, -inf near silence; None where an older wavagent kept it.
    """

    digest: str
    rate: int
    frames: int
    channels: int
    words: tuple[Word, ...] = ()
    data: "Mapping[str, JsonValue]" = field(default_factory=dict)
    loudness: float | None = field(default=None, compare=False)  # it follows from the digest

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    def to_json(self) -> dict[str, Any]:
        return {
            "digest": self.digest,
            "rate": self.rate,
            "frames": self.frames,
            "channels": self.channels,
            "words": [word.to_json() for word in self.words],
            "data": dict(self.data),
            # JSON has no number for -inf
            "loudness": self.loudness if self.loudness is None or math.isfinite(self.loudness) else str(self.loudness),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Entry":
        return cls(
            str(values["digest"]),
            int(values["rate"]),
            int(values["frames"]),
            int(values["channels"]),
            tuple(Word.from_json(word) for word in values["words"]),
            dict(values["data"]),
            None if values.get("loudness") is None else float(values["loudness"]),
        )


def key_of(**made_of: "JsonValue") -> str:
    """The key of what follows from `made_of` alone: sha256 of its canonical JSON."""
    canonical = json.dumps(made_of, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def pack(audio: Audio) -> bytes:
    """A clip as the bytes of a .npy file: int16 where that loses nothing (speech often is), else float32."""
    if np.all(np.abs(audio.samples) <= 1.0):
        whole = np.rint(audio.samples * 32768.0)
        if np.all((whole / 32768.0 == audio.samples) & (whole <= 32767)):
            return pack_samples(whole.astype(np.int16))
    return pack_samples(audio.samples)


def pack_samples(samples: np.ndarray[Any, Any]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(samples), allow_pickle=False)
    return stream.getvalue()


def unpack(data: bytes) -> Samples:
    """Samples from the bytes of `pack`, in memory channel by channel. Raises ValueError when they are anything else."""
    stream = io.BytesIO(data)
    np.lib.format.read_magic(stream)
    shape, by_channel, dtype = np.lib.format.read_array_header_1_0(stream)
    if by_channel or dtype not in (np.int16, np.float32):
        raise ValueError(f"not a clip: {dtype} of shape {shape}")
    array = np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape)
    tracks = _room(array.T.shape)
    tracks[...] = array.T
    if dtype == np.int16:
        tracks /= np.float32(32768.0)
    return tracks.T


def _room(shape: tuple[int, ...]) -> Samples:
    """Memory for samples; what a long clip takes goes back to the system when it is let go, whatever else is in use."""
    size = math.prod(shape) * 4
    return np.empty(shape, np.float32) if size < _LONG else np.frombuffer(mmap(-1, size), np.float32).reshape(shape)


class Store:
    """A store at `url`: a folder, or anything fsspec reaches (`memory://…`, `s3://…`).

    Raises StoreError when it cannot be read or written; an entry that is missing or damaged is None.
    """

    def __init__(self, url: str, shelf: Shelf | None = None) -> None:
        self.shelf = shelf or Shelf(url)

    @property
    def url(self) -> str:
        return self.shelf.url

    def get(self, key: str) -> Entry | None:
        """What the call with `key` made, if it is known and its clip is there."""
        entry = self.entry(key)
        return entry if entry is not None and self.shelf.exists(_clip(entry.digest)) else None

    def entry(self, key: str) -> Entry | None:
        """What the call with `key` made, wherever its clip may be."""
        data = self.get_bytes("calls", key)
        if data is None:
            return None
        try:
            entry = Entry.from_json(json.loads(data))
            _clip(entry.digest)
        except (ValueError, KeyError, TypeError):
            return None  # another version of wavagent wrote it
        return entry

    def put(self, key: str, result: "Result") -> Entry:
        """Keep what the call with `key` made; the entry is the one that `get` will find."""
        audio = result.audio
        digest = self.put_samples(pack(audio), int(audio.rate))
        loudness = clip_loudness(audio.samples, int(audio.rate))
        made = Entry(digest, int(audio.rate), audio.frames, audio.channels, result.words, result.data, loudness)
        data = json.dumps(made.to_json())
        self.put_bytes("calls", key, data.encode())
        return Entry.from_json(json.loads(data))

    def clip(self, entry: Entry) -> Audio | None:
        """The clip of an entry, or None when it is gone or damaged; a damaged one is removed."""
        data = self.shelf.read(_clip(entry.digest))
        if data is None:
            return None
        if _digest(data, entry.rate) != entry.digest:
            self.shelf.remove(_clip(entry.digest))
            return None
        return Audio(unpack(data), entry.rate)

    def put_samples(self, data: bytes, rate: int) -> str:
        """Keep the bytes of `pack`, once; their digest."""
        digest = _digest(data, rate)
        if not self.shelf.use(_clip(digest)):
            self.shelf.write(_clip(digest), data)
        return digest

    def get_bytes(self, kind: str, key: str) -> bytes | None:
        """Bytes kept under `kind`/`key`: a mixed segment, a model's answer. None when missing; damaged is removed."""
        view = self.view(kind, key)
        return None if view is None else bytes(view)

    def view(self, kind: str, key: str) -> memoryview | None:
        """`get_bytes` without a copy."""
        path = _path(kind, key, "bin")
        data = self.shelf.read(path)
        if data is None:
            return None
        seal, kept = data[:32], memoryview(data)[32:]
        # an older wavagent sealed with a sha256
        if seal != (_seal(kept) if seal.endswith(_SEALED) else hashlib.sha256(kept).digest()):
            self.shelf.remove(path)
            return None
        self.shelf.touch(path)
        return kept

    def has_bytes(self, kind: str, key: str) -> bool:
        return self.shelf.use(_path(kind, key, "bin"))

    def put_bytes(self, kind: str, key: str, data: bytes | memoryview) -> None:
        self.shelf.write(_path(kind, key, "bin"), _seal(data), data)


def _path(kind: str, name: str, suffix: str) -> str:
    return f"{kind}/{name[:2]}/{name[2:]}.{suffix}"


def _clip(digest: str) -> str:
    """Where a clip lies. Raises ValueError when `digest` is none, for it leads anywhere then."""
    bytes.fromhex(digest)
    return _path("clips", digest, "npy")


def _seal(data: bytes | memoryview) -> bytes:
    return xxh3_128_digest(data) + _SEALED


def _digest(data: bytes, rate: int) -> str:
    digest = hashlib.sha256(f"{rate}\n".encode())
    digest.update(data)
    return digest.hexdigest()
