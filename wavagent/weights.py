"""The weights of models: where they are, which ones a person chose, and how to get them.

Nothing is downloaded unless a person asks (`wavagent tools fetch NAME`). What was fetched is pinned: a tool loads the
very commit that was fetched, from the hub's own cache (`HF_HOME`), whatever is published under the same name later. A
pin may also name a folder of the person's own, with weights they trained or copied; what lies in it now is what counts.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from wavagent.errors import InputError, OutputError, Unavailable
from wavagent.fingerprint import Fingerprints, files_in
from wavagent.settings import default_weights

if TYPE_CHECKING:
    from wavagent.hub import Listing
    from wavagent.tool import Tool, Weights


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person chose for a part of a tool: `files` of `repo` at `commit`, or `folder`; `pickle` allows pickles."""

    repo: str = ""
    commit: str = ""
    folder: str = ""
    pickle: bool = False
    files: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where the weights are from, for people."""
        return f"{self.repo}@{self.commit}" if self.commit else self.folder

    @property
    def edition(self) -> str:
        """What its clips follow from: the same wherever the same weights lie. Raises Unavailable when they are gone."""
        return self.place if self.commit else f"sha256:{_fingerprint(Path(self.folder))}"


_PINS = TypeAdapter(dict[str, Pin])


def pin_of(tool: str, part: str = "") -> Pin | None:
    """The pin of a part of `tool`, or None when nothing was fetched. Raises Unavailable when the pins are damaged."""
    return _pins().get(_name(tool, part))


def parts_here(tool: "Tool") -> tuple[str, ...]:
    """The parts of `tool` that were fetched or named, and are here still. Raises Unavailable for damaged pins."""
    pins = ((*name.partition("/"), pin) for name, pin in sorted(_pins().items()))
    named = ((tool.weights_of(part), pin) for name, _, part, pin in pins if name == tool.card.name)
    return tuple(weights.part for weights, pin in named if weights is not None and _is_here(tool, weights, pin))


def folder_of(tool: "Tool", weights: "Weights") -> Path:
    """The folder with `weights` of `tool`. Raises Unavailable, with what to type, when they are not here."""
    pin = pin_of(tool.card.name, weights.part)
    if pin is None:
        raise Unavailable(_wanted(tool, weights))
    return _pinned(tool, weights, pin)


def lack_of(tool: "Tool") -> str | None:
    """What is missing of the weights of `tool`, and what to type; None when all are here."""
    needed = (weights for weights in tool.card.weights if not weights.optional)
    return next((lack for weights in needed if (lack := missing(tool, weights))), None)


def missing(tool: "Tool", weights: "Weights") -> str | None:
    """Why `weights` of `tool` are not here, and what to type; None when they are."""
    try:
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
    """Download `weights`, or another `repo` of the same family, and pin it. Raises Unavailable and InputError.

    What was broken off goes on where it stopped; nothing is pinned before all of it is here.
    """
    from wavagent.hub import converted, download, listing

    if not (repo or weights.repo):
        raise InputError(_wanted(tool, weights))
    found = listing(repo or weights.repo, revision or weights.revision).only(weights.files)
    named = weights.files or weights.plain  # as the tool knows them, which is not how a converter calls them
    if not pickle and not revision and not named and not found.safe and (copy := converted(found)):
        say(f"{found.repo} holds pickles; the hub's converter offers the same weights as safetensors, which is taken")
        found = copy
    files = found.needed(pickle=pickle, known=weights.plain)
    size = sum(found.files[path] for path in files)
    licence = _licence(tool) if found.repo == weights.repo else "see its page for the licence"
    say(f"fetching {found.repo} at {found.commit[:12]}: {len(files)} files, {size / 1e6:,.1f} MB ({licence})")
    download(found, files)
    pin = Pin(found.repo, found.commit, pickle=pickle, files=files)
    _write(_name(tool.card.name, weights.part), pin)
    return pin


def use(tool: "Tool", weights: "Weights", folder: Path, *, pickle: bool = False) -> Pin:
    """Take the weights of `tool` from a folder of the person's own, which is read whole. Raises InputError, also when
    it holds none, or only pickles and those are not allowed."""
    if not folder.is_dir():
        raise InputError(f"'{folder}' is no folder; name the one that holds the model's config.json")
    folder = folder.resolve()
    try:
        _own(folder).needed(pickle=pickle, known=weights.plain)
        _fingerprint(folder)
    except Unavailable as error:
        raise InputError(str(error)) from error
    pin = Pin(folder=str(folder), pickle=pickle)
    _write(_name(tool.card.name, weights.part), pin)
    return pin


_fingerprints = cache(Fingerprints)


def _fingerprint(folder: Path) -> str:
    """What the weights in `folder` are. Raises Unavailable when it cannot be read."""
    with _reading(folder):
        return _fingerprints(default_weights().with_name("fingerprints.json")).of(folder)


def _own(folder: Path) -> "Listing":
    """What lies in `folder`. Raises Unavailable when it cannot be read."""
    from wavagent.hub import Listing

    with _reading(folder):
        sizes = {Path(path).relative_to(folder).as_posix(): about.st_size for path, about in files_in(str(folder))}
    return Listing(f"'{folder}'", "", sizes)


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Raises Unavailable where something in `folder` cannot be read in the block."""
    try:
        yield
    except OSError as error:
        if not folder.is_dir():
            raise Unavailable(
                f"'{folder}', which weights were taken from, is no folder any more; name another: "
                "wavagent tools fetch NAME --folder DIR"
            ) from error
        raise Unavailable(
            f"'{error.filename}', which weights are taken from, cannot be read ({error.strerror}); make it readable, "
            "or name another folder: wavagent tools fetch NAME --folder DIR"
        ) from error


def _pinned(tool: "Tool", weights: "Weights", pin: Pin) -> Path:
    if pin.folder:
        if not Path(pin.folder).is_dir():
            raise Unavailable(
                f"tool '{tool.card.name}' was told to take its weights from '{pin.folder}', which is no folder any "
                f"more: {_fetching(tool, weights)}"
            )
        return Path(pin.folder)
    return _snapshot(tool, weights, pin)


def _is_here(tool: "Tool", weights: "Weights", pin: Pin) -> bool:
    try:
        return bool(_pinned(tool, weights, pin))
    except Unavailable:
        return False


def _snapshot(tool: "Tool", weights: "Weights", pin: Pin) -> Path:
    from wavagent.hub import cached

    try:
        return cached(pin.repo, pin.commit, pin.files)
    except Unavailable as error:
        raise Unavailable(_wanted(tool, weights)) from error


def _wanted(tool: "Tool", weights: "Weights") -> str:
    about = f"{weights.megabytes:,} MB, {_licence(tool)}"
    if weights.repo:
        return f"tool '{tool.card.name}' needs its weights, {weights.repo} ({about}): {_fetching(tool, weights)}"
    return (
        f"tool '{tool.card.name}' needs its weights ({about}), which are not on the hub: download them from "
        f"{weights.page} and type: {_fetching(tool, weights)}"
    )


def _fetching(tool: "Tool", weights: "Weights") -> str:
    """What to type for `weights`; those of a repository are fetched with all others that are needed."""
    part = f" --part {weights.part}" if weights.part and (weights.optional or weights.page) else ""
    return f"wavagent tools fetch {tool.card.name}{part}{' --folder DIR' if weights.page else ''}"


def _licence(tool: "Tool") -> str:
    return tool.card.weights_licence.name if tool.card.weights_licence else "its own licence"


def _name(tool: str, part: str) -> str:
    return f"{tool}/{part}" if part else tool


def _pins() -> dict[str, Pin]:
    path = default_weights()
    try:
        return _PINS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else error.errors(include_url=False)[0]["msg"]
        raise Unavailable(
            f"'{path}', which says which weights were fetched, cannot be read ({why}); remove it"
        ) from None


def _write(name: str, pin: Pin) -> None:
    path = default_weights()
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):  # two fetches at once: neither forgets the other's pin
            kept = dict(sorted({**_pins(), name: pin}.items()))
            draft.write_bytes(_PINS.dump_json(kept, indent=1))
            os.replace(draft, path)
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written ({error.strerror})") from error
