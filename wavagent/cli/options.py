"""The options that commands share, and the studio that follows from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wavagent.cli.reporter import Reporter
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
    Path | None, typer.Option("--picture", metavar="SVG", help="Draw loudness, peaks and chapters over time.")
]
Commercial = Annotated[bool, typer.Option("--commercial", help="Only tools that may be used commercially.")]
StoreUrl = Annotated[
    str,
    typer.Option("--store", envvar="WAVAGENT_STORE", help="Where results are kept: a folder or a URL.", metavar="URL"),
]


def studio(
    reporter: "Reporter",
    *,
    store: str = "",
    seed: int = 0,
    offline: bool = False,
    commercial: bool = False,
    profile: str = "universal",
) -> "Studio":
    """The studio for these options. `offline` holds for this whole process from here on."""
    import os

    from wavagent.offline import forbid_network
    from wavagent.settings import Settings, default_store
    from wavagent.studio import Studio

    if offline:
        forbid_network()
    settings = Settings(
        store or default_store(),
        seed=seed,
        offline=offline,
        commercial=commercial,
        workers=os.cpu_count() or 1,
        profile=profile,
    )
    return Studio(settings, listen=reporter.listen)
