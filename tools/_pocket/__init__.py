"""What Pocket TTS remembers of the voices it heard."""

from .voice import Heard, cloned, shipped

__all__ = ["Heard", "cloned", "shipped"]
