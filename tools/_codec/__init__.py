"""What neural codecs share: a clip through the few tokens of a second, and back."""

from .codec import Codec, Loaded, RecodeParams

__all__ = ["Codec", "Loaded", "RecodeParams"]
