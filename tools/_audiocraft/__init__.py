"""What the tools of Meta's audiocraft have in common: how it is imported, what it loads, and how it draws."""

from .checkpoint import checkpoint
from .crafted import Crafted, Crafting
from .standing_in import stand_in

__all__ = ["Crafted", "Crafting", "checkpoint", "stand_in"]
