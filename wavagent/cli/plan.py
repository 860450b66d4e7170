"""`wavagent plan`: a narrative in, a script to read and edit out."""

from pathlib import Path
from typing import Annotated

import typer

from wavagent.cli.options import Input, Json, Quiet, Seed


def plan(
    source: Input,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The project's folder.")],
    seed: Seed = 0,
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Write the script of a narrative into a project's folder, and stop there."""
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.project import SCRIPT, save
    from wavagent.script.file import dumps

    reporter = Reporter(quiet)
    with reporter.watching():
        maker = studio(reporter, seed=seed)
        script = maker.plan(maker.read(source))
    save(script, output)
    if as_json:
        print(dumps(script), end="")
    lines = list(script.lines)
    unsure = sum(line.confidence < 0.5 for line in lines)
    reporter.say(
        f"{output / SCRIPT}: {len(script.scenes)} scenes, {len(script.cast)} in the cast, {len(lines)} lines, "
        f"{unsure} to check (marked in script.md)"
    )
    return 0
