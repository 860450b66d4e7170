"""What experts with weights have in common: how a model is loaded, placed on a device, seeded, and ended."""

from .expert import Expert, Place
from .failure import translated
from .seeded import Rows, last

__all__ = ["Expert", "Place", "Rows", "last", "translated"]
