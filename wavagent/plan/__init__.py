"""Planning: a document becomes a script."""

from wavagent.plan.director import direct

__all__ = ["direct"]
