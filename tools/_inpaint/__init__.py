"""Two ways to fill a gap: carry the sound on, or weave its background."""

from .bridge import bridged
from .weave import woven

__all__ = ["bridged", "woven"]
