"""When the letters of a text sound, from how likely each letter is at each moment (CTC)."""

from .letters import Letters, letters_of
from .viterbi import Stretch, viterbi

__all__ = ["Letters", "Stretch", "letters_of", "viterbi"]
