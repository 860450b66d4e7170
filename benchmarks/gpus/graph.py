"""MusicGen's decoder as one step that never changes its shape, and so can be one CUDA graph.

A library's `generate` launches some hundred kernels for every token from Python, which at batch 1 takes longer than the
card needs to read the weights. Here keys and values lie in place, the position is a tensor, and a step is captured once
and replayed.
"""

from typing import Any


class Step:
    """A step for `rows` pieces at once, with classifier-free guidance: `length` tokens at most, after `told`.

    `told` are the text's hidden states of shape (2 · rows, tokens, width): with the words, then without.
    """

    def __init__(self, decoder: Any, told: Any, length: int, *, guidance: float = 3.0) -> None:
        import torch

        self._decoder, self._guidance = decoder, guidance
        inner = decoder.model.decoder
        config, both = decoder.config, told.shape[0]
        self._heads = config.num_attention_heads
        shape = (both, self._heads, length, config.hidden_size // self._heads)
        self._places = inner.embed_positions.weights.to(told)
        self._kept = [(torch.zeros(shape).to(told), torch.zeros(shape).to(told)) for _ in inner.layers]
        self._heard = [self._split(layer.encoder_attn, told) for layer in inner.layers]
        self._ahead = torch.full((length, length), float("-inf")).triu(1).to(told)
        self.tokens = torch.full((both, config.num_codebooks), config.pad_token_id).to(told.device)
        self.position = torch.zeros(1, dtype=torch.long, device=told.device)

    def _split(self, attention: Any, states: Any) -> tuple[Any, Any]:
        """Keys and values of `states`, of shape (rows, heads, tokens, width of a head)."""
        rows, tokens, _ = states.shape
        both = (part(states).view(rows, tokens, self._heads, -1) for part in (attention.k_proj, attention.v_proj))
        keys, values = (each.transpose(1, 2) for each in both)
        return keys, values

    def _attend(self, attention: Any, hidden: Any, keys: Any, values: Any, mask: Any = None) -> Any:
        from torch.nn.functional import scaled_dot_product_attention

        rows, _, width = hidden.shape
        queries = attention.q_proj(hidden).view(rows, 1, self._heads, -1).transpose(1, 2)
        found = scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
        return attention.out_proj(found.transpose(1, 2).reshape(rows, 1, width))

    def logits(self) -> Any:
        """What comes after `tokens` at `position`: (2 · rows, codebooks, vocabulary)."""
        import torch

        inner = self._decoder.model.decoder
        embedded = [embed(self.tokens[:, book]) for book, embed in enumerate(inner.embed_tokens)]
        hidden = torch.stack(embedded).sum(0)[:, None] + self._places.index_select(0, self.position)
        mask = self._ahead.index_select(0, self.position)[None, None]
        for layer, kept, heard in zip(inner.layers, self._kept, self._heard, strict=True):
            normal = layer.self_attn_layer_norm(hidden)
            for memory, fresh in zip(kept, self._split(layer.self_attn, normal), strict=True):
                memory.index_copy_(2, self.position, fresh)
            hidden = hidden + self._attend(layer.self_attn, normal, *kept, mask)
            hidden = hidden + self._attend(layer.encoder_attn, layer.encoder_attn_layer_norm(hidden), *heard)
            normal = layer.final_layer_norm(hidden)
            hidden = hidden + layer.fc2(layer.activation_fn(layer.fc1(normal)))
        last = inner.layer_norm(hidden)
        return torch.stack([head(last)[:, 0] for head in self._decoder.lm_heads], 1)

    def draw(self) -> None:
        """One token further: guidance, a draw by Gumbel noise from all tokens, and the position after it."""
        import torch

        with_words, without = self.logits().float().chunk(2)
        guided = without + self._guidance * (with_words - without)
        noise = -torch.log(-torch.log(torch.rand_like(guided).clamp(1e-20, 1.0 - 1e-7)))
        drawn = (guided + noise).argmax(-1)
        self.tokens.copy_(torch.cat([drawn, drawn]))
        self.position.add_(1)

    def captured(self) -> Any:
        """A call that does `draw` by replaying it; on a CPU, `draw` itself."""
        import torch

        if self.position.device.type != "cuda":
            return self.draw
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):  # what is captured has to have run before
            for _ in range(3):
                self.draw()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.draw()
        self.position.zero_()
        return graph.replay
