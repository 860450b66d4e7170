"""The record of a batch: batch.json, which says what became of every narrative that was ever made in a folder."""

import json
import os
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import file_digest
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from wavagent.batch.job import Job, Outcome
from wavagent.batch.sources import RECORD
from wavagent.errors import InputError, OutputError
from wavagent.lease import drafting
from wavagent.text import as_text

VERSION = "wavagent.batch/1"

_OUTCOMES = TypeAdapter(list[Outcome])

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""Names that are no folders on Windows, whatever their suffix."""


class Record:
    """What is known of the narratives in `folder`, by source. Raises InputError when batch.json is no record."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._outcomes = {one.source: one for one in _read(folder / RECORD)}
        self._taken = {RECORD, *(_folded(one.folder) for one in self._outcomes.values())}

    def job(self, source: Path) -> Job:
        """The job of making `source`: in the folder it had before, or in one that nobody has."""
        known = self._outcomes.get(as_text(source))
        if known is None:
            known = Outcome(source=as_text(source), folder=self._free(folder_name(source.stem)))
            self._outcomes[known.source] = known
            self._taken.add(_folded(known.folder))
        return Job(source, self._folder / known.folder)

    def finished(self, job: Job, sha256: str, settings: Mapping[str, JsonValue]) -> Outcome | None:
        """What became of `job`, if that was done with the same words and settings, and its files are as they were."""
        known = self._outcomes[as_text(job.source)]
        if known.state not in ("done", "skipped") or (known.sha256, dict(known.settings)) != (sha256, dict(settings)):
            return None
        whole = all(digest(job.folder / file) == was for file, was in known.outputs.items())
        return known if known.outputs and whole else None

    def add(self, outcome: Outcome) -> None:
        self._outcomes[outcome.source] = outcome

    def save(self) -> None:
        """Write batch.json, whole or not at all. Raises OutputError."""
        files = [one.model_dump(mode="json", exclude_defaults=True) for one in self._outcomes.values()]
        text = json.dumps({"schema": VERSION, "files": files}, ensure_ascii=False, indent=1) + "\n"
        try:
            with drafting(self._folder) as fresh:
                fresh.write_text(text, encoding="utf-8")
                os.replace(fresh, self._folder / RECORD)
        except OSError as error:
            raise unwritable(self._folder / RECORD, error) from error

    def _free(self, name: str) -> str:
        number, free = 1, name
        while _folded(free) in self._taken or os.path.lexists(self._folder / free):
            number += 1
            free = f"{name}-{number}"
        return free


def folder_name(stem: str) -> str:
    """The name of a folder for a narrative: its own name, without what some system or shell trips over."""
    plain = unicodedata.normalize("NFC", stem)
    kept = "".join(
        one if one.isalnum() or unicodedata.category(one)[0] == "M" or one in " -_.,'()" else "-" for one in plain
    )
    short = " ".join(kept.split())[:60].strip(" .-'")
    return f"_{short}" if short.partition(".")[0].casefold() in _DEVICES else short or "untitled"


def digest(path: Path) -> str | None:
    """The sha256 of a file; None when it cannot be read, or is a pipe or a device, which are read but once."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"'{path}' cannot be written ({error.strerror or error}); choose another folder with -o")


def _folded(name: str) -> str:
    """One for all names that some file system holds for the same."""
    return unicodedata.normalize("NFC", name.casefold())


def _read(path: Path) -> Iterable[Outcome]:
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != VERSION:
            raise ValueError(f"its schema is {data['schema']!r}, not {VERSION!r}")
        return [one for one in _OUTCOMES.validate_python(data["files"]) if _is_ours(one)]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"{error.error_count()} faults" if isinstance(error, ValidationError) else error
        raise InputError(
            f"'{path}' is not the record of a batch ({why}); move it away, and all is made beside what is there"
        ) from error


def _is_ours(outcome: Outcome) -> bool:
    """Whether all that is named in a record lies where a batch puts it."""
    files = [Path(file) for file in outcome.outputs]
    inside = all(not file.is_absolute() and ".." not in file.parts for file in files)
    return outcome.folder not in ("", ".", "..") and Path(outcome.folder).name == outcome.folder and inside
