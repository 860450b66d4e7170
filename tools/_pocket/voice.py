"""A voice of Pocket TTS: what every layer remembers of the frames that it heard of somebody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavagent.errors import Broken, Unavailable

from .._expert import Wave

_LAYER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Heard:
    """Keys and values of each layer, of shape (1, heads, frames, width of a head)."""

    layers: tuple[tuple[Any, Any], ...]

    def cache(self, model: Any, rows: int) -> Any:
        """The memory that `rows` lines go on from, each by itself."""
        from transformers import DynamicCache

        made = DynamicCache(config=model.config)
        for number, (keys, values) in enumerate(self.layers):
            made.update(keys.expand(rows, -1, -1, -1), values.expand(rows, -1, -1, -1), number)
        return made


def cloned(model: Any, processor: Any, wave: Wave) -> Heard:
    """What is remembered of a recording, one channel at the codec's rate. Raises Unavailable where nothing can hear."""
    codec, hearing = processor.audio_tokenizer, processor.feature_extractor
    if codec.config.encoder_config is None:
        raise Unavailable(
            "the codec that tool 'pocket_tts' was given has no encoder, so that it cannot hear a recording: fetch one "
            "that has, or take one of its own voices"
        )
    told = hearing(wave, sampling_rate=hearing.sampling_rate)
    encoded = codec.encode(told["input_values"].to(codec.dtype), told["padding_mask"])
    return _heard(model, encoded.latents[0][encoded.latents_mask[0].bool()])


def shipped(model: Any, path: Path) -> Heard:
    """What is remembered of a voice that is shipped: as frames of sound, or as what the layers keep of them.

    Raises Unavailable where there is no such file, and Broken where it holds no voice of this model.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        held = load_file(path)
    except FileNotFoundError:
        raise Unavailable(
            f"tool 'pocket_tts' has no voice '{path.stem}' here: its weights came without the file voices/{path.name}"
        ) from None
    except (OSError, SafetensorError) as error:
        raise Broken(f"'{path}' cannot be read as a voice ({error}); fetch it again") from None
    voice = _of_frames(model, held) or _of_layers(model, held)
    if voice is None:
        raise Broken(f"'{path}' holds no voice of this model; fetch it again, with the weights it was made for")
    return voice


def _heard(model: Any, latents: Any) -> Heard:
    """What is remembered of frames of sound, of shape (frames, width)."""
    import torch

    config = model.config
    signs = [config.audio_prompt_bos_token_id, *[config.audio_prompt_token_id] * len(latents)]
    memory = model.model(
        input_ids=torch.tensor([signs], device=model.device), audio_prompt_latents=latents[None], use_cache=True
    ).past_key_values
    return Heard(tuple((layer.keys, layer.values) for layer in memory.layers))


def _of_frames(model: Any, held: Mapping[str, Any]) -> Heard | None:
    """A voice of one tensor, of shape ([1,] frames, width)."""
    if len(held) != 1:
        return None
    (latents,) = held.values()
    frames = latents[0] if latents.ndim == 3 and len(latents) == 1 else latents
    fits = frames.ndim == 2 and len(frames) and frames.shape[1] == model.config.latent_dim
    return _heard(model, frames.float()) if fits and frames.isfinite().all() else None


def _of_layers(model: Any, held: Mapping[str, Any]) -> Heard | None:
    """A voice of two tensors for each layer, which their names number and call keys and values."""
    found: dict[tuple[int, str], Any] = {}
    for name, tensor in held.items():
        number, kind = _LAYER.search(name), "key" if "key" in name else "value" if "value" in name else ""
        if number is None or not kind:
            return None
        found[int(number[0]), kind] = tensor.float()
    config = model.config
    layers = range(config.num_hidden_layers)
    if found.keys() != {(layer, kind) for layer in layers for kind in ("key", "value")}:
        return None
    frames = found[0, "key"].shape[2:3]
    shape = (1, config.num_key_value_heads, *frames, config.head_dim)
    if any(tensor.shape != shape or not tensor.isfinite().all() for tensor in found.values()):
        return None
    return Heard(tuple((found[layer, "key"], found[layer, "value"]) for layer in layers))
