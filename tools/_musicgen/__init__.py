"""How MusicGen makes its codes: what it is told, and a decoder with everything in place."""

from .decoder import Decoding
from .prompt import Prompt, of_tunes, of_words
from .sampling import Sampling

__all__ = ["Decoding", "Prompt", "Sampling", "of_tunes", "of_words"]
