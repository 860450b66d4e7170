"""`wavagent render`: a script in, sound out."""

import time
from pathlib import Path
from typing import Annotated

import typer

from wavagent.cli.options import (
    Commercial,
    Engine,
    FailFast,
    Json,
    MaxMinutes,
    MaxToolCost,
    Offline,
    Output,
    Prefer,
    Profile,
    Quiet,
    StoreUrl,
    Takes,
    studio,
)


def render(
    project: Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project's folder, or a script.json.")],
    output: Output = Path(),
    profile: Profile = "universal",
    offline: Offline = False,
    commercial: Commercial = False,
    takes: Takes = 1,
    prefer: Prefer = None,
    fail_fast: FailFast = False,
    max_minutes: MaxMinutes = None,
    max_cost: MaxToolCost = None,
    engine: Engine = "",
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Render a script, or what of it is not in the store; without -o into its own project."""
    from wavagent.cli.make import deliver
    from wavagent.cli.reporter import Reporter
    from wavagent.project import script_in

    reporter = Reporter(quiet)
    with reporter.watching():
        began = time.perf_counter()
        script, folder = script_in(project)
        maker = studio(
            reporter,
            store=store,
            seed=script.seed,
            offline=offline,
            commercial=commercial,
            profile=profile,
            takes=takes,
            prefer=prefer,
            fail_fast=fail_fast,
            max_minutes=max_minutes,
            max_cost=max_cost,
            engine=engine,
        )
        target = output if output != Path() else folder
        return deliver(maker, script, target, reporter, folder=folder, began=began, as_json=as_json)
