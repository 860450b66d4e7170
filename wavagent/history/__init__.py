"""The history of a script in a folder: every revision kept, whatever happens to the process that makes one."""

from wavagent.history.entry import Entry
from wavagent.history.history import History

__all__ = ["Entry", "History"]
