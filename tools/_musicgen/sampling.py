"""How a token is drawn from what the decoder holds likely."""

from dataclasses import dataclass
from typing import Any

from .._expert import noisy


@dataclass(frozen=True, slots=True)
class Sampling:
    """Classifier-free `guidance` (1: none), `temperature`, and of how many of the likeliest one is drawn (0: all)."""

    guidance: float
    temperature: float
    top: int

    @property
    def guided(self) -> bool:
        return self.guidance > 1.0

    def drawn(self, logits: Any, noise: Any) -> Any:
        """A token for every row of `noise`, of shape (rows, vocabulary).

        Where it is guided, `logits` has twice the rows: with the words first, then without.
        """
        if self.guided:
            told, untold = logits.chunk(2)
            logits = untold + (told - untold) * self.guidance
        return noisy(logits, noise, temperature=self.temperature, top=self.top).argmax(-1)
