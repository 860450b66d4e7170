"""How Dia's decoder makes a step without growing its tensors."""

from .decoder import InPlace

__all__ = ["InPlace"]
