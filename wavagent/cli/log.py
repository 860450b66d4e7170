"""`wavagent log`, `undo`, `redo`: what was done to a story, taken back and done again."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Json, Quiet

if TYPE_CHECKING:
    from wavagent.history import Entry

Place = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project's folder.")]
Steps = Annotated[int, typer.Option("--steps", "-n", min=1, help="So many edits.")]


def log(project: Place, as_json: Json = False) -> int:
    """List every revision of a project: when, by what, why, and what changed. Reading changes nothing."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.reporter import Reporter
    from wavagent.project import Project

    found = Project.open(project)
    entries, damage = found.log(), found.history.damage
    if as_json:
        told = [one.to_json() for one in entries]
        print(json.dumps({"entries": told, "unkept": found.history.unkept, "damage": damage}, ensure_ascii=False))
    else:
        _show(entries)
    reporter = Reporter()
    if found.history.unkept and entries:
        reporter.say("script.json was changed by hand since; the next command that changes it keeps that first")
    for one in damage:
        reporter.say(f"{one}; the rest of the history can be used")
    return DEGRADED if damage else OK


def undo(
    project: Place,
    steps: Steps = 1,
    to: Annotated[str, typer.Option("--to", metavar="REV", help="Go back to this revision instead.")] = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Take the last edit back; with --to, go back to any revision. That is a revision, too."""
    from wavagent.project import Project

    found = Project(project)
    done = [found.restore(to, "wavagent undo")] if to else [found.undo("wavagent undo") for _ in range(steps)]
    return _done(done, quiet, as_json)


def redo(project: Place, steps: Steps = 1, quiet: Quiet = False, as_json: Json = False) -> int:
    """Do again what was last undone."""
    from wavagent.project import Project

    found = Project.open(project)
    return _done([found.redo("wavagent redo") for _ in range(steps)], quiet, as_json)


def _done(entries: list["Entry"], quiet: bool, as_json: bool) -> int:
    from wavagent.cli.reporter import Reporter
    from wavagent.operations.past import named

    if as_json:
        print(json.dumps([one.to_json() for one in entries], ensure_ascii=False))
    reporter = Reporter(quiet)
    for one in entries:
        reporter.say(f"{one.number}: {named(one)}")
        for sentence in told(one):
            reporter.say(f"  {sentence}")
    return 0


def told(entry: "Entry") -> list[str]:
    """What an entry changed, in lines."""
    return [*entry.changes, *([f"and {entry.more} more"] if entry.more else [])]


def _show(entries: tuple["Entry", ...]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from wavagent.operations.past import named

    table = Table(box=None, pad_edge=False)
    for heading in ("", "revision", "when", "by", "what"):
        table.add_column(heading, overflow="fold")
    for one in reversed(entries):
        what = Text("\n".join([named(one), *(f"  {sentence}" for sentence in told(one))]))  # it may look like markup
        table.add_row(str(one.number), one.revision[:12], one.when, Text(one.who), what)
    Console().print(table)
