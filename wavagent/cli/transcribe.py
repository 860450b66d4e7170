"""`wavagent transcribe`: what is said in a file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from wavagent.cli.options import Json, Offline, Prefer, Quiet, StoreUrl, studio

File = Annotated[Path, typer.Argument(metavar="FILE", help="A sound file of any kind.", show_default=False)]


def transcribe(
    file: File,
    language: Annotated[str, typer.Option(metavar="TAG", help="What is spoken: en, de, … (BCP 47).")] = "en",
    prefer: Prefer = None,
    offline: Offline = False,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Print what is said in a file; with --json, when each word is."""
    from wavagent.cli.reporter import Reporter
    from wavagent.listen import tell

    reporter = Reporter(quiet)
    with reporter.watching(), studio(reporter, store=store, offline=offline, prefer=prefer) as maker:
        told = tell(file, "transcribe", {"language": language}, maker.toolbox, maker.executor)
    text = str(told.data.get("text", ""))
    words = [
        {"start": round(word.start, 3), "end": round(word.end, 3), "word": text[word.first : word.last]}
        for word in told.words
    ]
    print(json.dumps({"text": text, "words": words}, ensure_ascii=False) if as_json else text)
    return 0
