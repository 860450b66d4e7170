"""`wavagent caption`: what is heard in a file, or an answer about it."""

import json
from typing import Annotated

import typer

from wavagent.cli.options import Json, Offline, Prefer, Quiet, StoreUrl, studio
from wavagent.cli.transcribe import File


def caption(
    file: File,
    ask: Annotated[
        str, typer.Option("--ask", metavar="QUESTION", help="What you want to know; else what is heard.")
    ] = "",
    prefer: Prefer = None,
    offline: Offline = False,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Print what is heard in a file, or the answer to a question about it."""
    from wavagent.cli.reporter import Reporter
    from wavagent.listen import tell

    reporter = Reporter(quiet)
    with reporter.watching(), studio(reporter, store=store, offline=offline, prefer=prefer) as maker:
        told = tell(file, "caption", {"ask": ask} if ask else {}, maker.toolbox, maker.executor)
    print(json.dumps(dict(told.data), ensure_ascii=False) if as_json else str(told.data.get("text", "")))
    return 0
