"""What the tools of Coqui's TTS have in common: its weights, its text, its phonemes, and how a line is made of them."""

from .about import About
from .cloned import Cloned
from .folder import Folder
from .language import nearest
from .library import device_for, prepared
from .line import Coqui, Synthesizer
from .net import Net, VitsParams

__all__ = [
    "About",
    "Cloned",
    "Coqui",
    "Folder",
    "Net",
    "Synthesizer",
    "VitsParams",
    "device_for",
    "nearest",
    "prepared",
]
