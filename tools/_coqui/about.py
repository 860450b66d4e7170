"""What the settings of a VITS model tell of it, without TTS and without its weights."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .folder import Folder


@dataclass(frozen=True, slots=True)
class About:
    """Its languages, as it calls them, and its speakers; none: it has but one; None: only its weights tell."""

    languages: tuple[str, ...]
    speakers: tuple[str, ...] | None

    @classmethod
    def of(cls, folder: Folder) -> "About":
        """Raises Unavailable and Broken."""
        settings = folder.settings("vits")
        return cls(tuple(_languages(folder, settings)), _speakers(folder, settings))


def _languages(folder: Folder, settings: Mapping[str, Any]) -> Iterator[str]:
    if file := _set(settings, "language_ids_file"):
        yield from _names(folder, file) or ()
        return
    datasets = settings.get("datasets")
    told = [one.get("language") for one in datasets if isinstance(one, dict)] if isinstance(datasets, list) else []
    found = settings.get("languages") or sorted({tag for tag in told if tag}) or [settings.get("phoneme_language")]
    yield from (str(tag) for tag in found if tag)


def _speakers(folder: Folder, settings: Mapping[str, Any]) -> tuple[str, ...] | None:
    if _set(settings, "use_d_vector_file"):
        return None
    if not _set(settings, "use_speaker_embedding"):
        return ()
    listed = settings.get("speakers")
    if isinstance(listed, list) and listed:
        return tuple(str(name).strip() for name in listed)
    file = _set(settings, "speakers_file")
    return _names(folder, file) if file else None


def _names(folder: Folder, file: str) -> tuple[str, ...] | None:
    """The names that a file of numbers by name has; None where it is a pickle."""
    if not file.endswith(".json"):
        return None
    found = folder.parsed(Path(file))
    return tuple(str(name).strip() for name in found) if isinstance(found, dict) else None


def _set(settings: Mapping[str, Any], name: str) -> Any:
    """A setting, which is the model's own or that of its training."""
    own = settings.get("model_args")
    return (own.get(name) if isinstance(own, dict) else None) or settings.get(name)
