"""Pairs: which clip was made for which words, as a table or a folder says it."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from wavagent.errors import InputError

MANIFESTS = ("manifest.csv", "manifest.jsonl", "manifest.json")
"""What a folder's table may be called; the first that is there is read."""

SOUNDS = (".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aiff", ".aif")

_NAMES: Mapping[str, tuple[str, ...]] = {
    "audio": ("audio", "file_name", "file"),
    "prompt": ("prompt", "caption", "caption_1", "captions"),
    "text": ("text", "transcript"),
    "language": ("language",),
    "reference": ("reference",),
    "voice": ("voice", "speaker"),
    "id": ("id", "audiocap_id"),
}
"""What a column may be called, as AudioCaps and Clotho call theirs. Of several captions the first is taken."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A clip and what was asked for.

    `prompt` describes the sound, `text` is what is said in it, in `language` (BCP 47); `reference` is a real clip of
    the same, and `voice` a recording of who was to speak.
    """

    id: str
    audio: Path
    prompt: str = ""
    text: str = ""
    language: str = "en"
    reference: Path | None = None
    voice: Path | None = None

    @property
    def files(self) -> dict[str, Path]:
        """Its files, by what they are."""
        named = {"audio": self.audio, "reference": self.reference, "voice": self.voice}
        return {name: path for name, path in named.items() if path is not None}


def pairs(path: Path, references: Path | None = None) -> list[Pair]:
    """The pairs of a table (.csv, .json, .jsonl), or of a folder: its table, or its sounds with a .txt beside each.

    The real clips may also lie in a folder, `references`, under the names of those that were made. Raises InputError.
    """
    found = list(_in_folder(path) if path.is_dir() else _in_table(path))
    if not found:
        raise InputError(f"'{path}' names no clip; give a folder of sounds, or a table with a column 'audio'")
    if twice := _twice(pair.id for pair in found):
        raise InputError(f"'{path}' has two clips called '{twice}'; give each an 'id' of its own")
    return found if references is None else [_referred(pair, references) for pair in found]


def _in_folder(folder: Path) -> Iterator[Pair]:
    for name in MANIFESTS:
        if (folder / name).is_file():
            yield from _in_table(folder / name)
            return
    for sound in sorted(folder.iterdir()):
        if sound.suffix.lower() in SOUNDS and sound.is_file():
            words = sound.with_suffix(".txt")
            yield Pair(sound.stem, sound, _read(words).strip() if words.is_file() else "")


def _in_table(path: Path) -> Iterator[Pair]:
    for number, row in enumerate(_rows(path), 1):
        if not isinstance(row, Mapping):
            raise InputError(f"row {number} of '{path}' is no object with 'audio' and 'prompt'")
        yield _pair(row, path.parent, f"row {number} of '{path}'")


def _rows(path: Path) -> Iterable[Any]:
    text = _read(path)
    try:
        if path.suffix.lower() == ".csv":
            return list(csv.DictReader(text.splitlines()))
        if path.suffix.lower() == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        rows = json.loads(text)
    except (ValueError, csv.Error) as error:
        raise InputError(f"'{path}' is no table that can be read ({error}); give .csv, .json or .jsonl") from None
    if not isinstance(rows, list):
        raise InputError(f"'{path}' is no list of clips")
    return rows


def _pair(row: Mapping[Any, Any], folder: Path, where: str) -> Pair:
    given = {field: _value(row, names, where) for field, names in _NAMES.items()}
    if not given["audio"]:
        raise InputError(f"{where} names no 'audio'")
    audio = _inside(folder, given["audio"], where)
    return Pair(
        given["id"] or PurePosixPath(given["audio"]).stem,
        audio,
        given["prompt"],
        given["text"],
        given["language"] or "en",
        _inside(folder, given["reference"], where) if given["reference"] else None,
        _inside(folder, given["voice"], where) if given["voice"] else None,
    )


def _value(row: Mapping[Any, Any], names: tuple[str, ...], where: str) -> str:
    """What the first of these columns that is filled says."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise InputError(f"{where} has no text as '{name}', but {type(value).__name__}")
        if value not in (None, ""):
            return str(value).strip()
    return ""


def _inside(folder: Path, name: str, where: str) -> Path:
    """The file of that name, beside the table or below it: a table leads nowhere else."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name or PureWindowsPath(name).drive:
        raise InputError(f"{where} names '{name}'; a file is named from the table's folder, and lies in it")
    found = folder / path
    if not found.is_file():
        raise InputError(f"{where} names '{name}', and '{found}' is not there")
    return found


def _referred(pair: Pair, references: Path) -> Pair:
    """`pair` with the real clip of the same name, whatever its format."""
    if pair.reference is not None:
        return pair
    for ending in (pair.audio.suffix, *SOUNDS):
        real = (references / pair.audio.name).with_suffix(ending)
        if real.is_file():
            return Pair(pair.id, pair.audio, pair.prompt, pair.text, pair.language, real, pair.voice)
    raise InputError(f"'{references}' holds no '{pair.audio.stem}', the real clip for '{pair.audio}'")


def _twice(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{path}' cannot be read as text ({error})") from None
