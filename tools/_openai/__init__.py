"""Servers that speak like OpenAI's: where one is, what it is asked, and what its answers hold."""

from .answer import sound
from .server import Server
from .voices import names_in, voices_in

__all__ = ["Server", "names_in", "sound", "voices_in"]
