"""`wavagent plan`: a narrative in, a script to read and edit out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import Input, Json, Quiet, Seed, StoreUrl

if TYPE_CHECKING:
    from wavagent.cli.model import Hired
    from wavagent.cli.reporter import Reporter
    from wavagent.planning.llm import Planned

Folder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help="The project's folder; without it, one named like IN."),
]


def plan(
    source: Input,
    output: Folder = None,
    llm: Llm = "",
    max_cost: MaxCost = None,
    price: Prices = "",
    seed: Seed = 0,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Write the script of a narrative into a project's folder, and stop there."""
    from wavagent.cli.model import hired, planned
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price)
    with reporter.watching():
        maker = studio(reporter, store=store, seed=seed)
        made = planned(maker, maker.read(source), hire)
    return keep(made, output or Path(source.stem), reporter, hire, as_json=as_json)


def keep(made: "Planned", output: Path, reporter: "Reporter", hire: "Hired | None", *, as_json: bool) -> int:
    """Save a plan as a project, and say what is in it; the exit code."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.project import SCRIPT, Project, with_locks
    from wavagent.script.file import dumps
    from wavagent.script.readable import UNSURE

    script, left = with_locks(made.script, output)
    for one in left:
        reporter.say(one)
    planned_of = f"planned from {script.source.name}" if script.source else "planned"
    Project.create(output, script, planned_of, "wavagent plan")
    if as_json:
        print(dumps(script), end="")
    lines = list(script.lines)
    unsure = sum(line.confidence < UNSURE for line in lines)
    reporter.say(
        f"{output / SCRIPT}: {len(script.scenes)} scenes, {len(script.cast)} in the cast, {len(lines)} lines, "
        f"{unsure} to check (marked in script.md)"
    )
    if hire is not None:
        reporter.say(hire.bill())
    return DEGRADED if made.degraded or left else OK
