"""A ZIP file from anywhere, opened with care: nothing is unpacked to disk, and nothing is larger than it may be."""

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

from wavagent.errors import InputError

MOST_ENTRIES = 20_000
LARGEST_ENTRY = 64 * 2**20
"""Bytes of one file unpacked; a chapter has some hundred thousand."""
LARGEST_TOTAL = 512 * 2**20
"""Bytes of all files unpacked, declared or read."""
HIGHEST_RATIO = 150
"""Unpacked to packed, above a megabyte; prose reaches 5, padded markup 40."""
_FORBIDDEN = set('"*:<>?\\|\x7f') | {chr(code) for code in range(32)}
_FORBIDDEN_REASON = 'a character that EPUB forbids in file names (" * : < > ? \\ | or a control character)'


class Archive:
    """The files of a ZIP by name. Raises InputError when it is broken, hostile or locked."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = LARGEST_TOTAL
        self._refuse(_size_of_directory(data) > MOST_ENTRIES * 128, f"lists more than {MOST_ENTRIES} files")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError, OverflowError) as error:
            raise InputError(f"'{name}' is a damaged archive ({error}); get the file again") from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        self._check(self._zip.infolist())

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def entry(self, path: str) -> zipfile.ZipInfo | None:
        return self._entries.get(path)

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises InputError, KeyError when there is none."""
        entry = self._entries[path]
        self._refuse(entry.flag_bits & 1 != 0, f"has a password on '{_short(path)}'", "take it off")
        self._refuse(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), "is packed in an odd way")
        try:
            with self._zip.open(entry) as file:
                data = file.read(min(entry.file_size, self._left) + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
            raise InputError(f"'{self.name}' is damaged at '{_short(path)}' ({error}); get the file again") from error
        self._left -= len(data)
        self._refuse(self._left < 0, "unpacks to more than a book can be")
        return data

    def _check(self, entries: Iterable[zipfile.ZipInfo]) -> None:
        seen: set[str] = set()
        total = 0
        for entry in entries:
            path = entry.filename
            self._refuse(entry.file_size > LARGEST_ENTRY, f"says '{_short(path)}' has {entry.file_size} bytes")
            self._refuse(
                entry.file_size > 2**20 and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size),
                f"packs '{_short(path)}' {entry.file_size // max(1, entry.compress_size)} times smaller, as bombs do",
            )
            parts = path.replace("\\", "/").split("/")
            self._refuse(path.startswith("/") or ".." in parts, f"holds a path that leads outside ('{_short(path)}')")
            self._refuse(not _FORBIDDEN.isdisjoint(path), f"holds '{_short(path)}', with {_FORBIDDEN_REASON}")
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
            self._refuse(folded in seen, f"holds two files called '{_short(path)}'")
            seen.add(folded)
            total += entry.file_size
        self._refuse(total > LARGEST_TOTAL, f"says it unpacks to {total} bytes")
        self._refuse(len(seen) > MOST_ENTRIES, f"lists more than {MOST_ENTRIES} files")

    def _refuse(self, fault: bool, what: str, remedy: str = "get the file from where it was made") -> None:
        if fault:
            raise InputError(f"'{self.name}' {what}; {remedy}")


def _size_of_directory(data: bytes) -> int:
    """Bytes that the archive's directory says it takes, known before anything reads it."""
    at = data.rfind(b"PK\x05\x06")
    return struct.unpack_from("<I", data, at + 12)[0] if 0 <= at <= len(data) - 22 else 0


def _short(path: str) -> str:
    line = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in path)
    return line if len(line) <= 60 else f"{line[:59]}…"
