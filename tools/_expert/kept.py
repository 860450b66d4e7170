"""What a decoder keeps of the tokens before, in tensors that neither move nor grow: so a step can be one CUDA graph."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Layer:
    """Keys and values of one layer, of shape (rows, heads, length, width of a head)."""

    keys: Any
    values: Any


class Kept:
    """Keys and values of all layers; attention writes to it, and reads from it, as to a cache of transformers.

    What it is given it puts at `places`, a tensor of so many whole numbers; it shows the first `limit`. What is there
    and was not given is for a mask to hide.
    """

    def __init__(self, layers: int, shape: tuple[int, int, int, int], like: Any) -> None:
        self.layers = [Layer(like.new_empty(shape), like.new_empty(shape)) for _ in range(layers)]
        self.places, self.limit, self._shown = None, 0, 0

    def clear(self) -> None:
        """Nothing is left of what was kept: what is no number would be heard through every mask."""
        for layer in self.layers:
            layer.keys[:, :, : self._shown] = 0.0
            layer.values[:, :, : self._shown] = 0.0

    def at(self, places: Any, limit: int) -> None:
        """Where what comes next belongs, and how far it may look."""
        self.places, self.limit = places, limit
        if limit > self._shown:  # not before: what a CPU has never touched takes no memory
            for layer in self.layers:
                for part in (layer.keys, layer.values):
                    part[:, :, self._shown : limit] = 0.0  # a mask does not hide what is no number
            self._shown = limit

    def update(self, keys: Any, values: Any, layer: int, *_: Any, **__: Any) -> tuple[Any, Any]:
        """All keys and values that a layer attends to, with these among them."""
        kept = self.layers[layer]
        kept.keys[:, :, self.places] = keys
        kept.values[:, :, self.places] = values
        return kept.keys[:, :, : self.limit], kept.values[:, :, : self.limit]


class Beside:
    """The states of words, which every step attends to: of shape (rows, states, `width`), told once for all steps.

    `veil`, of shape (rows, 1, 1, states), hides those that are not there; `past` is `kept` and these as layers with
    cross-attention take it.
    """

    def __init__(self, kept: Kept, shape: tuple[int, int, int, int], width: int, like: Any) -> None:
        import torch
        from transformers import DynamicCache, EncoderDecoderCache

        rows, _, states, _ = shape
        self.told, self.veil = like.new_zeros(rows, states, width), like.new_zeros(rows, 1, 1, states)
        self._all, self._kept = torch.arange(states, device=like.device), Kept(len(kept.layers), shape, like)
        self.past = EncoderDecoderCache(DynamicCache(), DynamicCache())
        self.past.self_attention_cache, self.past.cross_attention_cache = kept, self._kept

    def tell(self, told: Any, counts: Any) -> None:
        """From the next step on these; `counts`, of shape (rows, states), is 0 for what is not there."""
        import torch

        states = told.shape[1]
        self.told.zero_()[:, :states] = told
        self.veil.fill_(-torch.inf)[:, 0, 0, :states].masked_fill_(counts.bool(), 0.0)
        self._kept.at(self._all, len(self._all))
        self.past.is_updated.clear()
