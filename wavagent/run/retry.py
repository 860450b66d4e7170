"""Retries: whether a call that failed is asked again, and when."""

from wavagent.errors import Died, OutOfMemory, TimedOut, ToolError, Transient
from wavagent.run.agenda import Task
from wavagent.run.patience import Patience

TIME_OUTS = 2
"""Times that a call which takes too long is asked in all: another hour is rarely what it needs."""


class LeftBehind(TimedOut):
    """A call hangs in a thread, which cannot be ended; a second one would hang there as well."""


def before_again(task: Task, error: ToolError, together: bool, patience: Patience) -> float | None:
    """Seconds until `task` is asked again, after it failed `together` with others or not; None: never."""
    if isinstance(error, Died):
        task.deaths += 1
        task.alone = task.deaths > 1  # once more as it was, then alone, so that only the culprit fails
        return 0.0 if together or task.deaths < 2 else None
    if isinstance(error, Transient) and not isinstance(error, LeftBehind):
        return _when_it_may_pass(task, error, together, patience)
    if isinstance(error, OutOfMemory) and together:
        return 0.0  # in a smaller batch
    task.alone = True
    if isinstance(error, OutOfMemory):
        again, task.cleared = not task.cleared, True
        return 0.0 if again else None
    return 0.0 if together else None


def _when_it_may_pass(task: Task, error: Transient, together: bool, patience: Patience) -> float | None:
    late = isinstance(error, TimedOut)
    task.alone = task.alone or (together and (task.tries > 1 or late))
    if late and not together and task.tries >= TIME_OUTS:
        return None
    return patience.before_again(error, task.tries, task.waited)
