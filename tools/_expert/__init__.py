"""What experts with weights have in common: how a model is loaded, placed on a device, seeded, and ended."""

from .denoiser import Batch, Denoiser, Denoising
from .expert import Expert, Place
from .failure import translated
from .hearing import Wave, chunks, heard, windows
from .seeded import Rows, drawing, drawn, last
from .stopping import while_alive

__all__ = [
    "Batch",
    "Denoiser",
    "Denoising",
    "Expert",
    "Place",
    "Rows",
    "Wave",
    "chunks",
    "drawing",
    "drawn",
    "heard",
    "last",
    "translated",
    "while_alive",
    "windows",
]
