"""A model's parameters by their names, from the file they are published in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wavagent.errors import Broken, OutOfMemory, Unavailable

from ._expert import Place, translated

State = Mapping[str, Any]
"""Tensors, by the names that the model's authors gave them."""


def parameters(place: Place, tool: str) -> State:
    """The tensors of the one .safetensors, or else .pth or .pt, in the folder of `place`, on its device, as precise as
    they were published: what is measured with them is compared with others' figures.

    Raises Unavailable when there is none, or only a pickle that nobody allowed, Broken when it holds no tensors, and
    OutOfMemory when there is no room for them.
    Even an allowed pickle is opened for tensors alone: nothing in it is run (torch's `weights_only`).
    """
    plain, pickled = _files(place.folder, ".safetensors"), _files(place.folder, ".pth", ".pt")
    if not plain and not pickled:
        raise Unavailable(f"tool '{tool}' finds no .safetensors and no .pth in '{place.folder}'")
    return tensors((plain or pickled)[0], place, tool)


def tensors(path: Path, place: Place, tool: str, part: str = "") -> State:
    """The tensors of one file, a .safetensors or a pickle, of a `part` of `tool`. Raises as `parameters` does."""
    if path.suffix != ".safetensors" and not place.pickle:
        raise Unavailable(
            f"tool '{tool}' has its weights as a pickle, '{path.name}', which can run code when it is loaded; if "
            f"you trust whoever made it, type: wavagent tools fetch {tool}{f' --part {part}' if part else ''} "
            f"--folder {path.parent} --allow-pickle"
        )
    try:
        with translated(tool):
            return _opened(path, place)
    except OutOfMemory:
        raise
    except Exception as error:  # each format's library raises kinds of its own
        raise Broken(f"'{path}' holds no model's parameters ({type(error).__name__}); download it again") from error


def _files(folder: Path, *suffixes: str) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in suffixes and path.is_file())


def _opened(path: Path, place: Place) -> dict[str, Any]:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return dict(load_file(path, device=place.device))
    import torch

    told = torch.load(path, map_location=place.device, weights_only=True)
    state = told.get("model", told)  # PANNs' lies within a record of its training
    if not state or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ValueError("not a mapping of tensors")
    return dict(state)
