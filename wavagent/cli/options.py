"""The options that commands share, and the studio that follows from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

if TYPE_CHECKING:
    from wavagent.event import Event
    from wavagent.studio import Studio

Input = Annotated[Path, typer.Argument(metavar="IN", help="A narrative: .txt, .md, …", show_default=False)]
Output = Annotated[
    Path,
    typer.Option("--output", "-o", metavar="OUT", help="A file, whose suffix is the format, or a project's folder."),
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same story, to the bit.")]
Offline = Annotated[bool, typer.Option("--offline", help="Refuse every network connection.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Profile = Annotated[str, typer.Option(help="The delivery specification to meet: universal, apple, spotify, acx, …")]
Picture = Annotated[
    Path | None, typer.Option("--picture", metavar="SVG|PNG", help="Draw loudness, peaks and chapters over time.")
]
Commercial = Annotated[bool, typer.Option("--commercial", help="Only tools that may be used commercially.")]
FailFast = Annotated[
    bool,
    typer.Option(
        "--fail-fast/--keep-going",
        help="Start nothing more after a failure; or make all else, and leave out sounds and music that failed.",
    ),
]
MaxMinutes = Annotated[
    float | None, typer.Option("--max-minutes", min=0.0, metavar="N", help="The most that making the clips may take.")
]
MaxToolCost = Annotated[
    float | None, typer.Option("--max-cost", min=0.0, metavar="USD", help="The most that the tools may cost.")
]
Takes = Annotated[
    int,
    typer.Option("--takes", min=1, max=99, metavar="N", help="Make all that can differ N times, and take the best."),
]
Prefer = Annotated[
    list[str] | None,
    typer.Option(
        "--prefer",
        envvar="WAVAGENT_PREFER",
        metavar="TOOL",
        help="Take this tool before all others of its task; may be given several times. Tools that cost money, or send "
        "the text to a server, are only chosen so.",
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="ray[://HOST:PORT]",
        help="Where the tools work, if not in this process: Ray on this machine, or a cluster that shares the store.",
    ),
]
StoreUrl = Annotated[
    str,
    typer.Option("--store", envvar="WAVAGENT_STORE", help="Where results are kept: a folder or a URL.", metavar="URL"),
]


class Listens(Protocol):
    """Whoever hears what the studio does."""

    def listen(self, event: "Event") -> None: ...


def studio(
    reporter: Listens,
    *,
    store: str = "",
    seed: int = 0,
    offline: bool = False,
    commercial: bool = False,
    profile: str = "universal",
    takes: int = 1,
    prefer: list[str] | None = None,
    fail_fast: bool = False,
    max_minutes: float | None = None,
    max_cost: float | None = None,
    engine: str = "",
) -> "Studio":
    """The studio for these options. `offline` holds for this whole process from here on."""
    import os

    from wavagent.export import profile_named
    from wavagent.offline import forbid_network
    from wavagent.settings import Settings, default_speeds, default_store
    from wavagent.studio import Studio

    profile_named(profile)  # a name that is none is said before anything is made
    if engine:
        from wavagent.run.cluster.connection import begin

        begin(engine, offline)  # before anything is made, and before the network is shut to Ray as well
    if offline:
        forbid_network()
    settings = Settings(
        store or default_store(),
        seed=seed,
        offline=offline,
        commercial=commercial,
        workers=os.cpu_count() or 1,
        profile=profile,
        speeds=default_speeds(),
        fail_fast=fail_fast,
        max_minutes=max_minutes,
        max_cost=max_cost,
        takes=takes,
        prefer=tuple(os.environ.get("WAVAGENT_PREFER", "").split() if prefer is None else prefer),
        engine=engine,
    )
    return Studio(settings, listen=reporter.listen)
