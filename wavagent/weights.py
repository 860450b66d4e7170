"""The weights of models: where they are, which ones a person chose, and how to get them.

Nothing is downloaded unless a person asks (`wavagent tools fetch NAME`). What was fetched is pinned: a tool loads the
very commit that was fetched, from the hub's own cache (`HF_HOME`), whatever is published under the same name later. A
pin may also name a folder of the person's own, with weights they trained or copied.
"""

import json
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wavagent.errors import InputError, OutputError, Unavailable
from wavagent.settings import default_weights

if TYPE_CHECKING:
    from wavagent.tool import Tool, Weights

PLAIN = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "*.jsonl", "*.md", "LICENSE*")
"""Files that hold data and nothing but data."""

PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.npz", "*.npy")
"""Files that may run code when they are loaded: fetched only when the person allowed it by the tool's name."""


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person chose for a part of a tool: `commit` of `repo`, or `folder`; `pickle` allows its pickles."""

    repo: str = ""
    commit: str = ""
    folder: str = ""
    pickle: bool = False

    @property
    def edition(self) -> str:
        """What its clips follow from."""
        return f"{self.repo}@{self.commit}" if self.commit else self.folder


def pin_of(tool: str, part: str = "") -> Pin | None:
    """The pin of a part of `tool`, or None when nothing was fetched. Raises Unavailable when the pins are damaged."""
    found = _pins().get(_name(tool, part))
    return Pin(**found) if found else None


def folder_of(tool: "Tool", weights: "Weights") -> Path:
    """The folder with `weights` of `tool`. Raises Unavailable, with what to type, when they are not here."""
    pin = pin_of(tool.card.name, weights.part)
    if pin is None:
        raise Unavailable(_wanted(tool, weights))
    if pin.folder:
        if not Path(pin.folder).is_dir():
            raise Unavailable(
                f"tool '{tool.card.name}' was told to take its weights from '{pin.folder}', which is no folder any "
                f"more: wavagent tools fetch {tool.card.name}"
            )
        return Path(pin.folder)
    return _snapshot(tool, weights, pin)


def lack_of(tool: "Tool") -> str | None:
    """What is missing of the weights of `tool`, and what to type; None when all are here."""
    try:
        for weights in tool.card.weights:
            folder_of(tool, weights)
    except Unavailable as error:
        return str(error).removeprefix(f"tool '{tool.card.name}' ")
    return None


def fetch(
    tool: "Tool",
    weights: "Weights",
    *,
    repo: str = "",
    revision: str = "",
    pickle: bool = False,
    say: Callable[[str], None] = lambda sentence: None,
) -> Pin:
    """Download `weights`, or another `repo` of the same family, and pin it. Raises Unavailable and InputError."""
    from huggingface_hub import snapshot_download

    repo, revision = repo or weights.repo, revision or weights.revision
    patterns = [*PLAIN, *(PICKLED if pickle else ())]
    say(f"fetching {repo} at {revision}, about {weights.megabytes:,} MB, into the hub's cache")
    try:
        found = Path(snapshot_download(repo, revision=revision, allow_patterns=patterns))
    except Exception as error:  # the hub's client raises dozens of kinds
        raise Unavailable(f"{repo} could not be fetched: {type(error).__name__}: {error}") from error
    if not pickle and not any(found.rglob("*.safetensors")):
        raise InputError(
            f"{repo} holds its weights only as pickles, which can run code when they are loaded; if you trust whoever "
            f"made them: wavagent tools fetch {tool.card.name} --allow-pickle"
        )
    pin = Pin(repo, found.name, pickle=pickle)
    _write(_name(tool.card.name, weights.part), pin)
    return pin


def use(tool: "Tool", weights: "Weights", folder: Path, *, pickle: bool = False) -> Pin:
    """Take the weights of `tool` from a folder of the person's own. Raises InputError."""
    if not folder.is_dir():
        raise InputError(f"'{folder}' is no folder; name the one that holds the model's config.json")
    pin = Pin(folder=str(folder.resolve()), pickle=pickle)
    _write(_name(tool.card.name, weights.part), pin)
    return pin


def _snapshot(tool: "Tool", weights: "Weights", pin: Pin) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(pin.repo, revision=pin.commit, local_files_only=True))
    except Exception as error:
        raise Unavailable(_wanted(tool, weights)) from error


def _wanted(tool: "Tool", weights: "Weights") -> str:
    licence = tool.card.weights_licence.name if tool.card.weights_licence else "its own licence"
    return (
        f"tool '{tool.card.name}' needs its weights, {weights.repo} ({weights.megabytes:,} MB, {licence}): "
        f"wavagent tools fetch {tool.card.name}"
    )


def _name(tool: str, part: str) -> str:
    return f"{tool}/{part}" if part else tool


def _pins() -> dict[str, Mapping[str, Any]]:
    path = default_weights()
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Unavailable(
            f"'{path}', which says which weights were fetched, cannot be read ({error}); remove it"
        ) from None


def _write(name: str, pin: Pin) -> None:
    path = default_weights()
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({**_pins(), name: asdict(pin)}, indent=1, sort_keys=True), encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written ({error.strerror})") from error
