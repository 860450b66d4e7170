"""`wavagent write`: an idea in, a script of a new story out."""

from pathlib import Path
from typing import Annotated

import typer

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import Json, Quiet, Seed, StoreUrl


def write(
    idea: Annotated[str, typer.Argument(metavar="IDEA", help="What the story is about.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The project's folder.")],
    minutes: Annotated[float, typer.Option(min=0.25, max=600.0, help="How long it lasts, give or take 10 %.")] = 5.0,
    language: Annotated[str, typer.Option(metavar="TAG", help="The language it is told in: en, fr, de, …")] = "en",
    llm: Llm = "",
    max_cost: MaxCost = None,
    price: Prices = "",
    seed: Seed = 0,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Write a new story with a language model, as a project to read, edit and render."""
    from wavagent.cli.model import hired
    from wavagent.cli.options import studio
    from wavagent.cli.plan import keep
    from wavagent.cli.reporter import Reporter

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price)
    if hire is None:
        raise typer.BadParameter("writing needs a language model; name one with --llm MODEL")
    with reporter.watching():
        maker = studio(reporter, store=store, seed=seed)
        made = maker.write(idea, minutes, hire.model, language=language)
        seconds = maker.seconds(made.script)
    reporter.say(f"about {seconds / 60:.1f} minutes; hear it with: wavagent render {output}")
    return keep(made, output, reporter, hire, as_json=as_json)
