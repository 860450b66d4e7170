"""What experts with weights have in common: how a model is loaded, placed on a device, seeded, and ended."""

from .batches import in_batches
from .denoiser import Batch, Denoiser, Denoising
from .expert import Expert, Place
from .failure import translated
from .hearing import Wave, chunks, heard, windows
from .kept import Beside, Kept
from .recent import Recent
from .reference import reference
from .replayed import Replayed, pool_on
from .seeded import Rows, drawing, drawn, noisy
from .stopping import while_alive
from .turns import TURNS

__all__ = [
    "TURNS",
    "Batch",
    "Beside",
    "Denoiser",
    "Denoising",
    "Expert",
    "Kept",
    "Place",
    "Replayed",
    "Recent",
    "Rows",
    "Wave",
    "chunks",
    "drawing",
    "drawn",
    "heard",
    "in_batches",
    "noisy",
    "pool_on",
    "reference",
    "translated",
    "while_alive",
    "windows",
]
