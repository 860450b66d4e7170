"""The table of commands, one file each."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from wavagent.cli.cast import cast
from wavagent.cli.certify import certify
from wavagent.cli.doctor import doctor
from wavagent.cli.export import export
from wavagent.cli.make import make
from wavagent.cli.plan import plan
from wavagent.cli.play import play
from wavagent.cli.render import render
from wavagent.cli.script import check, diff, show
from wavagent.cli.tools import tools
from wavagent.cli.voices import voices
from wavagent.cli.write import write

app = typer.Typer(
    name="wavagent",
    help="From words to a finished audio story.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _exiting(command: Callable[..., int]) -> Callable[..., None]:
    """`command` as typer wants it: what it returns is the exit code."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        raise typer.Exit(command(*arguments, **options))

    return run


for command in (make, plan, write, cast, render, play, export, certify, tools, voices, doctor):
    app.command()(_exiting(command))

script = typer.Typer(help="Look at a script: check it, show it, compare two.", no_args_is_help=True)
for look in (check, show, diff):
    script.command()(_exiting(look))
app.add_typer(script, name="script")


def _version(wanted: bool) -> None:
    if wanted:
        from wavagent import __version__

        print(f"wavagent {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """From words to a finished audio story."""
