"""The table of commands, one file each."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from wavagent.cli.batch import batch
from wavagent.cli.cache import gc, ls, verify
from wavagent.cli.caption import caption
from wavagent.cli.cast import cast
from wavagent.cli.certify import certify
from wavagent.cli.chat import chat
from wavagent.cli.clone import clone
from wavagent.cli.diff import diff as compare
from wavagent.cli.do import do
from wavagent.cli.doctor import doctor
from wavagent.cli.edit import edit
from wavagent.cli.evaluate import evaluate
from wavagent.cli.explain import explain
from wavagent.cli.export import export
from wavagent.cli.graph import graph
from wavagent.cli.log import log, redo, undo
from wavagent.cli.make import make
from wavagent.cli.plan import plan
from wavagent.cli.play import play
from wavagent.cli.quote import quote
from wavagent.cli.render import render
from wavagent.cli.script import check, diff, show
from wavagent.cli.takes import takes
from wavagent.cli.tools import fetch, install, remove, tools
from wavagent.cli.transcribe import transcribe
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


for begin in (make, batch, plan, write, cast, clone):
    app.command()(_exiting(begin))
for command in (render, takes, quote, explain, graph, play, export, certify, voices, doctor):
    app.command()(_exiting(command))
app.command()(_exiting(do))
for revise in (edit, log, undo, redo, chat):
    app.command()(_exiting(revise))
app.command("diff")(_exiting(compare))
app.command("eval")(_exiting(evaluate))
for listen in (transcribe, caption):
    app.command()(_exiting(listen))

script = typer.Typer(help="Look at a script: check it, show it, compare two.", no_args_is_help=True)
for look in (check, show, diff):
    script.command()(_exiting(look))
app.add_typer(script, name="script")

cache = typer.Typer(help="Look after the store: see what it holds, check it, make it smaller.", no_args_is_help=True)
for keep in (ls, gc, verify):
    cache.command()(_exiting(keep))
app.add_typer(cache, name="cache")

experts = typer.Typer(invoke_without_command=True)
experts.callback()(tools)
for change in (fetch, install, remove):
    experts.command()(_exiting(change))
app.add_typer(experts, name="tools")


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
