"""Extraction without training: a recording's components, each kept as far as it fits."""

from .components import Components, decomposed
from .pieces import kept, pieces
from .sharing import shares

__all__ = ["Components", "decomposed", "kept", "pieces", "shares"]
