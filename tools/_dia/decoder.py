"""Dia's decoder with everything in place.

The library's `generate` stays as it is, with all that it knows of Dia's books and of how a line ends; only the
decoder's part of a step, most of what there is to launch, lies in tensors that stay where they are, and is one CUDA
graph. The layers are the library's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._expert import Beside, Kept, Replayed, pool_on

BLOCK = 128
"""Steps after which more of what was kept is looked at."""

BESIDE = 64
"""States by which the room for words grows, so that texts of like length find the same room."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Room for `rows` of `length` steps, with `beside` states of the words."""

    rows: int
    length: int
    beside: int

    def holds(self, other: "Layout") -> bool:
        """Whether what fits `other` fits this."""
        return other.rows == self.rows and other.length <= self.length and other.beside <= self.beside


class InPlace:
    """`decoder`, a module of Dia, which within `room` hears what is before the first step, and then step after step."""

    def __init__(self, decoder: Any) -> None:
        self._decoder, self._steps, self._known = decoder, 0, 0
        self._room: Room | None = None

    @contextmanager
    def room(self, steps: int) -> Iterator[None]:
        """In the block, `generate` makes at most so many steps in place."""
        self._steps, self._known = steps, 0
        self._decoder.forward = self._forward
        try:
            yield
        finally:
            del self._decoder.forward

    def _forward(
        self,
        input_ids: Any,
        position_ids: Any = None,
        attention_mask: Any = None,
        encoder_hidden_states: Any = None,
        encoder_attention_mask: Any = None,
        past_key_values: Any = None,
        **_: Any,
    ) -> Any:
        """As the decoder's own: codes of shape (rows, steps, books) in, their hidden states out."""
        from transformers.modeling_outputs import BaseModelOutputWithPastAndCrossAttentions

        rows, count, _books = input_ids.shape
        if not self._known:
            layout = Layout(rows, _up(count + self._steps, BLOCK), _up(encoder_hidden_states.shape[1], BESIDE))
            if self._room is None or not self._room.layout.holds(layout):
                self._room = None  # before the next takes its memory
                self._room = Room(self._decoder, layout)
            hidden = self._room.begin(input_ids, attention_mask, encoder_hidden_states, encoder_attention_mask)
        else:
            assert self._room is not None
            hidden = self._room.follow(input_ids, self._known)
        self._known += count
        return BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=hidden, past_key_values=past_key_values)


class Room:
    """The tensors that a step reads and writes."""

    def __init__(self, decoder: Any, layout: Layout) -> None:
        import torch

        self.layout, self._decoder = layout, decoder
        config, like = decoder.config, decoder.norm.weight
        rows, layers = layout.rows, config.num_hidden_layers
        looking = (rows, config.num_key_value_heads, layout.length, config.head_dim)
        hearing = (rows, config.cross_num_key_value_heads, layout.beside, config.cross_head_dim)
        self._kept = Kept(layers, looking, like)
        self._beside = Beside(self._kept, hearing, config.cross_hidden_size, like)
        self._all = torch.arange(layout.length, device=like.device)
        self._unseen = torch.zeros(rows, layout.length, dtype=torch.bool, device=like.device)
        self._place = torch.zeros(1, dtype=torch.long, device=like.device)
        self._codes = torch.zeros(rows, 1, config.num_channels, dtype=torch.long, device=like.device)
        self._hidden = like.new_zeros(rows, 1, config.hidden_size)
        self._pool, self._steps = pool_on(like.device.type), dict[int, Replayed]()

    def begin(self, codes: Any, seen: Any, told: Any, counts: Any) -> Any:
        """The hidden states of what is there before the first step; `seen` and `counts` are 0 where it is padded."""
        known = codes.shape[1]
        self._kept.clear()
        self._beside.tell(told, counts)
        self._unseen.zero_()[:, :known] = ~seen.bool()
        hidden = self._heard(codes, self._all[:known], _up(known, BLOCK))
        self._place.fill_(known)
        return hidden

    def follow(self, codes: Any, known: int) -> Any:
        """The hidden states of one step more, after `known`."""
        self._codes.copy_(codes)
        limit = _up(known + 1, BLOCK)
        self._steps.setdefault(limit, Replayed(self._pool))(partial(self._step, limit))
        return self._hidden

    def _step(self, limit: int) -> None:
        self._hidden.copy_(self._heard(self._codes, self._place, limit))
        self._place.add_(1)

    def _heard(self, codes: Any, places: Any, limit: int) -> Any:
        """The hidden states of `codes` at `places`, looking at the first `limit`."""
        import torch

        hidden = self._decoder.embeddings(codes)
        turned = self._decoder.rotary_emb(hidden, position_ids=places[None])
        hide = (self._all[:limit] > places[:, None]) | self._unseen[:, None, :limit]
        hide = hide & (self._all[:limit] != places[:, None])  # padding looks at itself: at nothing there is no answer
        veil = hidden.new_zeros(hide.shape).masked_fill_(hide, -torch.inf)[:, None]
        self._kept.at(places, limit)
        for layer in self._decoder.layers:
            hidden = layer(
                hidden,
                turned,
                veil,
                self._beside.told,
                encoder_attention_mask=self._beside.veil,
                past_key_values=self._beside.past,
            )
        return self._decoder.norm(hidden)


def _up(length: int, grain: int) -> int:
    return -(-length // grain) * grain
