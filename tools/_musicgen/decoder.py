"""MusicGen's decoder with everything in place.

The library's `generate` grows its tensors with every token, and so has to launch every kernel of every step anew, which
takes Python far longer than a GPU needs to read the weights. Here codes, keys and values, place and noise lie in
tensors that stay where they are, noise is drawn for many steps at once, and a step is one CUDA graph. The layers are
the library's own, and so are the codes: what `generate` makes with the same noise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from .._expert import Beside, Kept, Replayed, Rows, pool_on
from .codes import Codes
from .prompt import Prompt
from .sampling import Sampling

BLOCK = 128
"""Steps that noise is drawn for at once, and after which more of what was kept is looked at."""

BESIDE = 32
"""States by which the room for words grows, so that texts of like length find the same decoder."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Room for `clips` of `length` steps, which come after `before` states and have `beside` states to look at."""

    clips: int
    length: int
    before: int
    beside: int
    sampling: Sampling

    @classmethod
    def of(cls, prompt: Prompt, length: int, sampling: Sampling) -> "Layout":
        states = prompt.told.shape[1]
        before, beside = (states, 0) if prompt.counts is None else (0, _up(states, BESIDE))
        return cls(prompt.clips, _up(length, BLOCK), before, beside, sampling)

    def holds(self, other: "Layout") -> bool:
        """Whether what fits `other` fits this."""
        roomy = other.length <= self.length and other.beside <= self.beside
        return roomy and replace(other, length=self.length, beside=self.beside) == self

    @property
    def rows(self) -> int:
        """Of the batch: with the words, then without where it is guided."""
        return self.clips * (2 if self.sampling.guided else 1)


class Decoding:
    """`model`, the decoder of a MusicGen, laid out for the last prompt, and for the next if it finds room there."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._decoder: Decoder | None = None

    def __call__(
        self, prompt: Prompt, steps: int, sampling: Sampling, seeds: Sequence[int], alive: Callable[[], None]
    ) -> Any:
        """Codes of shape (clips, books, frames): those that `prompt` heard, and `steps` and one that follow.

        Every clip draws with its own seed. `alive` is called before every step, and may raise.
        """
        heard = 0 if prompt.heard is None else prompt.heard.shape[-1]
        length = 1 + heard + steps + self._model.config.num_codebooks
        layout = Layout.of(prompt, length, sampling)
        if self._decoder is None or not self._decoder.layout.holds(layout):
            self._decoder = None  # before the next takes its memory
            self._decoder = Decoder(self._model, layout)
        return self._decoder(prompt, length, Rows(seeds), alive)


class Decoder:
    """A model laid out: one step changes nothing but what lies in its tensors."""

    def __init__(self, model: Any, layout: Layout) -> None:
        import torch

        self.layout, self._model, self._inner = layout, model, model.model.decoder
        config, like = model.config, model.lm_heads[0].weight
        layers, room = config.num_hidden_layers, _up(layout.before + layout.length, BLOCK)
        heads, width = config.num_attention_heads, config.hidden_size // config.num_attention_heads
        self._kept = Kept(layers, (layout.rows, heads, room, width), like)
        self._beside = Beside(self._kept, (layout.rows, heads, layout.beside, width), config.hidden_size, like)
        self._codes = Codes(model, layout.clips, layout.length, like)
        self._noise = torch.empty(
            BLOCK, layout.clips * config.num_codebooks, config.vocab_size, device=like.device, dtype=torch.float32
        )
        if room > len(self._inner.embed_positions.weights):  # it grows by itself only where it is called
            self._inner.embed_positions.make_weights(room, config.hidden_size)
        self._all = torch.arange(room, device=like.device)
        self._place = torch.zeros(1, dtype=torch.long, device=like.device)
        self._pool, self._steps = pool_on(like.device.type), dict[int, Replayed]()

    def __call__(self, prompt: Prompt, length: int, rows: Rows, alive: Callable[[], None]) -> Any:
        """What `Decoding` gives, in `length` steps."""
        known = self._codes.begin(prompt.heard, length)
        _, books, width = self._noise.shape
        for start, stop in _stretches(known - 1, length - 1):
            # drawn while a GPU is at the stretch before; to copy it is to wait for that
            noise = rows.ahead(stop - start, books // self.layout.clips, width)
            self._noise[start % BLOCK :][: stop - start].copy_(noise)
            limit = _up(self.layout.before + stop, BLOCK)
            if start == known - 1:
                alive()
                self._begin(prompt, known, limit)
                start += 1
            replayed = self._steps.setdefault(limit, Replayed(self._pool))
            for _ in range(start, stop):
                alive()
                replayed(partial(self._step, limit))
        return self._codes.read()

    def _begin(self, prompt: Prompt, known: int, limit: int) -> None:
        """Takes in what is known, and draws the first that is not."""
        import torch

        before = self.layout.before
        self._kept.clear()
        places = torch.arange(-before, known, device=self._all.device)
        hidden = self._embedded(places[before:])
        if before:
            hidden = torch.cat([prompt.told, hidden], 1)
        else:
            self._beside.tell(prompt.told, prompt.counts)
        self._draw(hidden, places, limit)
        self._place.fill_(known)

    def _step(self, limit: int) -> None:
        """One further, looking at no more than `limit` states."""
        self._draw(self._embedded(self._place), self._place, limit)
        self._place.add_(1)

    def _embedded(self, places: Any) -> Any:
        """What is written at `places`, of shape (rows, places, width)."""
        codes = self._codes.at(places)
        first, *others = (embed(codes[:, book]) for book, embed in enumerate(self._inner.embed_tokens))
        embedded = sum(others, first)
        return embedded.repeat(2, 1, 1) if self.layout.sampling.guided else embedded

    def _draw(self, hidden: Any, places: Any, limit: int) -> None:
        """Hears `hidden` at `places`, and writes what comes after the last of them."""
        last = places[-1:]
        logits = self._logits(hidden, places + self.layout.before, limit).flatten(0, 1).float()
        noise = self._noise.index_select(0, last % BLOCK)[0]
        self._codes.write(last + 1, self.layout.sampling.drawn(logits, noise))

    @property
    def _looking(self) -> dict[str, Any]:
        """What a layer attends to besides itself: what was kept, and the words where they are at the side."""
        if not self.layout.beside:
            return {"past_key_values": self._kept}
        words = {"encoder_hidden_states": self._beside.told, "encoder_attention_mask": self._beside.veil}
        return {"past_key_values": self._beside.past, **words}

    def _logits(self, hidden: Any, places: Any, limit: int) -> Any:
        """What may follow, of shape (rows, books, vocabulary)."""
        import torch

        hidden = hidden + self._inner.embed_positions.weights.index_select(0, places).to(hidden)
        ahead = self._all[:limit] > places[:, None]
        veil = hidden.new_zeros(ahead.shape).masked_fill_(ahead, -torch.inf)[None, None]
        self._kept.at(places, limit)
        looking = self._looking
        for layer in self._inner.layers:
            heard = layer(hidden, veil, **looking)
            hidden = heard[0] if isinstance(heard, tuple) else heard
        last = self._inner.layer_norm(hidden[:, -1])
        return torch.stack([head(last) for head in self._model.lm_heads], 1)


def _stretches(start: int, stop: int) -> Iterable[tuple[int, int]]:
    """From `start` to `stop`, in pieces that end where a block does."""
    return pairwise([start, *range((start // BLOCK + 1) * BLOCK, stop, BLOCK), stop])


def _up(length: int, grain: int) -> int:
    return -(-length // grain) * grain
