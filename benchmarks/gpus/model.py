"""A model as it is measured: what makes clips with it, and the least that this takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.gpus.card import Device
from wavagent.tool import Request

WORDS = "a calm piano in a large hall while the rain falls on the roof"


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the device. `make` has the tool make so many clips of so many seconds at once, `batch` at the most.

    `naive` makes one clip with the library's own loop; None where the tool itself uses that. `decode` is the part of
    `make` that makes token after token. `read` and `work` are the bytes and operations that so many clips of so many
    seconds take at the least; `seconds` is the length that is measured.
    """

    parameters: int
    batch: int
    seconds: float
    make: Callable[[int, float], object]
    read: Callable[[int, float], float]
    work: Callable[[int, float], float]
    naive: Callable[[float], object] | None = None
    decode: Callable[[int, float], object] | None = None


def count(*modules: Any) -> int:
    return sum(weights.numel() for module in modules for weights in module.parameters())


def stepping(
    weights: int, device: Device, steps: Callable[[float], float], *, rows: int = 1, kept: int = 0, before: int = 0
) -> dict[str, Any]:
    """What a decoder reads and does that takes `steps` for a clip, each for `rows` rows of it.

    Every step reads the weights, and `kept` numbers of a row for each state before it, `before` of which are there at
    the beginning.
    """
    size = device.dtype.itemsize

    def read(clips: int, seconds: float) -> float:
        count = steps(seconds)
        return float(size * (count * weights + clips * rows * kept * count * (before + count / 2)))

    return {"read": read, "work": lambda clips, seconds: 2 * weights * rows * clips * steps(seconds)}


def t5(width: int, layers: int, heads: int, inner: int) -> Any:
    from transformers import T5Config

    return T5Config(vocab_size=32_128, d_model=width, d_kv=64, d_ff=inner, num_layers=layers, num_heads=heads)


def asked(params: Any, clips: int, seconds: float, **settings: Any) -> list[Request]:
    return [Request(params(what=WORDS, seconds=seconds, **settings), seed=seed) for seed in range(clips)]
