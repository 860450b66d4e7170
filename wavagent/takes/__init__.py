"""Takes: what can come out otherwise is made several times, and the best is heard."""

from wavagent.takes.several import Sounding, several
from wavagent.takes.taken import Take, Taken, sounding, taken

__all__ = ["Sounding", "Take", "Taken", "several", "sounding", "taken"]
