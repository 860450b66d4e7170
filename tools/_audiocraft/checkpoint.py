"""What audiocraft publishes of a model: `state_dict.bin` and `compression_state_dict.bin`, weights with their settings.

Both are pickles. They are read as weights alone: nothing in them is called, and of other classes they may only hold
those of the settings (omegaconf's). What the settings say is not followed to other files or to the network: words go to
the T5 that was fetched, and a model that listens to what nothing here can give is refused.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wavagent.errors import Unavailable


@contextmanager
def reading(text: Path) -> Iterator[None]:
    """In the block audiocraft's loaders read through `checkpoint`, and their models hear words by the T5 in `text`."""
    from audiocraft.models import loaders

    def read(folder: str, filename: str, **_: Any) -> Any:
        return checkpoint(Path(folder) / filename, text)

    theirs, loaders._get_state_dict = loaders._get_state_dict, read
    try:
        yield
    finally:
        loaders._get_state_dict = theirs


def checkpoint(file: Path, text: Path) -> dict[str, Any]:
    """The weights (`best_state`) and settings (`xp.cfg`) in `file`. Raises Unavailable when it holds anything else."""
    from omegaconf import OmegaConf

    held = _weights(file)
    if not isinstance(held, dict) or not {"best_state", "xp.cfg"} <= held.keys():
        other = held.get("pretrained") if isinstance(held, dict) else None
        why = f"only names another model, {other!r}" if other else "holds no model that audiocraft exported"
        raise Unavailable(f"'{file}' {why}; fetch the weights on the tool's card")
    settings = OmegaConf.create(held["xp.cfg"])
    _listening(settings, text, file)
    return {"best_state": held["best_state"], "xp.cfg": settings}


def _weights(file: Path) -> Any:
    import pickle

    import torch

    try:
        with torch.serialization.safe_globals(_settings()):
            return torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise Unavailable(f"'{file.parent}' holds no {file.name}; fetch the weights on the tool's card") from None
    except (pickle.UnpicklingError, EOFError, RuntimeError) as error:
        first = next(iter(str(error).splitlines()), "it is broken off")
        raise Unavailable(f"'{file}' cannot be read as weights alone ({first})") from error


def _settings() -> list[Any]:
    """The classes that settings are made of; making one of them runs no code of the file's."""
    from collections import defaultdict

    from omegaconf import DictConfig, ListConfig
    from omegaconf.base import ContainerMetadata, Metadata
    from omegaconf.nodes import AnyNode

    return [DictConfig, ListConfig, ContainerMetadata, Metadata, AnyNode, Any, defaultdict, dict, list, int]


def _listening(settings: Any, text: Path, file: Path) -> None:
    """Turn what the model listens to into what it is given here. Raises Unavailable when there is no such thing."""
    for name, heard in (settings.get("conditioners") or {}).items():
        if name == "args":
            continue
        if heard.model == "t5":
            heard.t5.name = _known(text)
        elif heard.model == "chroma_stem":
            heard.chroma_stem.eval_wavs = None
        else:
            raise Unavailable(f"the model in '{file}' listens to {heard.model!r}, which nothing here can give it")


def _known(text: Path) -> str:
    """The folder `text` as the name of a T5; audiocraft takes only names that it has in a table, with their width."""
    from audiocraft.modules.conditioners import T5Conditioner

    try:
        width = int(json.loads((text / "config.json").read_text(encoding="utf-8"))["d_model"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise Unavailable(f"'{text}' holds no T5 ({error}); fetch the weights on the tool's card") from error
    if not any(text.glob("*.safetensors")):
        raise Unavailable(f"'{text}' holds a T5 without safetensors, and none else is opened; fetch that on the card")
    name = str(text)
    if name not in T5Conditioner.MODELS:
        T5Conditioner.MODELS.append(name)
    T5Conditioner.MODELS_DIMS[name] = width
    return name
