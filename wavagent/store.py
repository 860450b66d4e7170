"""The store: every result by the hash of what made it.

Two kinds of files, on anything fsspec reaches:

* `clips/ab/cdef….npy`: a clip by the digest of its own bytes, so that equal clips are kept once;
* `calls/ab/cdef….bin`, and the same for `mix`, `levels` and the like: what was made, by the key of what made it. Behind
  a sha256 of 32 bytes comes, for a call, JSON: the digest of its clip, the words' times, other data.

In a folder a file is written under a temporary name and renamed; elsewhere it is put as one object. So a half-written
one is never seen, and since every file is checked when it is read, a damaged one is removed and made again.
"""

import errno
import hashlib
import io
import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import JsonValue

from wavagent.audio import Audio, Samples, Word
from wavagent.errors import StoreError
from wavagent.tool import Result


@dataclass(frozen=True, slots=True)
class Entry:
    """What a call made: its clip by `digest`, `frames` at `rate`, with what else the tool said."""

    digest: str
    rate: int
    frames: int
    channels: int
    words: tuple[Word, ...] = ()
    data: Mapping[str, JsonValue] = field(default_factory=dict)

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
        )


def key_of(**made_of: JsonValue) -> str:
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
    """Samples from the bytes of `pack`. Raises ValueError when they are anything else."""
    array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    if array.dtype == np.int16:
        return np.asarray(array / np.float32(32768.0), np.float32)
    if array.dtype != np.float32:
        raise ValueError(f"not a clip: {array.dtype}")
    return np.asarray(array, np.float32)


class Store:
    """A store at `url`: a folder, or anything fsspec reaches (`memory://…`, `s3://…`).

    Raises StoreError when it cannot be read or written; an entry that is missing or damaged is None.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, key: str) -> Entry | None:
        """What the call with `key` made, if it is known and its clip is there."""
        data = self.get_bytes("calls", key)
        if data is None:
            return None
        try:
            entry = Entry.from_json(json.loads(data))
        except (ValueError, KeyError, TypeError):
            return None  # another version of wavagent wrote it
        return entry if self._exists(_clip(entry.digest)) else None

    def put(self, key: str, result: Result) -> Entry:
        """Keep what the call with `key` made; the entry is the one that `get` will find."""
        audio = result.audio
        digest = self.put_samples(pack(audio), int(audio.rate))
        made = Entry(digest, int(audio.rate), audio.frames, audio.channels, result.words, result.data)
        data = json.dumps(made.to_json())
        self.put_bytes("calls", key, data.encode())
        return Entry.from_json(json.loads(data))

    def clip(self, entry: Entry) -> Audio | None:
        """The clip of an entry, or None when it is gone or damaged; a damaged one is removed."""
        data = self._read(_clip(entry.digest))
        if data is None:
            return None
        if _digest(data, entry.rate) != entry.digest:
            self._remove(_clip(entry.digest))
            return None
        return Audio(unpack(data), entry.rate)

    def put_samples(self, data: bytes, rate: int) -> str:
        """Keep the bytes of `pack`, once; their digest."""
        digest = _digest(data, rate)
        if not self._exists(_clip(digest)):
            self._write(_clip(digest), data)
        return digest

    def get_bytes(self, kind: str, key: str) -> bytes | None:
        """Bytes kept under `kind`/`key`: a mixed segment, a model's answer. None when missing; damaged is removed."""
        path = _path(kind, key, "bin")
        data = self._read(path)
        if data is None:
            return None
        if hashlib.sha256(memoryview(data)[32:]).digest() != data[:32]:
            self._remove(path)
            return None
        return data[32:]

    def has_bytes(self, kind: str, key: str) -> bool:
        return self._exists(_path(kind, key, "bin"))

    def put_bytes(self, kind: str, key: str, data: bytes | memoryview) -> None:
        self._write(_path(kind, key, "bin"), hashlib.sha256(data).digest(), data)

    @cached_property
    def _place(self) -> tuple[Any, str]:
        """The filesystem, and the folder on it."""
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem

        if "://" not in self.url:  # a path is only ever a path: fsspec would take '::' in it for a chain of systems
            return LocalFileSystem(), os.path.abspath(os.path.expanduser(self.url)).rstrip("/")
        try:
            system, root = url_to_fs(self.url)
        except Exception as error:
            raise StoreError(f"the store '{self.url}' cannot be reached: {error}; name another one") from error
        return system, str(root).rstrip("/")

    def _read(self, path: str) -> bytes | None:
        system, root = self._place
        try:
            return bytes(system.cat_file(f"{root}/{path}"))
        except FileNotFoundError:
            return None
        except Exception as error:  # every filesystem has errors of its own
            raise StoreError(
                f"the store '{self.url}' cannot be read: {_reason(error)}; name another one in WAVAGENT_STORE"
            ) from error

    def _write(self, path: str, *pieces: bytes | memoryview) -> None:
        system, root = self._place
        target = f"{root}/{path}"
        try:
            if getattr(system, "local_file", False):
                _write_whole(target, pieces, f"{root}/tmp")
            else:
                system.makedirs(target.rpartition("/")[0], exist_ok=True)
                system.pipe_file(target, b"".join(pieces))
        except Exception as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreError(
                    f"the disk of the store '{self.url}' is full; free some space and run the same command again: "
                    "what was finished is kept"
                ) from error
            raise StoreError(
                f"the store '{self.url}' cannot be written: {_reason(error)}; name another one in WAVAGENT_STORE"
            ) from error

    def _exists(self, path: str) -> bool:
        system, root = self._place
        return bool(system.isfile(f"{root}/{path}"))

    def _remove(self, path: str) -> None:
        """Remove a damaged file."""
        system, root = self._place
        try:
            system.rm_file(f"{root}/{path}")
        except FileNotFoundError:
            pass  # somebody else was quicker
        except Exception as error:
            raise StoreError(
                f"'{path}' in the store '{self.url}' is damaged and cannot be removed: {_reason(error)}; remove it"
            ) from error


def _write_whole(target: str, pieces: Sequence[bytes | memoryview], drafts: str) -> None:
    """Write a local file so that at every moment there is all of it or nothing."""
    draft = f"{drafts}/{uuid.uuid4().hex}"
    try:
        _in_folder(draft, lambda: _write_new(draft, pieces))
        _in_folder(target, lambda: os.replace(draft, target))
    except BaseException:
        with suppress(OSError):
            os.remove(draft)
        raise


def _write_new(path: str, pieces: Sequence[bytes | memoryview]) -> None:
    with open(path, "xb") as file:
        file.writelines(pieces)


def _in_folder(path: str, write: Callable[[], None]) -> None:
    """`write`, and when the folder of `path` is not there yet, again once it is: it nearly always is."""
    try:
        write()
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write()


def _reason(error: Exception) -> object:
    return getattr(error, "strerror", None) or error


def _path(kind: str, name: str, suffix: str) -> str:
    return f"{kind}/{name[:2]}/{name[2:]}.{suffix}"


def _clip(digest: str) -> str:
    return _path("clips", digest, "npy")


def _digest(data: bytes, rate: int) -> str:
    digest = hashlib.sha256(f"{rate}\n".encode())
    digest.update(data)
    return digest.hexdigest()
