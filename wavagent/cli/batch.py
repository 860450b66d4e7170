"""`wavagent batch`: many narratives in, a project for each out."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.model import Llm, Prices
from wavagent.cli.options import (
    Commercial,
    Engine,
    FailFast,
    Json,
    Offline,
    Profile,
    Quiet,
    Seed,
    StoreUrl,
    Takes,
    studio,
)

if TYPE_CHECKING:
    from wavagent.batch import Order, Outcome
    from wavagent.cli.board import Board
    from wavagent.cli.model import Hired

Given = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES…", help="Narratives, folders of them, and patterns such as '*.txt'."),
]
Folder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Where each narrative gets a project's folder of its own.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=1, max=64, metavar="N", help="Narratives that are on their way at once.")
]
Watched = Annotated[
    Path | None,
    typer.Option("--watch", metavar="FOLDER", help="Go on with what is new or changed in a folder, until Ctrl-C."),
]
Formats = Annotated[
    str, typer.Option("--format", metavar="A,B", help="The files to make of each: mp3,m4b,srt,… (see export).")
]
Minutes = Annotated[
    float | None, typer.Option("--max-minutes", min=0.0, metavar="N", help="The most that all of it may take.")
]
ModelCost = Annotated[
    float | None, typer.Option("--max-cost", min=0.0, metavar="USD", help="The most that the model may cost for all.")
]


def batch(
    output: Folder,
    given: Given = None,
    jobs: Jobs = 2,
    watch: Watched = None,
    formats: Formats = "",
    llm: Llm = "",
    max_cost: ModelCost = None,
    price: Prices = "",
    seed: Seed = 0,
    profile: Profile = "universal",
    offline: Offline = False,
    commercial: Commercial = False,
    takes: Takes = 1,
    fail_fast: FailFast = False,
    max_minutes: Minutes = None,
    engine: Engine = "",
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Make many narratives, each into a folder of its own; what is finished and unchanged is passed over."""
    from wavagent.batch import Batch
    from wavagent.cli.board import Board
    from wavagent.cli.model import hired
    from wavagent.cli.reporter import Reporter

    if not given and watch is None:
        raise typer.BadParameter("nothing to make; name files, folders or patterns, or a folder with --watch")
    if watch is not None and max_minutes is not None:
        raise typer.BadParameter("--watch and --max-minutes exclude each other; a watch lasts until Ctrl-C")
    hire = hired(llm, max_cost, price, offline=offline)
    order = _order(formats, jobs, hire, max_minutes, fail_fast=fail_fast)
    maker = studio(
        Reporter(quiet=True),  # what is told of each narrative comes from the batch
        store=store,
        seed=seed,
        offline=offline,
        commercial=commercial,
        profile=profile,
        takes=takes,
        fail_fast=fail_fast,
        engine=engine,
    )
    board = Board(quiet)
    with board.watching(), Batch(maker, output, order, board.tell) as work:
        work.run(given or ())
        if watch is not None:
            board.say(f"watching '{watch}'; Ctrl-C ends it")
            work.watch(watch)
    board.table(work.outcomes)
    if hire is not None:
        board.say(hire.bill())
    _sum_up(work.outcomes, work.left, board)
    if as_json:
        print(json.dumps(summary(work.outcomes, work.left), ensure_ascii=False))
    return exit_code(work.outcomes, work.left)


def _order(formats: str, jobs: int, hire: "Hired | None", minutes: float | None, *, fail_fast: bool) -> "Order":
    from wavagent.batch import Order
    from wavagent.cli.model import planned
    from wavagent.export import format_for
    from wavagent.project import OUTPUTS

    names = [name.strip().lstrip(".") for name in formats.split(",") if name.strip()]
    suffixes = tuple(dict.fromkeys(f".{name}" for name in names)) or OUTPUTS
    for suffix in suffixes:
        format_for(Path(f"story{suffix}"))  # a name that is no format is said before anything is made
    planner = "rules" if hire is None else hire.model.name
    return Order(suffixes, partial(planned, hire=hire), planner, jobs, minutes, fail_fast)


def _sum_up(outcomes: "Sequence[Outcome]", left: int, board: "Board") -> None:
    counts = _counts(outcomes)
    parts = [f"{number} {state}" for state, number in counts.items()]
    board.say(", ".join([*parts, *([f"{left} not started or stopped"] if left else [])]) or "nothing to make")


def summary(outcomes: "Sequence[Outcome]", left: int) -> dict[str, object]:
    """What became of each, as JSON."""
    files = [one.model_dump(mode="json") for one in outcomes]
    return {"counts": _counts(outcomes), "left": left, "files": files}


def exit_code(outcomes: "Sequence[Outcome]", left: int) -> int:
    """0 when all is well, 1 when all failed, 3 when there is something, but not all that was asked for."""
    from wavagent.cli import DEGRADED, ERROR, OK

    if outcomes and all(one.state == "failed" for one in outcomes):
        return ERROR
    fine = all(one.state in ("done", "skipped") for one in outcomes) and not left
    return OK if fine else DEGRADED


def _counts(outcomes: "Sequence[Outcome]") -> dict[str, int]:
    counts = Counter(one.state for one in outcomes)
    return {state: counts[state] for state in ("done", "degraded", "skipped", "failed") if counts[state]}
