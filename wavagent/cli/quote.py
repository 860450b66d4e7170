"""`wavagent quote`: what a story will take, before anything of it runs."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Commercial, Json, Prefer, Profile, Quiet, Seed, StoreUrl, Takes

if TYPE_CHECKING:
    from wavagent.quote.bill import Item, Quote
    from wavagent.script import Script
    from wavagent.studio import Studio

Place = Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project's folder, a script.json, or a narrative.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="OUT", help="What would be written; without it, a project.")
]
Cost = Annotated[
    float | None, typer.Option("--max-cost", min=0.0, metavar="USD", help="Fail when the tools would cost more.")
]
Minutes = Annotated[
    float | None, typer.Option("--max-minutes", min=0.0, metavar="M", help="Fail when it would take longer.")
]


def quote(
    place: Place,
    output: Target = None,
    max_cost: Cost = None,
    max_minutes: Minutes = None,
    profile: Profile = "universal",
    commercial: Commercial = False,
    takes: Takes = 1,
    prefer: Prefer = None,
    seed: Seed = 0,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Say what a story will take of calls, time, money and memory, and under which licences; nothing runs."""
    from wavagent.cli import ERROR, OK
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.project import OUTPUTS

    reporter = Reporter(quiet)
    maker = studio(reporter, store=store, seed=seed, commercial=commercial, profile=profile, takes=takes, prefer=prefer)
    script, folder = script_of(maker, place)
    one = output is not None and output.suffix and not output.is_dir()
    found = maker.quote(script, folder, (output.name,) if one and output else OUTPUTS)
    over = found.over(max_cost, max_minutes)
    if as_json:
        print(json.dumps({**found.to_json(), "over": over}, ensure_ascii=False))
    else:
        _show(found)
    if over is not None:
        print(f"wavagent: {over}", file=sys.stderr)
    return ERROR if over is not None else OK


def script_of(maker: "Studio", place: Path) -> tuple["Script", Path]:
    """The script at `place` and its project's folder; a narrative is planned, by rules, which costs nothing."""
    from wavagent.project import script_in

    if place.is_dir() or _is_script(place):
        return script_in(place)
    return maker.plan(maker.read(place)), place.parent


def _is_script(place: Path) -> bool:
    """Whether a file is a script, and not a narrative in JSON of another kind."""
    if place.suffix.lower() != ".json":
        return False
    try:
        found = json.loads(place.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and str(found.get("schema", "")).startswith("wavagent.script/")


def _show(quote: "Quote") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("tool", "calls", "kept", "to make", "time", "cost", "memory", "licences"):
        table.add_column(heading, justify="left" if heading in ("tool", "licences") else "right", overflow="fold")
    for item in quote.items:
        table.add_row(*_row(item))
    console = Console(highlight=False)
    console.print(table)
    console.print()
    for sentence in sentences(quote):
        console.print(Text(sentence), soft_wrap=True)


def _row(item: "Item") -> list[str]:
    card = item.card
    licences = [licence.name for licence in (card.code_licence, card.weights_licence) if licence is not None]
    return [
        card.name,
        str(item.calls),
        str(item.kept),
        _time(item.seconds),
        _time(item.took) + ("" if item.measured or not item.took else " ?"),
        f"${item.money:.4f}" if item.money else "-",
        f"{item.memory_mb} MB" if item.memory_mb else "-",
        " + ".join(licences) + ("" if card.commercial else " (not for sale)"),
    ]


def sentences(quote: "Quote") -> list[str]:
    """The quote, in words."""
    steps = ", ".join(f"{step.name} {_time(step.took)}" for step in quote.steps if step.took >= 0.05)
    guessed = "" if quote.measured else " (?: not measured on this machine yet; a first run will)"
    unknown = sum(item.unknown for item in quote.items)
    memory = ", ".join(f"{size} MB ({pool})" for pool, size in quote.memory_mb.items() if size) or "next to none"
    money = f"${quote.money:.4f}" if quote.money else "nothing"
    said = [
        f"{_time(quote.seconds)} of story; {quote.calls} calls, {quote.kept} of them kept (in the store, or twins)",
        f"time: {_time(quote.took)}: {steps or 'nothing to do'}{guessed}",
        f"cost: {money}; memory for models: {memory}",
    ]
    if unknown:
        said.append(f"{unknown} calls work on clips that are not made yet; they are counted as to run")
    said += [f"cannot be made: {fault}" for fault in quote.faults]
    if quote.obstacles:
        return said + [f"not for commercial use: {obstacle}" for obstacle in quote.obstacles]
    return [*said, "every licence allows commercial use; that of the text is not known here"]


def _time(seconds: float) -> str:
    from wavagent.export.clock import short

    return f"{seconds:.1f} s" if seconds < 100 else short(seconds)
