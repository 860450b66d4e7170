"""A folder with a model of TTS: its settings, which are a stranger's, and its weights, which are pickles.

The settings name files by where they lay when the model was trained, and classes by their names. Files are looked for
in the folder alone, and classes in TTS alone.
"""

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from wavagent.errors import Broken, Unavailable

_CHECKPOINTS = ("model.pth", "model_file.pth", "model_file.pth.tar", "best_model.pth")

_FILES: Mapping[str, Sequence[str]] = {
    "d_vector_file": ("speakers.json", "speakers.pth"),
    "speakers_file": ("speaker_ids.json", "speaker_ids.pth"),
    "speaker_file": (),
    "language_ids_file": ("language_ids.json",),
    "speaker_encoder_model_path": ("model_se.pth", "model_se.pth.tar"),
    "speaker_encoder_config_path": ("config_se.json",),
}
"""What the settings call a file, and the names that it has in what was published."""

_OWN = frozenset(_FILES) - {"speaker_file"}
"""Of these, what the model itself asks for."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of a model for `tool`, which is named in errors."""

    tool: str
    path: Path

    def file(self, *names: str) -> Path:
        """The first of these files that is here. Raises Unavailable."""
        for name in names:
            if (self.path / name).is_file():
                return self.path / name
        raise Unavailable(
            f"tool '{self.tool}' finds no {' or '.join(names)} in '{self.path}'; name the folder that holds it: "
            f"wavagent tools fetch {self.tool} --folder DIR --allow-pickle"
        )

    @property
    def checkpoint(self) -> Path:
        """The file with the weights. Raises Unavailable."""
        return self.file(*_CHECKPOINTS)

    def settings(self, kind: str) -> dict[str, Any]:
        """The settings of a model of this kind, with files of this folder. Raises Unavailable and Broken."""
        settings = self.parsed(self.file("config.json"))
        if not isinstance(settings, dict) or settings.get("model") != kind:
            found = settings.get("model") if isinstance(settings, dict) else None
            raise Broken(
                f"'{self.path}' holds a model of the kind {str(found)[:40]!r}; tool '{self.tool}' takes {kind!r}"
            )
        self._check(settings)
        own = _within(settings, "model_args")
        for name, published in _FILES.items():
            file = self._here(name, [own, settings], published)
            if file and kind == "vits" and name in _OWN:
                own.setdefault(name, file)  # the model looks there, whatever the settings of its training say
        _within(settings, "audio").pop("stats_path", None)  # a pickle, for training
        if hearing := own.get("speaker_encoder_config_path"):
            self._check_hearing(Path(hearing))
        return settings

    def parsed(self, path: Path) -> Any:
        """What a file of JSON holds. Raises Broken."""
        try:
            return json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise Broken(f"'{path}' is no JSON ({error}); fetch the model of tool '{self.tool}' again") from error

    @contextmanager
    def unpickling(self) -> Iterator[None]:
        """Raises Broken where weights are not all that a file holds."""
        try:
            yield
        except pickle.UnpicklingError as error:
            why = next(iter(str(error).splitlines()), "")
            raise Broken(f"the weights in '{self.path}' hold more than weights, and were not opened: {why}") from error

    def _check(self, settings: Mapping[str, Any]) -> None:
        """Raises Broken where the settings name a class that is not the library's own."""
        characters = settings.get("characters")
        kind = characters.get("characters_class") if isinstance(characters, dict) else None
        if kind and not str(kind).startswith("TTS.tts."):
            raise Broken(
                f"the settings in '{self.path}' name {str(kind)[:60]!r} for their characters, which is not TTS's"
            )

    def _check_hearing(self, path: Path) -> None:
        """Raises Broken where a speaker encoder, which the library loads by itself, would have a pickle opened."""
        settings = self.parsed(path)
        audio = settings.get("audio") if isinstance(settings, dict) else None
        if not isinstance(audio, dict) or audio.get("stats_path"):
            raise Broken(
                f"'{path}' wants statistics, which are a pickle, and those are not opened; take its stats_path out"
            )

    def _here(self, name: str, parts: Sequence[dict[str, Any]], published: Sequence[str]) -> str | None:
        """The file of this folder that `parts` of the settings mean, which they are told; None: there is none."""
        named = [part[name] for part in parts if part.get(name)]
        names = [_base(one[0] if isinstance(one, list) else one) for one in named]
        found = next(
            (str(self.path / one) for one in (*names, *published) if one and (self.path / one).is_file()), None
        )
        for part in parts:
            if name in part:
                part[name] = [found] if found and isinstance(part[name], list) else found
        return found


def _within(settings: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of the settings, which is made where it is missing."""
    if not isinstance(settings.get(name), dict):
        settings[name] = {}
    part: dict[str, Any] = settings[name]
    return part


def _base(path: Any) -> str:
    """The name of a file, whatever system the path is of."""
    return PureWindowsPath(PurePosixPath(str(path)).name).name[:60]
