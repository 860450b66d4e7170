"""The codes of a batch, as the decoder writes them: every codebook one step later than the one before it."""

from typing import Any


class Codes:
    """Room for `length` steps of `clips` pieces; `model` is MusicGen's decoder, which knows the order of its books."""

    def __init__(self, model: Any, clips: int, length: int, like: Any) -> None:
        import torch

        self._model, self._pad, self._length = model, model.config.pad_token_id, length
        self._written = torch.zeros(clips, model.config.num_codebooks, length, dtype=torch.long, device=like.device)
        self._set = torch.zeros_like(self._written)  # -1 where it is to be drawn

    def begin(self, heard: Any, length: int) -> int:
        """Sets out for `length` steps after `heard`, of shape (clips, books, frames); how many steps are known."""
        import torch

        clips, books, _ = self._written.shape
        known = self._written.new_full((clips, books, 1), self._pad)
        if heard is not None:
            known = torch.cat([known, heard], -1)
        known, order = self._model.build_delay_pattern_mask(
            known.reshape(clips * books, -1), pad_token_id=self._pad, max_length=length
        )
        self._length = length
        self._set[..., :length] = order.view(clips, books, length)
        self._written.copy_(self._set)
        return int(known.shape[-1])

    def at(self, places: Any) -> Any:
        """What is written at `places`: of shape (clips, books, places)."""
        return self._written.index_select(2, places)

    def write(self, place: Any, drawn: Any) -> None:
        """`drawn`, of shape (clips · books,), at `place`, one number, except where the order has it otherwise."""
        import torch

        order = self._set.index_select(2, place)
        self._written[:, :, place] = torch.where(order == -1, drawn.view_as(order), order)

    def read(self) -> Any:
        """The books beside each other: of shape (clips, books, frames)."""
        clips, books, _ = self._written.shape
        written = self._written[..., : self._length]
        return written[written != self._pad].view(clips, books, -1)
