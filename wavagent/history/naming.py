"""What the entries of a log are called, and which of them can be undone and redone."""

from collections.abc import Sequence

from wavagent.errors import ScriptError
from wavagent.history.entry import Entry

SHORTEST = 4
"""Characters of a hash that may stand for it."""


def resolved(name: str, entries: Sequence[Entry]) -> str:
    """The revision that a name means: an entry's number, -1 for the one before the last, "last", "first", or the start
    of its hash. Raises ScriptError."""
    if not entries:
        raise ScriptError("this project has no history yet; it starts with the first edit")
    named = {str(one.number): one.revision for one in entries}
    named |= {"last": entries[-1].revision, "first": entries[0].revision}
    named |= {str(-back): entries[-1 - back].revision for back in range(1, len(entries))}
    if name in named:
        return named[name]
    fitting = {one.revision for one in entries if len(name) >= SHORTEST and one.revision.startswith(name)}
    if len(fitting) == 1:
        return fitting.pop()
    what = "fits several revisions" if fitting else "is no revision of this project"
    there = f"{entries[0].number} to {entries[-1].number}"
    raise ScriptError(f"'{name}' {what}; name one of {there}, -1, first, last or the start of a hash (`wavagent log`)")


def stacks(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What can be undone and what can be redone, each with the next one last."""
    done: list[Entry] = []
    undone: list[Entry] = []
    numbers = {one.number: one for one in entries}
    for one in entries:
        meant = numbers.get(one.of or 0)
        if one.undoable:
            done, undone = [*done, one], []
        elif meant is None:
            continue
        elif one.kind == "undo" and meant in done:
            done, undone = done[: done.index(meant)], [*undone, meant]
        elif one.kind == "redo" and meant in undone:
            done, undone = [*done, meant], undone[: undone.index(meant)]
    return done, undone
