"""Planning: a document becomes a script."""

from wavagent.planning.director import direct

__all__ = ["direct"]
