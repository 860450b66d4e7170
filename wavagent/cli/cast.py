"""`wavagent cast`: who speaks a story, with which voice, and why."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import Commercial, Json, Quiet, StoreUrl

if TYPE_CHECKING:
    from wavagent.script import Character, Script


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
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Show the cast with the words that tell of it; with --llm, have a model choose the voices, and keep them."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.model import hired
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.project import save, script_in

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price)
    script, folder = script_in(project)
    with reporter.watching():
        maker = studio(reporter, store=store, seed=script.seed, commercial=commercial)
        made = maker.cast(script, hire.model if hire else None)
        files = maker.audition(made.script, audition, say) if audition else []
    if hire is not None:
        save(made.script, folder)
        reporter.say(hire.bill())
    _show(made.script, as_json)
    for file in files:
        reporter.say(str(file))
    return DEGRADED if made.degraded else OK


def _show(script: "Script", as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    lines = Counter(line.who for line in script.lines)
    rows = [_row(character, lines[character.id]) for character in script.cast]
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


def _row(character: "Character", lines: int) -> dict[str, Any]:
    traits = {what: trait for what, trait in character.traits if trait is not None}
    voice = character.voice
    return {
        "id": character.id,
        "name": character.name,
        "aliases": list(character.aliases),
        "lines": lines,
        "traits": {what: {"value": trait.value, "evidence": trait.evidence} for what, trait in traits.items()},
        "voice": f"{voice.tool} {voice.id}" if voice else "",
        "reason": voice.reason if voice else "",
        "locked": character.locked,
    }
