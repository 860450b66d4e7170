"""What Whisper knows, and when the words sound that it wrote down: read off its attention, as its authors do it."""

from .attention import moments
from .languages import LANGUAGES
from .warp import warp
from .words import placed

__all__ = ["LANGUAGES", "moments", "placed", "warp"]
