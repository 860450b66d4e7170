"""`wavagent cast`: who speaks a story, with which voice, and why."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import Commercial, Json, Prefer, Quiet, StoreUrl

if TYPE_CHECKING:
    from wavagent.script import Script


def cast(
    project: Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project's folder, or a script.json.")],
    audition: Annotated[
        Path | None, typer.Option("--audition", metavar="DIR", help="Let each voice say one sentence, a file each.")
    ] = None,
    say: Annotated[str, typer.Option(help="The sentence of an audition; without it, one of the character's own.")] = "",
    llm: Llm = "",
    max_cost: MaxCost = None,
    price: Prices = "",
    commercial: Commercial = False,
    prefer: Prefer = None,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Show the cast with the words that tell of it; with --llm, have a model choose the voices, and keep them."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.model import hired
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.project import Project, script_in
    from wavagent.script.patch import revision

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price)
    script, folder = script_in(project)
    with reporter.watching():
        maker = studio(reporter, store=store, seed=script.seed, commercial=commercial, prefer=prefer)
        made = maker.cast(script, hire.model if hire else None)
        files = maker.audition(made.script, audition, say, folder) if audition else []
    if hire is not None:
        told = f"cast by {hire.model.name}"
        if project.is_dir() or project.name == "script.json":
            Project.open(project).commit(made.script, told, "wavagent cast", base=revision(script))
        else:
            Project.create(folder, made.script, told, "wavagent cast")
        reporter.say(hire.bill())
    _show(made.script, as_json)
    for file in files:
        reporter.say(str(file))
    return DEGRADED if made.degraded else OK


def _show(script: "Script", as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from wavagent.operations.people import cast_rows

    rows = cast_rows(script)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("character", "lines", "what the text says", "voice", "why"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        told = "; ".join(f"{what} {trait['value']} (“{trait['evidence']}”)" for what, trait in row["traits"].items())
        names = ", ".join([row["name"], *row["aliases"]])
        table.add_row(names, str(row["lines"]), told, row["voice"] + (" 🔒" if row["locked"] else ""), row["reason"])
    Console().print(table)
